"""A parent leaves: out at once, back by a mailed link for a month, closed after it."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from accounts.models import AccountClosure, SSOAccount, User
from accounts.signals import account_left
from audit import log
from core.one_time_links import digest_of


class LinkOver(Exception):
    """The link was used, or its time is over."""


@transaction.atomic
def leave(*, user):
    """Switch the account off; sessions and services end. What the children are concerned is for the room above."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    waiting = AccountClosure.objects.waiting().filter(user=user).first()
    if waiting:
        return waiting
    closure, token = AccountClosure.hand_out(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    account_left.send(User, user=user)
    user.end_sessions()
    log.record("sso_account.left", by=user, target=user.sso_account)
    link = f"{settings.SITE_URL}{reverse('accounts:come-back')}?token={token}"
    mails.account_left(closure, link=link)
    return closure


def find(token):
    return AccountClosure.objects.usable().filter(digest=digest_of(token[:100])).first()


@transaction.atomic
def come_back(*, closure):
    """The link was opened in time: the account is as it was, without children. Raises LinkOver."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=closure.user_id)
    closure = AccountClosure.objects.usable().filter(pk=closure.pk).first()
    if closure is None or user.sso_account.state == SSOAccount.State.CLOSED:
        raise LinkOver
    settle(user, by=user)
    return user


def settle(user, *, by):
    """Whoever had left is back: by the own link, or because a school approved this person anew."""
    for closure in AccountClosure.objects.waiting().filter(user=user):
        closure.settle(came_back=True)
        User.objects.filter(pk=user.pk).update(is_active=True)
        log.record("sso_account.came_back", by=by, target=user.sso_account)


def leave_again(user, *, since, by):
    """Undo of `settle`: an approval that brought somebody back since then was taken back, so they are away as before."""
    closure = AccountClosure.objects.filter(user=user, came_back=True, settled_at__gte=since).first()
    if closure is None:
        return
    closure.settled_at, closure.came_back = None, False
    closure.save(update_fields=["settled_at", "came_back"])
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.end_sessions()
    log.record("sso_account.left", by=by, target=user.sso_account)


def close_those_over():
    """Close the accounts that nobody brought back in time. Returns how many."""
    from accounts.actions import close_account

    closed = 0
    over = AccountClosure.objects.waiting().filter(back_until__lte=timezone.now())
    for pk in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            closure = over.filter(pk=pk).select_related("user").select_for_update(of=("self",)).first()
            if closure:
                closure.settle(came_back=False)
                close_account(account=closure.user.sso_account, by=None)
                closed += 1
    return closed
