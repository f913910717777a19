"""Seats typed beside the barcode."""

import pytest
from django.urls import reverse

from registry.paper_forms.codes import code_for, in_groups
from review.models import PaperForm
from review.paper_register import mark_paper_form
from review.seats import Unreadable, are_seats, read_seats
from tests.accounts.factories import log_in, teacher_of
from tests.registry.factories import SchoolClassFactory, StudentFactory


@pytest.mark.parametrize(
    ("typed", "seats"),
    [
        ("3 5 8 12", [3, 5, 8, 12]),
        ("3、5，8,12", [3, 5, 8, 12]),
        ("３　５　１２", [3, 5, 12]),
        ("3-8", [3, 4, 5, 6, 7, 8]),
        ("３～５", [3, 4, 5]),
        ("3 - 5 9", [3, 4, 5, 9]),
        ("3到5號", [3, 4, 5]),
        ("1號 2號", [1, 2]),
        ("5 5 3-5", [5, 3, 4]),
        ("01", [1]),
    ],
)
def test_seats_are_read_as_people_type_them(typed, seats):
    assert are_seats(typed)
    assert read_seats(typed) == seats


@pytest.mark.parametrize(
    ("typed", "word"), [("3 0", "0"), ("8-3", "8-3"), ("3-", "3-"), ("100", "100"), ("0-4", "0-4")]
)
def test_what_is_no_seat_is_named(typed, word):
    with pytest.raises(Unreadable) as told:
        read_seats(typed)

    assert told.value.word == word


@pytest.mark.django_db
def test_a_code_is_never_taken_for_seats():
    student = StudentFactory()

    assert not are_seats(code_for(student))
    assert not are_seats(in_groups("000112345678"))
    assert not are_seats("000112345678")
    assert not are_seats("")
    assert not are_seats("----")


@pytest.mark.django_db
class TestTyped:
    @pytest.fixture
    def school_class(self):
        return SchoolClassFactory(name="301")

    @pytest.fixture(autouse=True)
    def students(self, school_class):
        return [
            StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat, name=name)
            for seat, name in ((1, "甲一"), (2, "乙二"), (3, "丙三"))
        ]

    @pytest.fixture(autouse=True)
    def teacher(self, client, school_class):
        user = teacher_of(school_class)
        log_in(client, user)
        return user

    def type(self, client, school_class, typed, answer="agree"):
        place = reverse("review:paper-forms-scan", args=[school_class.school.slug, school_class.pk])
        return client.post(place, {"code": typed, "answer": answer}, follow=True).content.decode()

    def answers(self):
        return dict(PaperForm.objects.values_list("student__seat_number", "answer"))

    def test_all_of_them_are_registered_and_named(self, client, school_class):
        page = self.type(client, school_class, "1 ３")

        assert "已登記「已收，同意」：1 甲一、3 丙三" in page
        assert self.answers() == {1: "agree", 3: "agree"}

    def test_seats_that_nobody_has_are_said(self, client, school_class):
        page = self.type(client, school_class, "1-5")

        assert "沒有這些座號，沒有登記：4、5" in page
        assert self.answers() == {1: "agree", 2: "agree", 3: "agree"}

    def test_who_was_registered_before_is_said_and_nothing_is_overwritten(
        self, client, school_class, students, teacher
    ):
        mark_paper_form(student=students[0], answer="decline", by=teacher)
        mark_paper_form(student=students[1], answer="agree", by=teacher)
        mark_paper_form(student=students[2], answer="decline", by=teacher)

        page = self.type(client, school_class, "1-3")

        assert "先前已登記「已收，同意」：2 乙二" in page
        assert "先前登記的是另一個意願，沒有更改：1 甲一、3 丙三" in page
        assert f"students={students[0].pk},{students[2].pk}" in page
        assert self.answers() == {1: "decline", 2: "agree", 3: "decline"}

    def test_of_one_the_change_is_one_press_away(self, client, school_class, students, teacher):
        mark_paper_form(student=students[0], answer="decline", by=teacher)

        page = self.type(client, school_class, "1")

        assert f'name="keys" value="{students[0].pk}:decline"' in page
        assert "改為同意" in page

    def test_what_cannot_be_read_is_kept_and_registers_nothing(self, client, school_class):
        page = self.type(client, school_class, "1 8-3")

        assert "「8-3」不是座號，都還沒有登記" in page
        assert 'value="1 8-3"' in page
        assert self.answers() == {}

    @pytest.mark.parametrize("typed", ["三號", "甲一", "ABC"])
    def test_what_is_neither_code_nor_seat_is_said_and_kept(self, client, school_class, typed):
        page = self.type(client, school_class, typed)

        assert f"「{typed}」不是回收碼，也不是座號，沒有登記" in page
        assert f'value="{typed}"' in page

    def test_a_code_of_another_class_is_said_to_be_that(self, client, school_class):
        assert "這個回收碼不是您班上的申請書" in self.type(client, school_class, code_for(StudentFactory()))

    def test_a_student_who_left_has_no_seat_here(self, client, school_class, students):
        students[0].status = "left"
        students[0].save(update_fields=["status"])

        assert "沒有這些座號，沒有登記：1" in self.type(client, school_class, "1")

    def test_what_was_registered_is_taken_back_with_one_press(self, client, school_class):
        self.type(client, school_class, "1 2")
        undo = reverse("review:paper-forms-undo", args=[school_class.school.slug, school_class.pk])

        client.post(undo)

        assert self.answers() == {}
