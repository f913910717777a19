from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from audit import log
from binding import mails
from binding.actions import withdrawal
from binding.actions.locks import lock_application, lock_family
from binding.emails import taken_among
from binding.models import Applicant, Application, Evidence
from binding.models.evidence import digest_of
from binding.signals import application_sent
from consent.actions import record_decision
from consent.models import ConsentDecision
from core.states import InvalidMove
from notifications import outbox
from notifications.models import Message

ASKED_A_DAY = 3  # mails of that kind about one applicant: the address may be a stranger's


class Incomplete(Exception):
    """Something is missing; `parts` as `Application.missing_parts` names them."""

    def __init__(self, parts):
        super().__init__()
        self.parts = parts


class Twice(Exception):
    """Both applicants would have the same `field`: "email" or "identity_number"."""

    def __init__(self, field):
        super().__init__(field)
        self.field = field


class TooMany(Exception):
    """More files than an application may have."""


@transaction.atomic
def answer_consent(*, student, answer, text, by):
    """Record agreement or refusal, and return the decision that stands afterwards.

    Refusing withdraws what waits. Where somebody is bound the refusal only asks: each person bound decides
    for the own binding (see `binding.actions.withdrawal`), and an agreement that stands stays until the last
    one agreed. Agreeing takes such a request back. Raises `withdrawal.AskedTooOften`.
    """
    lock_family(student)
    if answer == ConsentDecision.Answer.DECLINED:
        for application in Application.objects.open().filter(student=student):
            # A reviewer may have decided it while we waited for the lock: then its person is asked below.
            if lock_application(application).is_open:
                withdraw(application=application, by=by)
        is_asked = withdrawal.ask_everybody(student=student, text=text, by=by)
        standing = ConsentDecision.objects.latest_of(student)
        if is_asked and standing and standing.is_agreed:
            return standing
    else:
        withdrawal.take_back(student=student, by=by)
    return record_decision(student=student, answer=answer, text=text, by=by)


@transaction.atomic
def choose_kind(*, student, kind, by):
    """Start the family's application, or change the kind of the draft; a sent one stays as it is.

    Raises `withdrawal.StillAsked` while people bound are asked whether consent is taken back.
    """
    lock_family(student)
    withdrawal.check_nobody_is_asked(student)
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


def _drop_what_does_not_fit(application):
    application.applicants.exclude(position__in=application.positions).delete()
    application.applicants.exclude(relationship__in=application.relationships).update(
        relationship="", is_complete=False
    )
    if not application.needs_evidence:
        for evidence in application.evidence.all():
            _delete_with_file(evidence)


@transaction.atomic
def save_applicant(*, application, position, values, is_complete, by):
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
    _note_edit(application)
    if application.is_submitted and {"email", "identity_number"} & set(changed):
        outbox.stop(Message.objects.about(applicant).filter(kind=mails.applicant_email_taken.kind))
        _ask_for_another_address([applicant])
    if applicant.review == Applicant.Review.RETURNED:
        outbox.stop(Message.objects.about(applicant))  # asks for what is done by now
        applicant.decide(Applicant.Review.PENDING, by=by)
        application_sent.send(Application, application=application)
    log.record(
        "applicant.saved",
        by=by,
        target=applicant,
        school=application.student.school,
        data={"changed": changed},
    )
    return applicant


def _check_differs_from_the_other(applicant):
    """The page compared already; two tabs may have saved since."""
    for other in applicant.application.applicants.exclude(position=applicant.position):
        if applicant.email and applicant.email == other.email:
            raise Twice("email")
        if applicant.identity_fingerprint and applicant.identity_fingerprint == other.identity_fingerprint:
            raise Twice("identity_number")


def getattr_or_blank(applicant, name):
    if name == "identity_number" and not applicant.identity_cipher:
        return ""
    return getattr(applicant, name)


def _note_edit(application):
    """A draft has to be checked again; a sent application gets a new revision."""
    if application.is_draft:
        application.checked_at = None
    elif application.is_submitted:
        application.revision += 1
    else:
        raise InvalidMove(application.status, "edited")
    application.save(update_fields=["checked_at", "revision"])


@transaction.atomic
def add_evidence(*, application, files, by):
    """Keep files from `binding.evidence_intake`; the same file twice is kept once.

    Raises `TooMany`, and InvalidMove where the files were not handed back.
    """
    application = lock_application(application)
    _check_takes_evidence(application)
    known = set(application.evidence.values_list("digest", flat=True))
    fresh = {digest: file for file in files if (digest := digest_of(file.content)) not in known}
    if len(known) + len(fresh) > settings.EVIDENCE_MAX_FILES:
        raise TooMany
    for file in fresh.values():
        evidence = Evidence(
            application=application, name=file.name, content_type=file.content_type, pages=file.pages
        )
        evidence.keep(file.content)
        evidence.save()
        _note_evidence("evidence.added", evidence, application, by)
    _note_edit(application)


@transaction.atomic
def remove_evidence(*, evidence, by):
    """Take a file back; the last one of a sent application can only be replaced. Raises as `add_evidence`."""
    application = lock_application(evidence.application)
    _check_takes_evidence(application)
    if application.is_submitted and application.evidence.count() == 1:
        raise Incomplete(["evidence"])
    _note_evidence("evidence.removed", evidence, application, by)
    _delete_with_file(evidence)
    _note_edit(application)


def _check_takes_evidence(application):
    if not application.takes_evidence:
        raise InvalidMove(application.status, "evidence changed")


def _note_evidence(event, evidence, application, by):
    data = {"evidence": evidence.pk}
    log.record(event, by=by, target=application, school=application.student.school, data=data)


def _delete_with_file(evidence):
    file = evidence.file
    evidence.delete()
    transaction.on_commit(lambda: file.delete(save=False))


@transaction.atomic
def mark_checked(*, application, by):
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
def send(*, application, by):
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


def _ask_for_another_address(applicants):
    """Mail whose address is another person's account, as far as that stops the approval; the page says nothing."""
    taken = taken_among(applicants)
    day_ago = timezone.now() - timedelta(days=1)
    for applicant in (one for one in applicants if one.pk in taken):
        if mails.applicant_email_taken.sent_lately(about=applicant, since=day_ago) >= ASKED_A_DAY:
            continue
        mails.applicant_email_taken(applicant)


@transaction.atomic
def withdraw(*, application, by):
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
