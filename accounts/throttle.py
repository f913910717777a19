"""Slows guessing down: attempts on one account, from one IP address, and on many accounts at once.

An attempt is consumed before any password work and cleared by success, so a hundred parallel guesses get no more than
the limit. All log-in pages of an account share its counter. A school shares one IP address, so that has a high limit.
Browsers in which the account was logged in to before are bound by neither: all of them together have one more counter,
so that many cookies are no more guesses.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from accounts import counters, device_cookie
from accounts.models import LoginThrottle, User
from accounts.pauses import Paused
from audit import context, log
from core import crypto
from registry.roles import AccountKind


@dataclass(frozen=True)
class Attempt:
    """One attempt that was consumed, the `number`th of its window.

    `left`: how many more the account takes from here until its window is over, in `seconds_left`. `is_known`: this
    browser is known for the account. `network` is the client's IP address, or IPv6 /64.
    """

    key: str
    number: int
    network_key: str = ""
    spraying: bool = False
    network: str = field(default="", repr=False)
    left: int = 0
    seconds_left: int = 0
    is_known: bool = False


def consume(scope: str, account: str, *, user: User | None = None, from_anywhere: bool = False) -> Attempt:
    """Use up one attempt, or raise `Paused`. Returns the attempt, to `clear` on success.

    `user` is who has the account, where there is one: this browser may be known for it. With `from_anywhere` the
    client's network has no limit of its own.
    """
    key = key_of(scope, account)
    network = "" if from_anywhere else network_of(context.current().ip_address)
    network_key = crypto.fingerprint(f"address|{network}") if network else ""
    if device_cookie.current().knows(key, user):
        key = known_key_of(key)
        counted = counters.count([key, network_key] if network_key else [key])
        attempt = _checked(key, "", counted, limit=settings.LOGIN_FAILURE_LIMIT, network=network, is_known=True)
        return replace(attempt, network_key=network_key)
    spread = _spread(network) if network else Spread()
    if spread.in_network >= settings.SPRAY_IP_ACCOUNTS:
        raise Paused(settings.LOGIN_FAILURE_MINUTES * 60, is_network=True)
    counted = counters.count([key, network_key] if network_key else [key])
    limit = settings.SPRAYED_FAILURE_LIMIT if spread.is_city_wide else settings.LOGIN_FAILURE_LIMIT
    return _checked(key, network_key, counted, limit=limit, network=network, spraying=spread.is_city_wide)


def consume_of(user: User) -> Attempt:
    """`consume` for somebody who is logged in, or about to be: under the one name that all log-in pages count by."""
    return consume(*scope_of(user), user=user)


def _checked(key, network_key, counted, *, limit, **more):
    if counted[key].attempts > limit:
        raise Paused(counted[key].seconds_left)
    if network_key and counted[network_key].attempts > settings.IP_FAILURE_LIMIT:
        raise Paused(counted[network_key].seconds_left, is_network=True)
    number, seconds_left = counted[key].attempts, counted[key].seconds_left
    return Attempt(key, number, network_key, left=limit - number, seconds_left=seconds_left, **more)


def scope_of(user: User) -> tuple[str, str]:
    """(scope, account): the name under which every attempt on `user` is counted, on whichever page."""
    if user.kind == AccountKind.FAMILY:
        return "portal", f"{user.school_id}/{user.student.portal_account.upper()}"
    if user.kind == AccountKind.STAFF:
        return "staff", f"{user.school_id or 'city'}/{user.account}"
    return "sso", user.username


def key_of(scope: str, account: object) -> str:
    return crypto.fingerprint(f"{scope}|{account}")


def known_key_of(key: str) -> str:
    """The counter that all browsers which are known for the account share."""
    return crypto.fingerprint(f"known|{key}")


def counters_of(scope: str, account: str) -> list[str]:
    """The keys of all counters of an account."""
    key = key_of(scope, account)
    return [key, known_key_of(key)]


def network_of(ip_address: str | None) -> str:
    """What counts as one client: IPv6 hands a whole /64 to one customer."""
    if not ip_address:
        return ""
    is_v6 = ipaddress.ip_address(ip_address).version == 6
    return str(ipaddress.ip_network(f"{ip_address}/64", strict=False)) if is_v6 else ip_address


def minutes_paused(keys: list[str]) -> dict[str, int]:
    """{key: minutes until it takes attempts again} of those that take none now."""
    paused = LoginThrottle.objects.filter(
        key__in=keys, window_started_at__gt=counters.oldest_start(), attempts__gte=settings.LOGIN_FAILURE_LIMIT
    )
    return {row.key: -(-counters.seconds_left(row.window_started_at) // 60) for row in paused}


def clear(attempt: Attempt) -> None:
    """It was the owner: the account's attempts are forgotten, and the network has one less."""
    counters.lower(_keys_of(attempt), cleared=attempt.key)


def refund(attempt: Attempt) -> None:
    """This attempt does not count; those before it do, since the second factor is still to be shown."""
    counters.lower(_keys_of(attempt))


def _keys_of(attempt):
    return [key for key in (attempt.key, attempt.network_key) if key]


def forget(keys: Iterable[str]) -> int:
    """Forget the attempts counted under these keys. Returns how many counters there were."""
    removed, _by_model = LoginThrottle.objects.filter(key__in=list(keys), attempts__gt=0).delete()
    return removed


def wants_captcha(scope: str, account: str = "", user: User | None = None, *, after: int) -> bool:
    """Whether the next attempt has to come with a captcha: after so many failures, or while somebody sprays.

    A browser that is known for the account has `CAPTCHA_AFTER_FAILURES`, whatever `after` asks of strangers.
    """
    keys = [key_of(scope, account)] if account else []
    if keys and device_cookie.current().knows(keys[0], user):
        keys, after = [known_key_of(keys[0])], settings.CAPTCHA_AFTER_FAILURES
    elif after == 0 or _spread(network_of(context.current().ip_address)).is_city_wide:
        return True
    failed = LoginThrottle.objects.filter(key__in=keys, window_started_at__gt=counters.oldest_start())
    return failed.filter(attempts__gte=after).exists() if keys else False


# Spraying: one guess over many accounts


@dataclass(frozen=True)
class Spread:
    """How many different accounts somebody failed at lately, from one network and in the whole city."""

    in_network: int = 0
    in_city: int = 0

    @property
    def is_city_wide(self):
        return self.in_city >= settings.SPRAY_CITY_ACCOUNTS


CITY = "spread|city"


def _spread(network):
    here, city = crypto.fingerprint(f"spread|{network}"), crypto.fingerprint(CITY)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, attempts FROM accounts_loginthrottle WHERE key IN (%s, %s) AND window_started_at > %s",
            [here, city, counters.adapted(counters.oldest_start())],
        )
        counts = dict(cursor.fetchall())
    return Spread(counts.get(here, 0), counts.get(city, 0))


def note_failure(attempt: Attempt) -> None:
    """A wrong password: how many accounts does somebody try? The city hears of it once a window."""
    if attempt.number == 1:
        LoginThrottle.objects.filter(window_started_at__lt=counters.oldest_start() - timedelta(days=1)).delete()
    if not attempt.network:
        return
    pair = crypto.fingerprint(f"pair|{attempt.network}|{attempt.key}")
    here, city = crypto.fingerprint(f"spread|{attempt.network}"), crypto.fingerprint(CITY)
    grown = [here] if counters.count([pair])[pair].attempts == 1 else []
    grown += [city] if attempt.number == 1 else []
    counted = counters.count(grown) if grown else {}
    for key, limit, where in (
        (here, settings.SPRAY_IP_ACCOUNTS, "address"),
        (city, settings.SPRAY_CITY_ACCOUNTS, "city"),
    ):
        if key in counted and counted[key].attempts == limit:
            with transaction.atomic():
                log.record("login.spraying", data={"where": where, "accounts": limit})
