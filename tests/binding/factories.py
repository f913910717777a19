"""Families at every stage, each reached by walking the real steps."""

from datetime import timedelta

from django.utils import timezone

from binding.actions import application as actions
from binding.actions import confirmation
from binding.actions.consent import answer_consent
from binding.actions.delegation import delegate, givers_of
from binding.actions.evidence import add_evidence
from binding.evidence_intake import HarmlessFile, redraw_pdf
from binding.models import Application, DataConfirmation
from consent.models import ConsentDecision, ConsentText
from notifications.models import Message
from review.decisions import approve
from review.models import PaperForm
from review.paper_register import mark_paper_form
from tests.accounts.factories import family_of
from tests.registry.factories import StudentFactory, make_identity
from tests.support.pdf import small_pdf

Kind = Application.Kind


def applicant_values(position=1, *, kind=Kind.ONE_PARENT, **other):
    """What a parent fills in; each position another person."""
    relationship = "grandmother" if kind == Kind.GUARDIAN else ["father", "mother"][position - 1]
    return {
        "name": ["王大明", "李小華"][position - 1],
        "relationship": relationship,
        "identity_number": make_identity(700 + position),
        "mobile": f"091234567{position}",
        "email": ["bob", "carol"][position - 1] + "@example.com",
        **other,
    }


def confirmed_family(student=None):
    student = student or StudentFactory()
    user = family_of(student)
    seen = confirmation.fingerprint_of(DataConfirmation.facts_of(student))
    confirmation.confirm_data(student=student, seen=seen, by=user)
    return user


def answered_family(student=None, *, answer=ConsentDecision.Answer.AGREED):
    user = confirmed_family(student)
    answer_consent(student=user.student, answer=answer, text=ConsentText.objects.current(), by=user)
    return user


def draft_application(student=None, *, kind=Kind.ONE_PARENT, people=None):
    """A complete draft; `people` overrides values by position."""
    user = answered_family(student)
    application = actions.choose_kind(student=user.student, kind=kind, by=user)
    for position in application.positions:
        values = applicant_values(position, kind=kind, **(people or {}).get(position, {}))
        actions.save_applicant(application=application, position=position, values=values, is_complete=True, by=user)
    if application.needs_evidence:
        paper = HarmlessFile("裁定書.pdf", small_pdf(), "application/pdf")
        add_evidence(application=application, files=[paper], by=user)
    return reload(application)


def sent_application(student=None, *, is_told=False, **options):
    """`is_told`: with 「已收到您的申請」 in the outbox, which tests of what comes afterwards do not count."""
    application = draft_application(student, **options)
    user = application.started_by
    actions.mark_checked(application=application, by=user)
    actions.send(application=application, by=user)
    if not is_told:
        Message.objects.filter(student_id=application.student_id, kind="application-received").delete()
    return reload(application)


def approved_application(teacher, student=None, **options):
    """Sent, on paper too, and approved by `teacher`."""
    application = sent_application(student, **options)
    mark_paper_form(student=application.student, answer=PaperForm.Answer.AGREE, by=teacher)
    for applicant in application.applicants.all():
        approve(applicant=applicant, revision=application.revision, by=teacher)
    return reload(application)


def reload(application):
    return Application.objects.prefetch_related("applicants", "evidence").get(pk=application.pk)


MANDATE = HarmlessFile("委託書.pdf", small_pdf(), "application/pdf")


def redrawn(file):
    """What is kept of an uploaded PDF, and handed out again."""
    return redraw_pdf(file.content, file.name)[0]


def mandate_for(student, *, by, starts=0, ends=30, giver=0, **person):
    """A grandmother takes care of the child from `starts` to `ends`, in days from today."""
    today = timezone.localdate()
    values = {
        "name": "陳阿玉",
        "relationship": "grandmother",
        "identity_number": make_identity(777, gender=2),
        "mobile": "0955555777",
        "email": "granny@example.com",
        **person,
    }
    return delegate(
        student=student,
        giver=givers_of(student)[giver],
        person=values,
        starts_on=today + timedelta(days=starts),
        ends_on=today + timedelta(days=ends),
        document=MANDATE,
        by=by,
    )
