"""申請: begun, filled in, sent and withdrawn by the family. It never ends a binding: `ending` asks it, not the other way."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from audit import log
from binding import mails
from binding.actions.address import tell_received
from binding.actions.locks import lock_application, lock_family
from binding.email_owners import taken_among
from binding.models import Applicant, Application, Withdrawal
from binding.signals import application_sent
from core.states import InvalidMove
from notifications import outbox
from notifications.models import Message
from registry.models import Student

CHUNK = 500
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
def save_applicant(
    *,
    application: Application,
    position: int,
    values: dict,
    is_complete: bool,
    by: User,
    login: str = "",
    confirmed: Iterable[str] = (),
) -> Applicant:
    """Write one applicant of a draft, or correct one of a sent application while it is undecided.

    `values` are fields of `Applicant`; what is left out stays as it is stored. `login`: the mark of the log-in that they
    were typed in. `confirmed`: fields that were handed back and are said to be right as they were. What is corrected
    after sending is a new revision: a review begun on the old one has to be looked at again.
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
        applicant.typed_in[name] = login
    applicant.is_complete = is_complete
    _check_differs_from_the_other(applicant)
    applicant.save()
    note_edit(application)
    if application.is_submitted:
        _note_correction(applicant, changed, list(confirmed), by)
    else:
        data = {"changed": changed}
        log.record("applicant.saved", by=by, target=applicant, school=application.student.school, data=data)
    return applicant


def _note_correction(applicant: Applicant, changed: list[str], confirmed: list[str], by: User) -> None:
    """Who was handed back waits again; another address is written to, and the mails to the one before stop."""
    application = applicant.application
    school = application.student.school
    data = {"changed": changed, "confirmed": [name for name in confirmed if name not in changed]}
    log.record("applicant.corrected", by=by, target=applicant, school=school, data=data)
    was_returned = applicant.review == Applicant.Review.RETURNED
    waiting = Message.objects.about(applicant)
    if was_returned:
        outbox.stop(waiting)  # asks for what is done by now
    if {"email", "identity_number"} & set(changed):
        outbox.stop(waiting.filter(kind__in=[mails.applicant_email_taken.kind, mails.application_received.kind]))
        _write_to([applicant], is_new="email" in changed)
    if was_returned:
        applicant.decide(Applicant.Review.PENDING, by=by)
        application_sent.send(Application, application=application)


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
    application.applicants.update(typed_in={})
    _write_to(list(application.applicants.all()))  # before anybody decides: what a decision mails can be taken back
    application_sent.send(Application, application=application)
    return application


def _write_to(applicants: list[Applicant], *, is_new: bool = True) -> None:
    """Mail each that the application is here, where its address `is_new`.

    Whose address is another person's account is asked for another one instead; the page says nothing.
    """
    taken = taken_among(applicants)
    if is_new:
        tell_received(one for one in applicants if one.pk not in taken)
    day_ago = timezone.now() - timedelta(days=1)
    for applicant in (one for one in applicants if one.pk in taken):
        if mails.applicant_email_taken.sent_lately(about=applicant, since=day_ago) >= ASKED_A_DAY:
            continue
        mails.applicant_email_taken(applicant)


@transaction.atomic
def withdraw(*, application: Application, by: User | None) -> Application:
    """Take back every applicant who is not decided yet; who is already bound stays bound."""
    application = lock_application(application)
    if not application.is_open:
        raise InvalidMove(application.status, Application.Status.WITHDRAWN)
    withdraw_locked([application], by=by)
    return application


def withdraw_locked(applications: list[Application], *, by: User | None) -> None:
    """As `withdraw`, of open ones whose rows the caller holds; as many statements for a thousand as for one."""
    prefetch_related_objects(applications, "applicants")
    undecided = [
        one for application in applications if application.is_submitted for one in application.applicants.all()
        if one.is_undecided
    ]  # fmt: skip
    outbox.stop(Message.objects.about_any(undecided))
    for applicant in undecided:
        applicant.set_decision(Applicant.Review.WITHDRAWN)
    Applicant.objects.bulk_update(undecided, Applicant.DECISION, batch_size=CHUNK)
    for application in applications:
        application.set_state(application.state_when_withdrawn)
    Application.objects.bulk_update(applications, ["status"], batch_size=CHUNK)
    told = [(application, application.student.school, None) for application in applications]
    log.record_all("application.withdrawn", told, by=by)
