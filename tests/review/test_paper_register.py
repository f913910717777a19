"""The pile of paper forms: ticked, scanned, taken back."""

import pytest
from django.urls import reverse

from audit.models import Event
from registry.paper_forms.codes import code_for
from review.models import PaperForm
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import answered_family
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def students(school_class):
    return [
        StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat) for seat in (1, 2, 3)
    ]


@pytest.fixture
def teacher(client, school_class):
    user = teacher_of(school_class)
    log_in(client, user)
    return user


def send(client, school_class, name, **typed):
    place = reverse(f"review:paper-forms-{name}", args=[school_class.school.slug, school_class.pk])
    return client.post(place, typed, follow=True).content.decode()


def answers():
    return dict(PaperForm.objects.values_list("student__seat_number", "answer"))


def test_many_are_registered_at_once(client, school_class, students, teacher):
    page = send(client, school_class, "mark", answer="agree", students=[one.pk for one in students[:2]])

    assert "已登記 2 位" in page
    assert answers() == {1: "agree", 2: "agree"}


def test_and_taken_back_to_what_stood_before(client, school_class, students, teacher):
    mark_paper_form(student=students[0], answer="not_received", by=teacher)
    send(client, school_class, "mark", answer="agree", students=[one.pk for one in students])

    page = send(client, school_class, "undo")
    again = send(client, school_class, "undo")

    assert "已復原剛才的登記" in page
    assert "沒有可以復原的登記" in again
    assert answers() == {1: "not_received"}


class TestTheOtherAnswerStandsAlready:
    """「其中 2 位原來是不同意，要改嗎」"""

    @pytest.fixture
    def colleague(self, school_class):
        return registrar_of(school_class.school)

    @pytest.fixture
    def declined(self, students, colleague):
        for student in students[:2]:
            mark_paper_form(student=student, answer="decline", by=colleague, is_whole_answer=True)
        return list(PaperForm.objects.values())

    def bulk(self, client, school_class, students, answer="agree"):
        return send(client, school_class, "mark", answer=answer, students=[one.pk for one in students])

    def change(self, client, school_class, *students, seen="decline", answer="agree"):
        keys = [f"{one.pk}:{seen}" for one in students]
        return send(client, school_class, "differ", answer=answer, keys=keys)

    def test_a_press_for_all_keeps_it_and_asks(self, client, school_class, students, teacher, declined):
        page = self.bulk(client, school_class, students)

        assert "已登記 1 位：已收，同意" in page
        assert "其中 2 位原來是不同意，要改嗎？" in page
        assert [f'value="{one.pk}:decline"' in page for one in students] == [True, True, False]
        assert answers() == {1: "decline", 2: "decline", 3: "agree"}
        assert list(PaperForm.objects.filter(answer="decline").values()) == declined

    def test_only_who_is_ticked_there_is_changed(self, client, school_class, students, teacher, declined):
        self.bulk(client, school_class, students)

        self.change(client, school_class, students[0])

        assert answers() == {1: "agree", 2: "decline", 3: "agree"}

    def test_nobody_ticked_changes_nobody(self, client, school_class, students, teacher, declined):
        self.change(client, school_class)

        assert list(PaperForm.objects.values()) == declined

    def test_the_other_way_round(self, client, school_class, students, teacher):
        mark_paper_form(student=students[0], answer="agree", by=teacher)

        page = self.bulk(client, school_class, students, answer="decline")

        assert "其中 1 位原來是同意，要改嗎？" in page
        assert answers() == {1: "agree", 2: "decline", 3: "decline"}

    def test_undo_puts_back_answer_flag_who_and_when(self, client, school_class, students, teacher, declined):
        self.bulk(client, school_class, students)
        self.change(client, school_class, *students[:2])
        assert set(answers().values()) == {"agree"}

        send(client, school_class, "undo")

        assert list(PaperForm.objects.values()) == declined

    def test_the_same_answer_again_keeps_that_paper_is_the_answer(
        self, client, school_class, students, teacher, declined
    ):
        page = self.bulk(client, school_class, students, answer="decline")
        assert "已登記 1 位" in page
        assert "2 位先前已經登記：已收，不同意" in page
        assert list(PaperForm.objects.exclude(student=students[2]).values()) == declined

        send(client, school_class, "undo")

        assert list(PaperForm.objects.values()) == declined

    def test_a_family_without_a_device_stays_one_when_its_answer_is_changed(
        self, client, school_class, students, teacher, declined
    ):
        self.change(client, school_class, students[0])

        changed = PaperForm.objects.get(student=students[0])
        assert (changed.answer, changed.is_whole_answer, changed.marked_by) == ("agree", True, teacher)

    def test_what_was_confirmed_on_an_old_page_changes_nothing(self, client, school_class, students, teacher):
        mark_paper_form(student=students[0], answer="agree", by=teacher)

        page = self.change(client, school_class, students[0], seen="agree", answer="decline")
        assert answers() == {1: "decline"}
        again = self.change(client, school_class, students[0], seen="agree", answer="agree")

        assert "已登記 1 位" in page
        assert "先前已經登記" not in again
        assert answers() == {1: "decline"}

    def test_undo_leaves_what_a_colleague_registered_since(self, client, school_class, students, teacher, colleague):
        self.bulk(client, school_class, students[:2])
        mark_paper_form(student=students[0], answer="decline", by=colleague)

        page = send(client, school_class, "undo")

        assert "1 位之後又有人登記，沒有復原" in page
        assert answers() == {1: "decline"}

    def test_a_page_asked_for_with_nothing_to_ask_is_the_board(self, client, school_class, students, teacher):
        place = reverse("review:paper-forms-differ", args=[school_class.school.slug, school_class.pk])
        for query in ({}, {"answer": "agree"}, {"answer": "agree", "students": f"{students[0].pk}"},
                      {"answer": "x", "students": "1"}, {"answer": "agree", "students": "1;2"}):  # fmt: skip
            assert client.get(place, query).url == reverse(
                "review:class", args=[school_class.school.slug, school_class.pk]
            )

    def test_nobody_of_another_class_is_asked_about_or_changed(self, client, school_class, students, teacher):
        stranger = StudentFactory(school=school_class.school)
        mark_paper_form(student=stranger, answer="decline", by=teacher)
        place = reverse("review:paper-forms-differ", args=[school_class.school.slug, school_class.pk])

        assert client.get(place, {"answer": "agree", "students": stranger.pk}).status_code == 302
        self.change(client, school_class, stranger)

        assert PaperForm.objects.get().answer == "decline"

    def test_a_code_scanned_before_with_the_other_answer_asks(self, client, school_class, students, teacher):
        code = code_for(students[0])
        send(client, school_class, "scan", answer="agree", code=code)

        page = send(client, school_class, "scan", answer="decline", code=code)
        panel = page.partition('<details id="scan" open>')[2].partition("</details>")[0]

        assert "先前登記的是「已收，同意」，還沒有更改" in panel
        assert f'value="{students[0].pk}:agree"' in panel
        assert answers() == {1: "agree"}
        self.change(client, school_class, students[0], seen="agree", answer="decline")
        assert answers() == {1: "decline"}

    def test_one_press_on_an_old_page_is_told_and_changes_nothing(
        self, client, school_class, students, teacher, colleague
    ):
        mark_paper_form(student=students[0], answer="decline", by=colleague)
        board = reverse("review:paper-form-mark", args=[school_class.school.slug, students[0].pk])
        code = reverse("review:paper-form", args=[school_class.school.slug, code_for(students[0])])

        for place in (board, code):
            page = client.post(place, {"answer": "agree", "seen": "not_received"}, follow=True)
            assert "剛才有人登記了，所以沒有更改" in page.content.decode()

        assert answers() == {1: "decline"}

    def test_every_page_says_what_it_showed(self, client, school_class, students, teacher):
        mark_paper_form(student=students[0], answer="decline", by=teacher)
        own = reverse("review:student", args=[school_class.school.slug, students[0].pk])
        code = reverse("review:paper-form", args=[school_class.school.slug, code_for(students[0])])

        for place in (own, code):
            assert '<input type="hidden" name="seen" value="decline">' in client.get(place).content.decode()

    def test_only_who_has_none_yet_is_ticked_with_all(self, client, school_class, students, teacher, declined):
        board = reverse("review:class", args=[school_class.school.slug, school_class.pk])

        page = client.get(board).content.decode()
        registered = client.get(board, {"show": "nobody"})

        assert 'data-of="tr:has(button + button)"' in page
        assert page.count('<button name="agree"') == 3  # of who declined the other half, of the third both
        assert "全選未登記" in registered.content.decode()
        mark_paper_form(student=students[2], answer="agree", by=teacher)
        assert "data-check-all" not in client.get(board).content.decode()


def test_a_press_of_no_button_registers_nothing_and_says_so(client, school_class, students, teacher):
    page = send(client, school_class, "mark", students=[students[0].pk])

    assert "請按「已收（同意）」「已收（不同意）」" in page
    assert answers() == {}


def test_after_five_minutes_it_stays(client, school_class, students, teacher, monkeypatch):
    send(client, school_class, "mark", answer="agree", students=[students[0].pk])
    import time

    later = time.time() + 301
    monkeypatch.setattr("review.paper_undo.time.time", lambda: later)

    assert "沒有可以復原的登記" in send(client, school_class, "undo")
    assert answers() == {1: "agree"}


@pytest.mark.parametrize("typed", [{}, {"answer": "agree"}, {"answer": "x", "students": ["999999"]}])
def test_nobody_ticked_is_said(client, school_class, students, teacher, typed):
    assert "請先勾選學生" in send(client, school_class, "mark", **typed)
    assert answers() == {}


def test_students_of_another_class_are_not_registered(client, school_class, students, teacher):
    stranger = StudentFactory()

    send(client, school_class, "mark", answer="agree", students=[stranger.pk])

    assert answers() == {}


@pytest.mark.parametrize("shape", ["{code}", "{lower}", "https://example.com/x/review/paper/{code}/"])
def test_a_scanned_code_registers_and_waits_for_the_next(client, school_class, students, teacher, shape):
    code = code_for(students[1])

    page = send(client, school_class, "scan", answer="decline", code=shape.format(code=code, lower=code.lower()))

    assert "301 班 2 號" in page
    assert answers() == {2: "decline"}
    assert 'value="decline" id="id_answer_1" required checked' in page or 'value="decline"' in page


def test_the_same_code_again_says_so_and_changes_nothing(client, school_class, students, teacher):
    for _twice in range(2):
        page = send(client, school_class, "scan", answer="agree", code=code_for(students[0]))

    assert "先前已登記" in page
    assert Event.objects.filter(event="paper_form.marked").count() == 1


@pytest.mark.parametrize("code", ["", "XXXX-XXXX-XXXX", "<b>", "\0"])
def test_an_unknown_code_registers_nothing(client, school_class, students, teacher, code):
    send(client, school_class, "scan", answer="agree", code=code)

    assert answers() == {}


@pytest.mark.parametrize("wrong", [True, False])
def test_what_came_of_a_code_is_told_beside_the_field_that_waits(client, school_class, students, teacher, wrong):
    page = send(client, school_class, "scan", answer="agree", code="" if wrong else code_for(students[0]))
    panel = page.partition('<details id="scan" open>')[2].partition("</details>")[0]

    assert ("沒有讀到回收碼或座號" if wrong else "301 班 1 號") in panel
    assert "autofocus" in panel
    board = reverse("review:class", args=[school_class.school.slug, school_class.pk])
    assert "autofocus" not in client.get(board).content.decode()


def test_who_answered_otherwise_online_is_counted(client, school_class, students, teacher):
    for seat, answer in ((11, "declined"), (12, "agreed")):
        student = StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat)
        answered_family(student, answer=answer)
        students.append(student)

    page = send(client, school_class, "mark", answer="agree", students=[one.pk for one in students])

    assert "已登記 5 位" in page
    assert "其中 1 位的紙本和線上意願不同" in page


def test_a_form_of_another_class_is_not_ours(client, school_class, students, teacher):
    other = StudentFactory(school=school_class.school)

    page = send(client, school_class, "scan", answer="agree", code=code_for(other))

    assert "不是您班上的申請書" in page
    assert answers() == {}


@pytest.mark.parametrize(
    ("show", "seats"),
    [("no-paper", [2, 3]), ("unanswered", [1, 2, 3]), ("waiting", []), ("nonsense", [1, 2, 3]), ("", [1, 2, 3])],
)
def test_the_board_is_narrowed_by_links(client, school_class, students, teacher, show, seats):
    mark_paper_form(student=students[0], answer="agree", by=teacher)
    place = reverse("review:class", args=[school_class.school.slug, school_class.pk])

    page = client.get(place, {"show": show}).content.decode()

    assert [seat for seat in (1, 2, 3) if f'id="seat-{seat}"' in page] == seats


class TestTheOwnButtonOfARow:
    def press(self, client, school_class, student, answer, **typed):
        place = reverse("review:paper-forms-mark", args=[school_class.school.slug, school_class.pk])
        return client.post(place, {answer: student.pk, **typed})

    def test_registers_this_one_and_leads_back_to_the_row(self, client, school_class, students, teacher):
        board = reverse("review:class", args=[school_class.school.slug, school_class.pk])
        response = self.press(
            client, school_class, students[1], "agree", students=[students[0].pk], back=f"{board}?show=no-paper"
        )

        assert response.url == f"{board}?show=no-paper#seat-2"
        assert answers() == {2: "agree"}

    def test_is_taken_back_as_a_pile_is(self, client, school_class, students, teacher):
        self.press(client, school_class, students[1], "agree")

        send(client, school_class, "undo")

        assert answers() == {}

    def test_the_other_half_asks_before_it_changes(self, client, school_class, students, teacher):
        self.press(client, school_class, students[1], "agree")

        response = self.press(client, school_class, students[1], "decline")

        assert "其中 1 位原來是同意" in client.get(response.url).content.decode()
        assert answers() == {2: "agree"}

    def test_a_second_press_changes_nothing(self, client, school_class, students, teacher):
        for _twice in range(2):
            self.press(client, school_class, students[1], "agree")

        assert Event.objects.filter(event="paper_form.marked").count() == 1

    def test_of_another_class_is_nobody(self, client, school_class, students, teacher):
        self.press(client, school_class, StudentFactory(school=school_class.school), "agree")

        assert answers() == {}


class TestPaperAsTheWholeAnswer:
    """以紙本意願為準, for many families at once"""

    def take(self, client, school_class, students):
        return send(client, school_class, "mark", answer="whole", students=[one.pk for one in students])

    def test_is_said_of_those_whose_form_came_and_who_did_not_answer_online(
        self, client, school_class, students, teacher
    ):
        online = answered_family(
            StudentFactory(school=school_class.school, school_class=school_class, seat_number=4), answer="declined"
        ).student
        for student in (students[0], students[1], online):
            mark_paper_form(student=student, answer="decline", by=teacher)

        page = self.take(client, school_class, [*students, online])

        assert "2 位以紙本意願為準" in page
        assert f"3 {students[2].name}、4 {online.name}" in page
        assert list(PaperForm.objects.filter(is_whole_answer=True).values_list("answer", flat=True)) == ["decline"] * 2

    def test_twice_is_said_once_and_taken_back_whole(self, client, school_class, students, teacher):
        mark_paper_form(student=students[0], answer="agree", by=teacher)
        before = list(PaperForm.objects.values())
        self.take(client, school_class, students[:1])

        assert "1 位先前已是以紙本為準" in self.take(client, school_class, students[:1])
        mark_paper_form(student=students[0], answer="agree", by=teacher)
        self.take(client, school_class, students[:1])
        send(client, school_class, "undo")

        assert list(PaperForm.objects.values("answer", "is_whole_answer")) == [
            {"answer": one["answer"], "is_whole_answer": one["is_whole_answer"]} for one in before
        ]
