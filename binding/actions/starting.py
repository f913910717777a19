from datetime import timedelta

from django.db import transaction

from accounts import email_tokens
from accounts.initial_passwords import renew_initial_password
from accounts.sso_accounts import open_sso_account
from audit import log
from binding import mails
from binding.actions.locks import lock_family
from binding.actions.withdrawal import note_end
from binding.emails import check_is_own
from binding.models import AddressChange, Binding, Delegation
from notifications import outbox
from notifications.models import Message
from oidc import sign_ons


@transaction.atomic
def bind(*, applicant, by, hold=timedelta()):
    """Give the applicant the child: open or find the SSO account, link it, mail its owner after `hold`.

    The mail goes to the address of the account, which may be an older one than the application names.
    Raises `accounts.sso_accounts.EmailTaken`.
    """
    student = applicant.application.student
    check_is_own(email=applicant.email, identity_number=applicant.identity_number)
    opened = open_sso_account(
        name=applicant.name,
        identity_number=applicant.identity_number,
        mobile=applicant.mobile,
        email=applicant.email,
        by=by,
    )
    make_room(account=opened.account, student=student, by=by)
    binding, created = Binding.objects.get_or_create(
        account=opened.account,
        student=student,
        state=Binding.State.ACTIVE,
        defaults={
            "applicant": applicant,
            "relationship": applicant.relationship,
            "opened_account": opened.is_new,
        },
    )
    if created:
        log.record("binding.started", by=by, target=binding, school=student.school)
        send_account_mail(binding, is_new=opened.is_new, hold=hold)
    else:
        log.record("binding.confirmed", by=by, target=binding, school=student.school)
        mails.already_bound(applicant, binding=binding, hold=hold)
    return binding


def make_room(*, account, student, by):
    """End what stands between this person and a new binding: one whose last day is past, or a carer's."""
    for binding in Binding.objects.standing().filter(account=account, student=student).to_end():
        if binding.is_lapsed:
            end_locked(binding, binding.reason_of_last_day, None)
        elif binding.is_delegated:
            end_locked(binding, Binding.EndReason.DELEGATION_ENDED, by)


def opening_mail_of(binding):
    """The mail that opens the account of this binding's owner: a carer has one in other words."""
    return mails.delegation_started if binding.is_delegated else mails.account_opened


def send_account_mail(binding, *, is_new, hold=timedelta()):
    """Tell the owner, with a link to the first password where the account is new; a carer in its own words."""
    link = email_tokens.opening_link(binding.account.user) if is_new else ""
    if binding.is_delegated:
        mails.delegation_started(binding, link=link)
    elif is_new:
        mails.account_opened(binding, link=link, hold=hold)
    else:
        mails.child_added(binding, hold=hold)


@transaction.atomic
def renew_opening(*, binding, by):
    """Let the initial password work again and mail its owner once more."""
    renew_initial_password(account=binding.account, by=by)
    binding.account.refresh_from_db()
    send_account_mail(binding, is_new=True)


@transaction.atomic
def end_binding(*, binding, reason, by, note=""):
    """End a binding and tell the person concerned, and nobody else; ending it twice changes nothing."""
    lock_family(binding.student)
    binding = Binding.objects.to_end().get(pk=binding.pk)
    if binding.state != Binding.State.ENDED:
        end_locked(binding, reason, by, note=note)
    return binding


def end_locked(binding, reason, by, note=""):
    """End a binding; the caller holds the student's row, and the binding's (see `BindingQuerySet.to_end`).

    Services that were told of the child hear that this is over; who has no child left is logged out everywhere.
    One whose last day is past ended by that day, whatever comes now.
    """
    if binding.is_lapsed:
        reason, note = binding.reason_of_last_day, ""
    binding.end(reason, note)
    outbox.stop(Message.objects.about(binding))  # the mail of an approval that still waits
    _end_address_change(binding, by)
    if Binding.objects.active().filter(account=binding.account_id).exists():
        sign_ons.end_scope(binding.account.user, "children")
    else:
        binding.account.user.end_sessions()
    school = binding.student.school
    log.record("binding.ended", by=by, target=binding, school=school, data={"reason": str(reason)})
    if binding.is_delegated:
        _end_mandate(binding)
    else:
        mails.binding_ended(binding)
    note_end(binding)


def _end_address_change(binding, by):
    """A correction of the address that was asked for at this binding goes with it; its link works no longer."""
    pending = AddressChange.objects.pending().filter(binding=binding).select_for_update(of=("self",))
    for change in pending.order_by("pk"):
        change.close(AddressChange.State.CANCELLED)
        outbox.stop(Message.objects.about(change))
        log.record("address.cancelled", by=by, target=binding.account, school=binding.student.school)


def _end_mandate(binding):
    """The mandate ends with the binding; who took care and who had given the mandate are told."""
    is_over = binding.end_reason == Binding.EndReason.DELEGATION_OVER
    mandates = binding.delegations.in_force().select_related("given_by__account__user")
    for mandate in mandates:
        mandate.move_to(Delegation.State.OVER if is_over else Delegation.State.ENDED)
        mails.delegation_ended(mandate, to=binding.reader)
        if giver := mandate.giver_reader:
            mails.delegation_ended(mandate, to=giver)
