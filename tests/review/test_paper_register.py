"""The pile of paper forms: ticked, scanned, taken back."""

import pytest
from django.urls import reverse

from audit.models import Event
from registry.paper_forms.codes import code_for
from review.models import PaperForm
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import answered_family
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def students(school_class):
    return [
        StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat)
        for seat in (1, 2, 3)
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
    mark_paper_form(student=students[0], answer="decline", by=teacher)
    send(client, school_class, "mark", answer="agree", students=[one.pk for one in students])

    page = send(client, school_class, "undo")
    again = send(client, school_class, "undo")

    assert "已復原剛才的登記" in page
    assert "沒有可以復原的登記" in again
    assert answers() == {1: "decline", 2: "not_received", 3: "not_received"}


def test_after_five_minutes_it_stays(client, school_class, students, teacher, monkeypatch):
    send(client, school_class, "mark", answer="agree", students=[students[0].pk])
    import time

    later = time.time() + 301
    monkeypatch.setattr("review.views.undo.time.time", lambda: later)

    assert "沒有可以復原的登記" in send(client, school_class, "undo")
    assert answers() == {1: "agree"}


@pytest.mark.parametrize("typed", [{}, {"answer": "agree"}, {"answer": "x", "students": ["1"]}])
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

    page = send(
        client, school_class, "scan", answer="decline", code=shape.format(code=code, lower=code.lower())
    )

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
def test_what_came_of_a_code_is_told_beside_the_field_that_waits(
    client, school_class, students, teacher, wrong
):
    page = send(client, school_class, "scan", answer="agree", code="" if wrong else code_for(students[0]))
    panel = page.partition('<details id="scan" open>')[2].partition("</details>")[0]

    assert ("沒有讀到回收碼" if wrong else "301 班 1 號") in panel
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
    assert "其中 1 位的紙本和線上作答不同" in page


def test_a_form_of_another_class_is_not_ours(client, school_class, students, teacher):
    other = StudentFactory(school=school_class.school)

    page = send(client, school_class, "scan", answer="agree", code=code_for(other))

    assert "不是您班上的申請書" in page
    assert answers() == {}


@pytest.mark.parametrize(
    ("show", "seats"),
    [
        ("no-paper", [2, 3]),
        ("unanswered", [1, 2, 3]),
        ("waiting", []),
        ("nonsense", [1, 2, 3]),
        ("", [1, 2, 3]),
    ],
)
def test_the_board_is_narrowed_by_links(client, school_class, students, teacher, show, seats):
    mark_paper_form(student=students[0], answer="agree", by=teacher)
    place = reverse("review:class", args=[school_class.school.slug, school_class.pk])

    page = client.get(place, {"show": show}).content.decode()

    assert [seat for seat in (1, 2, 3) if f'id="seat-{seat}"' in page] == seats
