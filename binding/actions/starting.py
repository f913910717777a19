"""A binding starts: an approval gives a parent the child, and the account that goes with it."""

from datetime import timedelta

from django.db import transaction

from accounts import email_tokens
from accounts.initial_passwords import renew_initial_password
from accounts.models import SSOAccount, User
from accounts.sso_accounts import open_sso_account
from audit import log
from binding.actions.ending import end_locked
from binding.email_owners import check_is_own
from binding.models import Applicant, Binding
from notifications import outbox
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
        defaults={
            "applicant": applicant,
            "relationship": applicant.relationship,
            "opened_account": opened.is_new,
        },
    )
    if created:
        log.record("binding.started", by=by, target=binding, school=student.school)
        send_account_mail(binding, "account-opened" if opened.is_new else "child-added", hold=hold)
    else:
        log.record("binding.confirmed", by=by, target=binding, school=student.school)
        _say_that_nothing_changed(binding, applicant, hold)
    return binding


def _say_that_nothing_changed(binding, applicant, hold):
    """Who was bound already hears of the approval, too. About the applicant, so that an undo takes it back."""
    student = binding.student
    outbox.enqueue(
        "already-bound",
        to=binding.account.user.email,
        about=applicant,
        school=student.school,
        student=student,
        language=applicant.application.language,
        context={
            "school": student.school,
            "student_name": student.masked_name,
            "class_name": student.school_class.name,
        },
        hold=hold,
    )


def make_room(*, account: SSOAccount, student: Student, by: User | None) -> None:
    """End what stands in the way of a new binding of this person: one whose last day is past, or a carer's."""
    for binding in Binding.objects.standing().filter(account=account, student=student).to_end():
        if binding.is_lapsed:
            end_locked(binding, binding.reason_of_last_day, None)
        elif binding.is_delegated:
            end_locked(binding, Binding.EndReason.DELEGATION_ENDED, by)


def opening_kind_of(binding):
    """The kind of the mail that opens the account of this binding's owner: a carer has one in other words."""
    return "delegation-started" if binding.is_delegated else "account-opened"


def send_account_mail(binding, kind, hold=timedelta()):
    """Tell the owner: "account-opened", or "child-added" to the account one has; to a carer in its own words."""
    student = binding.student
    is_new = kind == "account-opened"
    outbox.enqueue(
        "delegation-started" if binding.is_delegated else kind,
        to=binding.account.user.email,
        about=binding,
        school=student.school,
        student=student,
        language=binding.language,
        context={
            "school": student.school,
            "student_name": student.masked_name,
            "class_name": student.school_class.name,
            "initial_until": binding.account.initial_until,
            "is_new": is_new,
            "link": email_tokens.opening_link(binding.account.user) if is_new else "",
            "first_day": binding.first_day,
            "last_day": binding.last_day,
        },
        hold=hold,
    )


@transaction.atomic
def renew_opening(*, binding: Binding, by: User) -> None:
    """重新寄送開通信: the initial password works anew. Raises InvalidMove where the account is open already."""
    renew_initial_password(account=binding.account, by=by)
    binding.account.refresh_from_db()
    send_account_mail(binding, "account-opened")
