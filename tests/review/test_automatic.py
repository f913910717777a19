"""Approval without a click: only where the school wants it, and only where everything agrees."""

import pytest
from django.utils import timezone

from binding.actions.application import save_applicant
from binding.actions.custody import restrict
from binding.actions.evidence import add_evidence
from binding.evidence_intake import HarmlessFile
from binding.models import Applicant, Binding
from notifications.models import Message
from registry.models import Guardian
from review.automatic import approve_matched
from review.decisions import undo
from review.escalation import escalate
from review.models import ReviewRules
from review.paper_register import mark_paper_form
from review.timeline import timeline_of
from tests.accounts.factories import registrar_of, teacher_of
from tests.binding.factories import Kind, reload, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity
from tests.support.pdf import small_pdf
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    school_class = SchoolClassFactory()
    ReviewRules.objects.create(school=school_class.school, approves_matched=True)
    return school_class


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


@pytest.fixture
def student(school_class):
    return on_record(StudentFactory(school=school_class.school, school_class=school_class))


def on_record(student, name="王大明", n=701):
    guardian = Guardian(student=student, position=1, name=name)
    guardian.identity_number = make_identity(n)
    guardian.save()
    return student


def review_of(application):
    return reload(application).applicant_at(1).review


def test_everything_agrees_and_nobody_clicks(student, teacher):
    application = sent_application(student)
    assert approve_matched(student) == []

    mark_paper_form(student=student, answer="agree", by=teacher)
    approve_matched(student)

    applicant = reload(application).applicant_at(1)
    assert (applicant.review, applicant.is_automatic, applicant.decided_by) == ("approved", True, None)
    assert Binding.objects.active().get().student == student
    assert Message.objects.get().kind == "account-opened"
    assert "自動" in timeline_of(reload(application))[1].detail + timeline_of(reload(application))[0].detail


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("paper_first", [True, False])
def test_the_worker_does_it_whichever_came_first(paper_first):
    school_class = SchoolClassFactory()
    ReviewRules.objects.create(school=school_class.school, approves_matched=True)
    student = on_record(StudentFactory(school=school_class.school, school_class=school_class))
    teacher = teacher_of(school_class)
    if paper_first:
        mark_paper_form(student=student, answer="agree", by=teacher)
    application = sent_application(student)
    if not paper_first:
        mark_paper_form(student=student, answer="agree", by=teacher)
    assert review_of(application) == Applicant.Review.PENDING

    do_waiting_tasks()

    assert review_of(application) == Applicant.Review.APPROVED


def test_not_unless_the_school_wants_it(student, teacher):
    ReviewRules.objects.update(approves_matched=False)
    application = sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)

    assert approve_matched(student) == []
    assert review_of(application) == Applicant.Review.PENDING


@pytest.mark.parametrize("paper", ["decline", "not_received"])
def test_not_without_an_agreeing_paper(student, teacher, paper):
    sent_application(student)
    mark_paper_form(student=student, answer=paper, by=teacher)

    assert approve_matched(student) == []


@pytest.mark.parametrize(("name", "n"), [("王小明", 701), ("王大明", 55)])
def test_not_who_differs_from_the_record(school_class, teacher, name, n):
    student = on_record(StudentFactory(school=school_class.school, school_class=school_class), name=name, n=n)
    sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)

    assert approve_matched(student) == []


def test_not_what_is_unusual(student, teacher):
    application = sent_application(student, kind=Kind.GUARDIAN)
    mark_paper_form(student=student, answer="agree", by=teacher)

    assert approve_matched(student) == []
    assert review_of(application) == Applicant.Review.PENDING


def test_not_with_evidence(student, teacher):
    application = sent_application(student)
    paper = HarmlessFile("裁定書.pdf", small_pdf(), "application/pdf")
    add_evidence(application=application, files=[paper], by=application.started_by)
    mark_paper_form(student=student, answer="agree", by=teacher)

    assert approve_matched(student) == []


def test_not_what_was_handed_over(student, teacher):
    application = sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)
    escalate(application=application, why="own_family", by=teacher)

    assert approve_matched(student) == []


def test_of_two_parents_the_one_on_record(student, teacher):
    application = sent_application(student, kind=Kind.TWO_PARENTS)
    mark_paper_form(student=student, answer="agree", by=teacher)

    approve_matched(student)

    assert [one.review for one in reload(application).applicants.all()] == ["approved", "pending"]


def test_what_a_person_took_back_waits_for_a_person(student, teacher):
    application = sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)
    approve_matched(student)

    undo(applicant=application.applicants.get(), by=teacher)
    mark_paper_form(student=student, answer="not_received", by=teacher)
    mark_paper_form(student=student, answer="agree", by=teacher)

    assert approve_matched(student) == []
    save_applicant(
        application=application, position=1, values={"mobile": "0987654321"}, is_complete=True,
        by=application.started_by,
    )  # fmt: skip
    assert approve_matched(student) == []


def test_twice_is_once(student, teacher):
    sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)

    assert [len(approve_matched(student)) for _run in range(2)] == [1, 0]
    assert Message.objects.count() == 1


def test_not_under_a_restriction_of_custody(student, teacher):
    sent_application(student)
    mark_paper_form(student=student, answer="agree", by=teacher)
    today = timezone.localdate()
    document = HarmlessFile("裁定書.pdf", small_pdf(), "application/pdf")
    restrict(
        student=student, document=document, document_on=today, starts_on=today, until=None, note="",
        by=registrar_of(student.school),
    )  # fmt: skip

    assert approve_matched(student) == []
