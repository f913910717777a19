"""Decisions on applicants: one applicant, one decision, one mail. Each can be taken back while its mail waits.

All raise NotYours where `by` may not decide, `policies.Stale` where the page shown is not what is stored by now, and
`policies.NotAllowed` where something else has to be done first.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sso_accounts import EmailTaken
from audit import log
from binding.actions.locks import lock_application
from binding.actions.starting import bind
from binding.actions.undoing import take_back_approval
from binding.models import Applicant, Application
from notifications import outbox
from notifications.models import Message
from registry.models import School
from review import mails, permissions, policies
from review.models import ReviewRules

DECIDED = [Applicant.Review.APPROVED, Applicant.Review.RETURNED, Applicant.Review.REJECTED]


@transaction.atomic
def approve(*, applicant: Applicant, revision: int, by: User) -> Applicant:
    """核可: account, binding and mail, or none of them."""
    application, applicant = _lock_for_decision(applicant, revision=revision, by=by)
    permissions.check_needs_no_registrar(by, application)
    return _approve_locked(application, applicant, by=by)


def _approve_locked(application: Application, applicant: Applicant, *, by: User | None) -> Applicant:
    policies.check_can_approve(application)
    policies.check_not_barred(applicant)
    hold = undo_window(application.student.school)
    applicant.decide(Applicant.Review.APPROVED, by=by, hold=hold)
    try:
        bind(applicant=applicant, by=by, hold=hold)
    except EmailTaken:
        raise policies.NotAllowed(
            _("這個電子郵件屬於另一個帳號，更正之前不能核可。請退回，請申請人改用自己的信箱。")
        ) from None
    log.record("applicant.approved", by=by, target=applicant, school=application.student.school)
    application.close_if_decided()
    return applicant


@transaction.atomic
def approve_by_itself(
    *, applicant: Applicant, revision: int, check: Callable[[Application, Applicant], bool]
) -> Applicant:
    """Approve without a person's click, while `check` still says so of what is stored."""
    application, applicant = _lock(applicant)
    policies.check_is_fresh(application, applicant, revision=revision)
    if not check(application, applicant):
        raise policies.Stale
    return _approve_locked(application, applicant, by=None)


@transaction.atomic
def return_for_changes(
    *, applicant: Applicant, reason: str, revision: int, by: User, fields: Sequence[str] = ()
) -> Applicant:
    """退回修正, with a reason that the parent can act on; `fields` are open then, none means all."""
    return _refuse(applicant, Applicant.Review.RETURNED, reason, revision, by, fields)


@transaction.atomic
def reject(*, applicant: Applicant, reason: str, revision: int, by: User) -> Applicant:
    """不通過, for good; the family may apply anew with somebody else."""
    return _refuse(applicant, Applicant.Review.REJECTED, reason, revision, by)


def preview_mail(*, applicant: Applicant, review: str, reason: str, fields: Sequence[str] = ()) -> Message:
    """The mail that `_refuse` would write; nothing is stored."""
    hold = undo_window(applicant.application.student.school)
    if review == Applicant.Review.RETURNED:
        return mails.applicant_returned.compose(applicant, reason=reason, fields=fields, hold=hold)
    return mails.applicant_rejected.compose(applicant, reason=reason, hold=hold)


def _refuse(applicant, review, reason, revision, by, fields=()):
    application, applicant = _lock_for_decision(applicant, revision=revision, by=by)
    hold = undo_window(application.student.school)
    if review == Applicant.Review.RETURNED:
        applicant.hand_back(fields, by=by, reason=reason, hold=hold)
        mails.applicant_returned(applicant, reason=reason, fields=fields, hold=hold)
    else:
        permissions.check_needs_no_registrar(by, application)
        applicant.decide(review, by=by, reason=reason, hold=hold)
        mails.applicant_rejected(applicant, reason=reason, hold=hold)
    data = {"reason": reason, "fields": list(fields)}
    log.record(f"applicant.{review}", by=by, target=applicant, school=by.school, data=data)
    application.close_if_decided()
    return applicant


@transaction.atomic
def undo(*, applicant: Applicant, by: User) -> Applicant:
    """復原決定: whoever may decide now takes a decision back, within the window.

    Raises `outbox.TooLate`, InvalidMove where the family went on, NotYours.
    """
    application, applicant = _lock(applicant)
    permissions.check_can_decide(by, application)
    if not is_fresh(applicant):
        raise outbox.TooLate
    former = applicant.review
    applicant.needs_person = True
    applicant.save(update_fields=["needs_person"])
    if former == Applicant.Review.APPROVED:
        take_back_approval(applicant=applicant, by=by)
    else:
        outbox.take_back(mails_of(applicant))
    application.reopen()
    applicant.decide(Applicant.Review.PENDING, by=by)
    log.record("applicant.undone", by=by, target=applicant, school=by.school, data={"decision": former})
    return applicant


def _lock(applicant: Applicant) -> tuple[Application, Applicant]:
    """(application, applicant) as they are now, for one reviewer at a time."""
    application = lock_application(applicant.application)
    applicant = application.applicants.get(pk=applicant.pk)
    applicant.application = application
    return application, applicant


def _lock_for_decision(applicant: Applicant, *, revision: int, by: User) -> tuple[Application, Applicant]:
    application, applicant = _lock(applicant)
    permissions.check_can_decide(by, application)
    permissions.check_may_decide_on(by, applicant)
    policies.check_is_fresh(application, applicant, revision=revision)
    return application, applicant


def undo_window(school: School) -> timedelta:
    """How long the mail of a decision made now waits, and the decision can be taken back."""
    return timedelta(minutes=ReviewRules.of(school).undo_window)


def is_fresh(applicant: Applicant) -> bool:
    """Whether the window of its decision is still open: the one that was its school's when it was made."""
    until = applicant.undo_until
    return until is not None and until > timezone.now() and applicant.review in DECIDED


def mails_of(applicant: Applicant) -> QuerySet[Message]:
    """What tells a refused applicant of the decision that stands; an approval's mail is about its binding."""
    return Message.objects.about(applicant).filter(created_at__gte=applicant.decided_at)
