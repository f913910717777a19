"""Who did what for a class, on one page: forms, decisions, notes and reminders, and of no other class."""

import pytest
from django.urls import reverse

from binding.models import Application
from review.decisions import approve, return_for_changes
from review.escalation import escalate
from review.notes import write_note
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


def sent(school_class, seat):
    student = StudentFactory(
        school=school_class.school, school_class=school_class, seat_number=seat, name=f"{seat}號生"
    )
    person = {"identity_number": make_identity(seat), "email": f"p{seat}@example.com"}
    return sent_application(student, people={1: person})


def look(client, school_class, **asked):
    return client.get(reverse("review:class-log", args=[school_class.school.slug, school_class.pk]), asked)


def lines(response):
    log = response.context["log"]
    rows = response.context["listing"].shown
    return [(log.student_of(one).seat_number, log.words_of(one), log.detail_of(one)) for one in rows]


@pytest.fixture
def deeds(school_class, teacher):
    """The first family is approved, the second one's is left to the registrar, the third has a note."""
    first, second, third = (sent(school_class, seat) for seat in (1, 2, 3))
    mark_paper_form(student=first.student, answer="agree", by=teacher)
    revision = Application.objects.get(pk=first.pk).revision
    approve(applicant=first.applicants.get(), revision=revision, by=teacher)
    escalate(application=second, why="other", note="鄰居", by=teacher)
    write_note(student=third.student, text="祕密的備註", by=registrar_of(school_class.school))


def test_says_who_did_what_the_last_first(client, school_class, teacher, deeds):
    log_in(client, teacher)

    response = look(client, school_class)

    told = [(seat, words) for seat, words, _detail in lines(response)]
    assert told == [(3, "寫備註"), (2, "轉請註冊組審核"), (1, "核可"), (1, "登記申請書")]
    page = response.content.decode()
    assert "祕密的備註" not in page
    assert teacher.display_name in page
    assert "已收，同意" in page


def test_is_narrowed_by_kind(client, school_class, teacher, deeds):
    log_in(client, teacher)

    assert [words for _seat, words, _detail in lines(look(client, school_class, group="paper"))] == ["登記申請書"]
    assert len(lines(look(client, school_class, group="decisions"))) == 2
    assert "沒有符合的" not in look(client, school_class).content.decode()


def test_a_reason_is_told(client, school_class, teacher):
    application = sent(school_class, 4)
    applicant = application.applicants.get()
    revision = application.revision
    return_for_changes(applicant=applicant, revision=revision, reason="手機和申請書不同", fields=["mobile"], by=teacher)
    log_in(client, teacher)

    assert lines(look(client, school_class))[0][1] == "退回修正"
    assert "手機和申請書不同" in lines(look(client, school_class))[0][2]


def test_of_another_class_nothing_is_told(client, school_class, teacher, deeds):
    other = SchoolClassFactory(school=school_class.school, name="302")
    log_in(client, registrar_of(school_class.school))

    assert lines(look(client, other)) == []
    log_in(client, teacher)
    assert look(client, other).status_code == 404


def test_the_board_leads_there(client, school_class, teacher):
    sent(school_class, 1)
    log_in(client, teacher)

    board = client.get(reverse("review:class", args=[school_class.school.slug, school_class.pk])).content.decode()

    assert reverse("review:class-log", args=[school_class.school.slug, school_class.pk]) in board


def test_costs_the_same_for_a_full_class(client, school_class, teacher, django_assert_max_num_queries):
    for seat in range(1, 20):
        mark_paper_form(student=sent(school_class, seat).student, answer="agree", by=teacher)
    log_in(client, teacher)
    look(client, school_class)

    with django_assert_max_num_queries(8):
        look(client, school_class)
