"""申請: begun, filled in, sent and withdrawn by the family. It never ends a binding: `ending` asks it, not the other way."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from audit import log
from binding import mails
from binding.actions.locks import lock_application, lock_family
from binding.email_owners import taken_among
from binding.models import Applicant, Application, Withdrawal
from binding.signals import application_sent
from core.states import InvalidMove
from notifications import outbox
from notifications.models import Message
from registry.models import Student

ASKED_A_DAY = 3  # mails of that kind about one applicant: the address may be a stranger's


class Incomplete(Exception):
    """Something is missing; `parts` as `Application.missing_parts` names them."""

    def __init__(self, parts: list) -> None:
        super().__init__()
        self.parts = parts


class Twice(Exception):
    """Both applicants would have the same `field`: "email" or "identity_number"."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class StillAsked(Exception):
    """People bound are asked whether consent is taken back: nothing new begins meanwhile."""


@transaction.atomic
def choose_kind(*, student: Student, kind: str, by: User) -> Application:
    """Start the family's application, or change the kind of the draft; a sent one stays as it is.

    Raises StillAsked.
    """
    lock_family(student)
    if Withdrawal.objects.open().filter(student=student).exists():
        raise StillAsked
    application = Application.objects.open().filter(student=student).first()
    if application is None:
        application = Application.objects.create(student=student, kind=kind, started_by=by)
        log.record("application.started", by=by, target=application, school=student.school)
    elif application.is_draft and application.kind != kind:
        application.kind = kind
        application.checked_at = None
        application.save(update_fields=["kind", "checked_at"])
        _drop_what_does_not_fit(application)
    return application


def _drop_what_does_not_fit(application: Application) -> None:
    application.applicants.exclude(position__in=application.positions).delete()
    application.applicants.exclude(relationship__in=application.relationships).update(
        relationship="", is_complete=False
    )
    if not application.needs_evidence:
        for evidence in application.evidence.all():
            evidence.delete_with_file()


@transaction.atomic
def save_applicant(*, application: Application, position: int, values: dict, is_complete: bool, by: User) -> Applicant:
    """Write one applicant of a draft, or correct one of a sent application while it is undecided.

    `values` are fields of `Applicant`; `identity_number` is left out to keep the stored one. What is
    corrected after sending is a new revision: a review begun on the old one has to be looked at again.
    """
    application = lock_application(application)
    applicant = application.applicants.filter(position=position).first() or Applicant(
        application=application, position=position
    )
    if application.is_submitted and not (applicant.is_undecided and is_complete):
        raise InvalidMove(applicant.review, "edited")
    changed = sorted(name for name, value in values.items() if getattr_or_blank(applicant, name) != value)
    if set(changed) - set(applicant.open_fields):
        raise InvalidMove(applicant.review, "edited beyond what was handed back")
    for name, value in values.items():
        setattr(applicant, name, value)
    applicant.is_complete = is_complete
    _check_differs_from_the_other(applicant)
    applicant.save()
    note_edit(application)
    if application.is_submitted and {"email", "identity_number"} & set(changed):
        outbox.stop(Message.objects.about(applicant).filter(kind=mails.applicant_email_taken.kind))
        _ask_for_another_address([applicant])
    if applicant.review == Applicant.Review.RETURNED:
        outbox.stop(Message.objects.about(applicant))  # asks for what is done by now
        applicant.decide(Applicant.Review.PENDING, by=by)
        application_sent.send(Application, application=application)
    log.record("applicant.saved", by=by, target=applicant, school=application.student.school, data={"changed": changed})
    return applicant


def _check_differs_from_the_other(applicant: Applicant) -> None:
    """The page compared already; two tabs may have saved since."""
    for other in applicant.application.applicants.exclude(position=applicant.position):
        if applicant.email and applicant.email == other.email:
            raise Twice("email")
        if applicant.identity_fingerprint and applicant.identity_fingerprint == other.identity_fingerprint:
            raise Twice("identity_number")


def getattr_or_blank(applicant: Applicant, name: str) -> Any:
    if name == "identity_number" and not applicant.identity_cipher:
        return ""
    return getattr(applicant, name)


def note_edit(application: Application) -> None:
    """A draft has to be checked again; a sent application gets a new revision."""
    if application.is_draft:
        application.checked_at = None
    elif application.is_submitted:
        application.revision += 1
    else:
        raise InvalidMove(application.status, "edited")
    application.save(update_fields=["checked_at", "revision"])


@transaction.atomic
def mark_checked(*, application: Application, by: User) -> Application:
    """確認送出: the family has checked the answers; what is left is to send."""
    application = lock_application(application)
    if not application.is_draft:
        return application
    if missing := application.missing_parts():
        raise Incomplete(missing)
    application.checked_at = timezone.now()
    application.save(update_fields=["checked_at"])
    log.record("application.checked", by=by, target=application, school=application.student.school)
    return application


@transaction.atomic
def send(*, application: Application, by: User) -> Application:
    """送出申請: hand the application to the homeroom teacher; sending it again changes nothing."""
    application = lock_application(application)
    if application.is_submitted:
        return application
    missing = application.missing_parts()
    if missing or not application.checked_at:
        raise Incomplete(missing)
    language = get_language() or settings.LANGUAGE_CODE
    application.move_to(Application.Status.SUBMITTED, submitted_at=timezone.now(), language=language)
    log.record("application.submitted", by=by, target=application, school=application.student.school)
    application_sent.send(Application, application=application)
    _ask_for_another_address(application.applicants.all())
    return application


def _ask_for_another_address(applicants: Iterable[Applicant]) -> None:
    """Mail whose address is another person's account, as far as that stops the approval; the page says nothing."""
    taken = taken_among(applicants)
    day_ago = timezone.now() - timedelta(days=1)
    for applicant in (one for one in applicants if one.pk in taken):
        if mails.applicant_email_taken.sent_lately(about=applicant, since=day_ago) >= ASKED_A_DAY:
            continue
        mails.applicant_email_taken(applicant)


@transaction.atomic
def withdraw(*, application: Application, by: User | None) -> Application:
    """Take back every applicant who is not decided yet; who is already bound stays bound."""
    application = lock_application(application)
    if application.is_draft:
        application.move_to(Application.Status.WITHDRAWN)
    elif application.is_submitted:
        for applicant in application.applicants.all():
            if applicant.is_undecided:
                outbox.stop(Message.objects.about(applicant))
                applicant.decide(Applicant.Review.WITHDRAWN, by=by)
        application.close_if_decided()
    else:
        raise InvalidMove(application.status, Application.Status.WITHDRAWN)
    log.record("application.withdrawn", by=by, target=application, school=application.student.school)
    return application
