"""A binding starts: an approval gives a parent the child, and the account that goes with it."""

from datetime import timedelta

from django.db import transaction

from accounts import email_tokens
from accounts.initial_passwords import renew_initial_password
from accounts.models import SSOAccount, User
from accounts.sso_accounts import open_sso_account
from audit import log
from binding import mails
from binding.actions.ending import end_locked
from binding.email_owners import check_is_own
from binding.models import Applicant, Binding
from notifications.mails import Mail
from registry.models import Student


@transaction.atomic
def bind(*, applicant: Applicant, by: User | None, hold: timedelta = timedelta()) -> Binding:
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
        defaults={"applicant": applicant, "relationship": applicant.relationship, "opened_account": opened.is_new},
    )
    if created:
        log.record("binding.started", by=by, target=binding, school=student.school)
        send_account_mail(binding, is_new=opened.is_new, hold=hold)
    else:
        log.record("binding.confirmed", by=by, target=binding, school=student.school)
        mails.already_bound(applicant, binding=binding, hold=hold)
    return binding


def make_room(*, account: SSOAccount, student: Student, by: User | None) -> None:
    """End what stands in the way of a new binding of this person: one whose last day is past, or a carer's."""
    for binding in Binding.objects.standing().filter(account=account, student=student).to_end():
        if binding.is_lapsed:
            end_locked(binding, binding.reason_of_last_day, None)
        elif binding.is_delegated:
            end_locked(binding, Binding.EndReason.DELEGATION_ENDED, by)


def opening_mail_of(binding: Binding) -> Mail:
    """The mail that opens the account of this binding's owner: a carer has one in other words."""
    return mails.delegation_started if binding.is_delegated else mails.account_opened


def send_account_mail(binding: Binding, *, is_new: bool, hold: timedelta = timedelta()) -> None:
    """Tell the owner, with a link to the first password where the account is new; a carer in its own words."""
    link = email_tokens.opening_link(binding.account.user) if is_new else ""
    if binding.is_delegated:
        mails.delegation_started(binding, link=link)
    elif is_new:
        mails.account_opened(binding, link=link, hold=hold)
    else:
        mails.child_added(binding, hold=hold)


@transaction.atomic
def renew_opening(*, binding: Binding, by: User) -> None:
    """重新寄送開通信: the initial password works anew. Raises InvalidMove where the account is open already."""
    renew_initial_password(account=binding.account, by=by)
    binding.account.refresh_from_db()
    send_account_mail(binding, is_new=True)
