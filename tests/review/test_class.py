"""The class at a glance."""

import pytest
from django.urls import reverse

from registry.roles import Role
from review.class_board import Census
from review.decisions import return_for_changes
from review.models import PaperForm
from review.paper_register import mark_paper_form
from staff.accounts import keep_number
from tests.accounts.factories import log_in, registrar_of, staff, teacher_of
from tests.binding.factories import answered_family, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


def page(school_class):
    return reverse("review:class", args=[school_class.school.slug, school_class.pk])


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def teacher(client, school_class):
    return log_in(client, teacher_of(school_class)) and teacher_of_class(school_class)


def teacher_of_class(school_class):
    return school_class.school.users.get(account=school_class.homeroom.account)


def student_of(school_class, **fields):
    return StudentFactory(school=school_class.school, school_class=school_class, **fields)


def test_counts_who_answered_on_paper_and_online(school_class):
    teacher = teacher_of(school_class)
    agreed = sent_application(student_of(school_class)).student
    declined = answered_family(student_of(school_class), answer="declined").student
    student_of(school_class)
    mark_paper_form(student=agreed, answer="decline", by=teacher)
    mark_paper_form(student=declined, answer="decline", by=teacher)

    census = Census.of(school_class)

    assert len(census.rows) == 3
    assert (census.answered, census.papers, census.mismatches) == (2, 2, 1)
    assert [row.student for row in census.waiting] == [agreed]
    assert census.ready == []


def test_page_lists_by_seat_and_leads_to_what_waits(client, teacher, school_class):
    student_of(school_class, seat_number=9, name="九號")
    waiting = sent_application(student_of(school_class, seat_number=3, name="三號"))
    mark_paper_form(student=waiting.student, answer="agree", by=teacher)

    shown = client.get(page(school_class)).content.decode()

    assert shown.index("三號") < shown.index("九號")
    assert "審核下一份（3 號）" in shown


@pytest.mark.parametrize("size", [2, 30])
def test_page_costs_eight_queries_at_most_whatever_the_class(
    client, teacher, school_class, django_assert_max_num_queries, size
):
    for seat in range(1, size + 1):
        person = {"identity_number": make_identity(seat), "email": f"p{seat}@example.com"}
        sent_application(student_of(school_class, seat_number=seat), people={1: person})
    address = page(school_class)

    with django_assert_max_num_queries(8):
        response = client.get(address)

    assert response.status_code == 200


def test_a_class_of_thirty_five_weighs_little(client, teacher, school_class):
    """As it is every day: the teacher's own number is known, and nothing asks for it."""
    keep_number(user=teacher, number=make_identity(999))
    for seat in range(1, 36):
        student = student_of(school_class, seat_number=seat)
        person = {"identity_number": make_identity(seat), "email": f"p{seat}@example.com"}
        if seat < 28:
            sent_application(student, people={1: person})
        elif seat < 32:
            answered_family(student, answer="declined")
        if seat % 2:
            mark_paper_form(student=student, answer="agree" if seat < 28 else "decline", by=teacher)

    drawn = client.get(page(school_class)).content

    assert drawn.count(b'<tr id="seat-') == 35
    assert len(drawn) <= 24_000
    assert drawn.count(b'action="/%b/review/classes' % school_class.school.slug.encode()) == 2  # board and scan


def test_who_declines_wears_no_tick(client, teacher, school_class):
    declined = answered_family(student_of(school_class), answer="declined").student
    mark_paper_form(student=declined, answer="decline", by=teacher)

    drawn = client.get(page(school_class)).content.decode()

    assert '<td class="answered">線上無意參加</td>' in drawn
    assert '<i class="answered">不同意</i>' in drawn
    assert 'class="done"' not in drawn


def test_an_application_handed_back_differs_no_more(client, teacher, school_class):
    application = sent_application(student_of(school_class))
    mark_paper_form(student=application.student, answer="decline", by=teacher)
    assert "紙本與線上不同" in client.get(page(school_class)).content.decode()

    return_for_changes(applicant=application.applicants.get(), reason="請確認", revision=1, by=teacher)

    assert "紙本與線上不同" not in client.get(page(school_class)).content.decode()


def test_teacher_with_one_class_comes_straight_to_it(client, teacher, school_class):
    response = client.get(reverse("review:home", args=[school_class.school.slug]))

    assert response.url == page(school_class)


def test_registrar_chooses_among_all_classes(client, school_class):
    other = SchoolClassFactory(school=school_class.school)
    log_in(client, registrar_of(school_class.school))

    shown = client.get(reverse("review:home", args=[school_class.school.slug])).content.decode()

    assert school_class.name in shown
    assert other.name in shown


def test_a_teacher_without_a_class_is_told_what_to_do(client, school_class):
    log_in(client, staff(school_class.school, Role.HOMEROOM_TEACHER, account="new"))

    shown = client.get(reverse("review:home", args=[school_class.school.slug])).content.decode()

    assert "目前沒有指派給您的班級" in shown


class TestPaperForm:
    def mark(self, client, student, answer):
        address = reverse("review:paper-form-mark", args=[student.school.slug, student.pk])
        return client.post(address, {"answer": answer})

    def test_is_marked_and_taken_back(self, client, teacher, school_class):
        student = student_of(school_class)

        response = self.mark(client, student, "agree")
        marked = PaperForm.objects.get()
        self.mark(client, student, "not_received")

        assert response.url == reverse("review:student", args=[student.school.slug, student.pk])
        assert (marked.answer, marked.marked_by) == ("agree", teacher)
        assert PaperForm.objects.get().answer == "not_received"

    def test_nonsense_marks_nothing(self, client, teacher, school_class):
        self.mark(client, student_of(school_class), "perhaps")

        assert not PaperForm.objects.exists()

    def test_of_another_class_does_not_exist(self, client, teacher, school_class):
        other = student_of(SchoolClassFactory(school=school_class.school))

        assert self.mark(client, other, "agree").status_code == 404
