"""Decisions of the homeroom teacher: one applicant, one decision, one mail."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.sso_accounts import EmailTaken
from audit import log
from binding.actions.locks import lock_application
from binding.actions.starting import bind
from binding.actions.unbinding import unbind_untold
from binding.models import Applicant
from notifications import outbox
from review import mails, permissions, policies
from review.undoing import is_fresh, mails_of, undo_window


@transaction.atomic
def approve(*, applicant, revision, by):
    """Approve one applicant: account, binding and mail, or none of them."""
    application, applicant = _lock_for_decision(applicant, revision=revision, by=by)
    permissions.check_can_settle(by, application)
    return _approve_locked(application, applicant, by=by)


def _approve_locked(application, applicant, *, by):
    policies.check_can_approve(application)
    if permissions.is_barred(applicant):
        raise policies.NotAllowed(str(policies.BARRED))
    applicant.decide(Applicant.Review.APPROVED, by=by)
    try:
        bind(applicant=applicant, by=by, hold=undo_window())
    except EmailTaken:
        raise policies.NotAllowed(
            _("這個電子郵件屬於另一個帳號，更正之前不能核可。請退回，請申請人改用自己的信箱。")
        ) from None
    log.record("applicant.approved", by=by, target=applicant, school=application.student.school)
    application.close_if_decided()
    return applicant


@transaction.atomic
def approve_by_itself(*, applicant, revision, check):
    """Approve without a person's click, while `check(application, applicant)` still says so of what is stored."""
    application = lock_application(applicant.application)
    applicant = application.applicants.get(pk=applicant.pk)
    applicant.application = application
    policies.check_is_fresh(application, applicant, revision=revision)
    if not check(application, applicant):
        raise policies.Stale
    return _approve_locked(application, applicant, by=None)


@transaction.atomic
def return_for_changes(*, applicant, reason, revision, by, fields=()):
    """Hand one applicant back with a reason that the parent can act on; `fields` are open then, none means all."""
    return _refuse(applicant, Applicant.Review.RETURNED, reason, revision, by, fields)


@transaction.atomic
def reject(*, applicant, reason, revision, by):
    """Refuse one applicant for good; the family may apply anew with somebody else."""
    return _refuse(applicant, Applicant.Review.REJECTED, reason, revision, by)


def preview_mail(*, applicant, review, reason, fields=()):
    """The mail that `_refuse` would write; nothing is stored."""
    if review == Applicant.Review.RETURNED:
        return mails.applicant_returned.compose(applicant, reason=reason, fields=fields)
    return mails.applicant_rejected.compose(applicant, reason=reason)


def _refuse(applicant, review, reason, revision, by, fields=()):
    application, applicant = _lock_for_decision(applicant, revision=revision, by=by)
    if review == Applicant.Review.RETURNED:
        applicant.hand_back(fields, by=by, reason=reason)
        mails.applicant_returned(applicant, reason=reason, fields=fields)
    else:
        permissions.check_can_settle(by, application)
        applicant.decide(review, by=by, reason=reason)
        mails.applicant_rejected(applicant, reason=reason)
    data = {"reason": reason, "fields": list(fields)}
    log.record(f"applicant.{review}", by=by, target=applicant, school=by.school, data=data)
    application.close_if_decided()
    return applicant


@transaction.atomic
def undo(*, applicant, by):
    """Take a decision back while its mail waits: whoever may decide now may do so, within the window.

    Raises `outbox.TooLate`, InvalidMove where the family went on, NotYours.
    """
    application = lock_application(applicant.application)
    permissions.check_can_decide(by, application)
    applicant = application.applicants.get(pk=applicant.pk)
    applicant.application = application
    if not is_fresh(applicant):
        raise outbox.TooLate
    former = applicant.review
    applicant.needs_person = True
    applicant.save(update_fields=["needs_person"])
    if former == Applicant.Review.APPROVED:
        unbind_untold(applicant=applicant, by=by)
    else:
        outbox.take_back(mails_of(applicant))
    application.reopen()
    applicant.decide(Applicant.Review.PENDING, by=by)
    log.record("applicant.undone", by=by, target=applicant, school=by.school, data={"decision": former})
    return applicant


def _lock_for_decision(applicant, *, revision, by):
    """The application and applicant as they are now, for one reviewer at a time."""
    application = lock_application(applicant.application)
    permissions.check_can_decide(by, application)
    applicant = application.applicants.get(pk=applicant.pk)
    applicant.application = application
    permissions.check_not_by_court(by, applicant)
    policies.check_is_fresh(application, applicant, revision=revision)
    return application, applicant
