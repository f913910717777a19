"""The life of an SSO account: opened, opened anew, closed; left by its owner, who may come back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts import mails
from accounts.models import AccountClosure, SSOAccount, User
from accounts.signals import account_left
from audit import log
from core import crypto, emails
from core.one_time_links import LinkOver, link_to
from registry.roles import AccountKind


class EmailTaken(Exception):
    """The e-mail is the user name of another person's SSO account; people are never merged by e-mail."""


@dataclass(frozen=True)
class OpenedAccount:
    account: SSOAccount
    is_new: bool


@transaction.atomic
def open_sso_account(*, name: str, identity_number: str, mobile: str, email: str, by: User | None) -> OpenedAccount:
    """The person's SSO account: the one they have, untouched, or a new one. Raises `EmailTaken`.

    A person is who has the ID number; a closed account opens again under the address given now.
    """
    email = emails.normalize(email)
    fingerprint = crypto.fingerprint(identity_number)
    existing = _find_account(fingerprint)
    if existing and existing.state != SSOAccount.State.CLOSED:
        note_return(existing.user, by=by)
        return OpenedAccount(existing, is_new=False)
    owner = SSOAccount.objects.filter(user__username=email).first()
    if owner and owner.identity_fingerprint != fingerprint:
        raise EmailTaken
    if existing:
        return OpenedAccount(_reopen(existing, email=email, by=by), is_new=True)
    try:
        with transaction.atomic():
            account = _create_account(name=name, identity_number=identity_number, mobile=mobile, email=email)
    except IntegrityError:
        # Another school approved the same person, or the same address, in this very moment.
        account = _find_account(fingerprint)
        if account is None:
            raise EmailTaken from None
        return OpenedAccount(account, is_new=False)
    log.record("sso_account.opened", by=by, target=account)
    return OpenedAccount(account, is_new=True)


def _find_account(fingerprint):
    return (
        SSOAccount.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(identity_fingerprint=fingerprint)
        .first()
    )


def _create_account(*, name, identity_number, mobile, email):
    user = User.objects.create(
        kind=AccountKind.PARENT, username=email, email=email, name=name, password=User.UNSET_PASSWORD
    )
    account = SSOAccount(user=user, name=name, mobile=mobile, initial_until=SSOAccount.initial_deadline())
    account.identity_number = identity_number
    account.save()
    return account


def _reopen(account, *, email, by):
    User.objects.filter(pk=account.user_id).update(
        username=email, email=email, password=User.UNSET_PASSWORD, is_active=True
    )
    account.user.refresh_from_db()
    account.move_to(SSOAccount.State.INITIAL)
    log.record("sso_account.reopened", by=by, target=account)
    return account


@transaction.atomic
def close_unused_account(*, account: SSOAccount, by: User | None) -> None:
    """Undo the opening of an account that nobody used: it is gone, or closed again where it lived before."""
    log.record("sso_account.opening_undone", by=by, target=account)
    user = account.user
    try:
        with transaction.atomic():
            account.delete()
            user.delete()
    except ProtectedError:
        SSOAccount.objects.get(user=user).move_to(SSOAccount.State.CLOSED)


@transaction.atomic
def close_account(*, account: SSOAccount, by: User | None) -> None:
    """The end of an account that its owner left."""
    account.move_to(SSOAccount.State.CLOSED)
    log.record("sso_account.closed", by=by, target=account)


@transaction.atomic
def leave(*, user: User) -> AccountClosure:
    """Switch the account off and mail a link that brings it back; the rooms above end what concerns the children."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    waiting = AccountClosure.objects.waiting().filter(user=user).first()
    if waiting:
        return waiting
    lasts = timedelta(days=settings.CLOSURE_GRACE_DAYS)
    closure, token = AccountClosure.hand_out(lasts=lasts, user=user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    account_left.send(User, user=user)
    user.end_sessions()
    log.record("sso_account.left", by=user, target=user.sso_account)
    mails.account_left(closure, link=link_to("accounts:come-back", token))
    return closure


def find_closure(token: str) -> AccountClosure | None:
    """The closure behind a link, while it can be undone."""
    return AccountClosure.objects.usable().by_token(token).first()


@transaction.atomic
def come_back(*, closure: AccountClosure) -> User:
    """The link was opened in time: the account is as it was, without children. Raises LinkOver."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=closure.user_id)
    closure = AccountClosure.objects.usable().filter(pk=closure.pk).first()
    if closure is None or user.sso_account.state == SSOAccount.State.CLOSED:
        raise LinkOver
    note_return(user, by=user)
    return user


def note_return(user: User, *, by: User | None) -> None:
    """Whoever had left is back: by the own link, or because a school approved this person anew."""
    for closure in AccountClosure.objects.waiting().filter(user=user):
        closure.end(came_back=True)
        User.objects.filter(pk=user.pk).update(is_active=True)
        log.record("sso_account.came_back", by=by, target=user.sso_account)


def leave_again(*, user: User, since: datetime, by: User | None) -> None:
    """Undo a return: the approval that brought the person back since then was taken back."""
    closure = AccountClosure.objects.filter(user=user, came_back=True, ended_at__gte=since).first()
    if closure is None:
        return
    closure.ended_at, closure.came_back = None, False
    closure.save(update_fields=["ended_at", "came_back"])
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.end_sessions()
    log.record("sso_account.left", by=by, target=user.sso_account)


def close_those_over() -> int:
    """Close the accounts that nobody brought back in time. Returns how many."""
    closed = 0
    over = AccountClosure.objects.waiting().filter(expires_at__lte=timezone.now())
    for pk in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            closure = over.filter(pk=pk).select_related("user").select_for_update(of=("self",)).first()
            if closure:
                closure.end(came_back=False)
                close_account(account=closure.user.sso_account, by=None)
                closed += 1
    return closed
