"""Passwords: checked, changed, set by a mailed link."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import mails, throttle
from accounts.email_tokens import note_proof
from accounts.initial_passwords import count_wrong_try, initial_password_fits
from accounts.models import EmailToken, FormerPassword, SSOAccount, User
from accounts.signals import password_changed, portal_password_changed
from audit import log
from registry.roles import AccountKind


def password_fits(user: User | None, password: str) -> bool:
    """Check a typed password at the cost of one hash, whether the account is absent, initial or changed."""
    if user is not None and user.has_usable_password():
        fits = user.check_password(password)
    else:
        make_password(password)
        fits = user is not None and initial_password_fits(user, password)
    if not fits and (user is None or user.kind == AccountKind.PARENT):
        count_wrong_try(user)
    return fits


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """Set the person's own password, and tell its owner; an SSO account that was waiting becomes active."""
    FormerPassword.keep(user)
    user.set_password(password)
    user.has_temporary_password = False
    user.save(update_fields=["password", "has_temporary_password"])
    log.record("password.changed", by=user, target=user)
    if user.kind == AccountKind.FAMILY:
        portal_password_changed.send(User, user=user)
    password_changed.send(User, user=user)
    if user.kind == AccountKind.PARENT and user.sso_account.state == SSOAccount.State.INITIAL:
        user.sso_account.move_to(SSOAccount.State.ACTIVE)
        log.record("sso_account.activated", by=user, target=user.sso_account)
    notify_of_new_password(user)
    return user


@transaction.atomic
def set_password_by_link(*, token: EmailToken, password: str) -> bool:
    """Behind a mailed link, which logs in: the mailbox is proved, other sessions end. Returns False for a used link.

    A family's mailboxes are its parents', proved by each of them; the account itself has none.
    """
    if not token.use():
        return False
    user = token.user
    if user.kind == AccountKind.PARENT:
        note_proof(user)
    change_password(user=user, password=password)
    user.end_sessions()
    log.record("login.succeeded", by=user, target=user, school=user.school, data={"how": "link"})
    # Whoever locked the account from elsewhere does not keep its owner out.
    throttle.forget(throttle.counters_of(*throttle.scope_of(user)))
    return True


def notify_of_new_password(user: User) -> None:
    """Mail the owner; the rooms above write to a family, which shares its account."""
    if user.kind != AccountKind.FAMILY and user.email:
        mails.password_changed(user)
