"""The password before the first change: a family's is the child's ID number, a parent's the end of the own one.

A parent's works for `SSO_INITIAL_DAYS` and takes `SSO_INITIAL_FAILURES` wrong tries in all.
"""

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.models import SSOAccount, User
from audit import log
from core import identity
from core.states import InvalidMove
from registry.roles import AccountKind


def initial_password_fits(user: User, typed: str) -> bool:
    """Check `typed`, written as forgivingly as an ID number.

    Each look of a parent takes one try before it: a hundred looks at once get no more tries.
    """
    if user.initial_password is None:
        return False
    fits = constant_time_compare(identity.normalize(typed), user.initial_password)
    if not fits or user.kind != AccountKind.PARENT:
        return fits
    account = SSOAccount.objects.filter(pk=user.sso_account.pk)
    return account.consume_initial_try() and account.refund_initial_try()


def count_wrong_try(user: User | None) -> None:
    """Cost as much as a look at an initial password, whether there is one or not: time would tell them apart."""
    SSOAccount.objects.filter(user=user and user.pk).consume_initial_try()


@transaction.atomic
def renew_initial_password(*, account: SSOAccount, by: User | None) -> SSOAccount:
    """Let the initial password of an account that was never used work again, for as long as at first.

    Raises InvalidMove.
    """
    account = SSOAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if account.state != SSOAccount.State.INITIAL:
        raise InvalidMove(account.state, SSOAccount.State.INITIAL)
    account.initial_until = SSOAccount.initial_deadline()
    account.initial_failures = 0
    account.save(update_fields=["initial_until", "initial_failures"])
    log.record("sso_account.initial_renewed", by=by, target=account)
    return account
