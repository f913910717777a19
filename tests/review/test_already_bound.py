"""Somebody bound to the child already is approved again: it is recorded and mailed, and can be taken back."""

import pytest

from audit.models import Event
from binding.actions import application as applying
from binding.models import Applicant, Binding
from notifications.models import Message
from review.decisions import approve, undo
from review.last_decision import last_decision_of
from tests.accounts.factories import teacher_of
from tests.binding.factories import Kind, applicant_values, approved_application
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(student):
    return teacher_of(student.school_class)


@pytest.fixture
def again(student, teacher):
    """Bob is bound; the family applies anew, for Carol and for him, with another address of his."""
    family = approved_application(teacher, student).started_by
    application = applying.choose_kind(student=student, kind=Kind.TWO_PARENTS, by=family)
    for position in (1, 2):
        values = applicant_values(position)
        if position == 1:
            values["email"] = "bob.at.work@example.com"
        applying.save_applicant(application=application, position=position, values=values, is_complete=True, by=family)
    applying.mark_checked(application=application, by=family)
    applying.send(application=application, by=family)
    Message.objects.all().delete()
    return application.applicants.get(position=1)


def approve_again(applicant, teacher):
    return approve(applicant=applicant, revision=applicant.application.revision, by=teacher)


def test_mails_the_person_and_records_it(again, teacher):
    approve_again(again, teacher)

    mail = Message.objects.get()
    assert (mail.kind, mail.to) == ("already-bound", "bob@example.com")
    assert "沒有改變" in mail.subject
    assert Event.objects.filter(event="binding.confirmed").count() == 1
    assert Binding.objects.count() == 1


def test_taken_back_the_mail_does_not_go_out_and_the_binding_stays(again, teacher):
    approve_again(again, teacher)
    assert last_decision_of(teacher) == again

    undo(applicant=again, by=teacher)

    again.refresh_from_db()
    assert again.review == Applicant.Review.PENDING
    assert Message.objects.get().state == Message.State.STOPPED
    assert Binding.objects.active().count() == 1


def test_taken_back_and_approved_once_more_it_mails_again(again, teacher):
    approve_again(again, teacher)
    undo(applicant=again, by=teacher)

    again.refresh_from_db()
    approve_again(again, teacher)

    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued", "stopped"]
