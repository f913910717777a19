"""Slows guessing down: attempts on one account, from one address, and on many accounts at once.

An attempt is taken before any password work and given back by success, so a hundred parallel guesses get no
more than the limit. All doors to an account share its counter. A school shares one address, so an address has a high
limit. Browsers in which the account was logged in to before are bound by neither: all of them together have one more
counter, so that many cookies are no more guesses.
"""

import ipaddress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts import device_cookie
from accounts.models import LoginThrottle
from accounts.pauses import Paused
from audit import context, log
from core import crypto
from registry.roles import AccountKind


@dataclass(frozen=True)
class Attempt:
    """One attempt that was taken: `number` says the how manieth in its window."""

    key: str
    number: int
    address_key: str = ""
    spraying: bool = False
    address: str = field(default="", repr=False)


def take(door, account, *, user=None, from_anywhere=False):
    """Use up one attempt, or raise `Paused`. Returns the attempt, to `give_back` on success.

    `user` is who has the account, where there is one: this browser may be known for it. With `from_anywhere` the
    address has no limit of its own.
    """
    key = key_of(door, account)
    address = "" if from_anywhere else network_of(context.current().address)
    address_key = crypto.fingerprint(f"address|{address}") if address else ""
    if device_cookie.current().knows(key, user):
        key = known_key_of(key)
        counted = _count([key, address_key] if address_key else [key])
        attempt = _taken(key, "", counted, limit=settings.LOGIN_FAILURE_LIMIT, address=address)
        return replace(attempt, address_key=address_key)
    spread = _spread(address) if address else Spread()
    if spread.at_address >= settings.SPRAY_ADDRESS_ACCOUNTS:
        raise Paused(settings.LOGIN_FAILURE_MINUTES * 60, is_address=True)
    counted = _count([key, address_key] if address_key else [key])
    limit = settings.SPRAYED_FAILURE_LIMIT if spread.is_city_wide else settings.LOGIN_FAILURE_LIMIT
    return _taken(key, address_key, counted, limit=limit, address=address, spraying=spread.is_city_wide)


def take_of(user):
    """`take` for somebody who is logged in, or about to be: under the one name that all doors count them by."""
    return take(*door_of(user), user=user)


def ration(what, who, *, limit):
    """Count one use of `what` by `who`, or raise `Paused` when there were `limit` within the window."""
    key = key_of(what, who)
    return _taken(key, "", _count([key]), limit=limit)


def _taken(key, address_key, counted, *, limit, **more):
    if counted[key].attempts > limit:
        raise Paused(_seconds_of(counted[key]))
    if address_key and counted[address_key].attempts > settings.ADDRESS_FAILURE_LIMIT:
        raise Paused(_seconds_of(counted[address_key]), is_address=True)
    return Attempt(key, counted[key].attempts, address_key, **more)


def door_of(user):
    """(door, account): the name under which every attempt on `user` is counted, at whichever door."""
    if user.kind == AccountKind.FAMILY:
        return "portal", f"{user.school_id}/{user.student.portal_account.upper()}"
    if user.kind == AccountKind.STAFF:
        return "staff", f"{user.school_id or 'city'}/{user.account}"
    return "sso", user.username


def key_of(door, account):
    return crypto.fingerprint(f"{door}|{account}")


def known_key_of(key):
    """The counter that all browsers which are known for the account share."""
    return crypto.fingerprint(f"known|{key}")


def counters_of(door, account):
    """The keys of all counters of an account."""
    key = key_of(door, account)
    return [key, known_key_of(key)]


def network_of(address):
    """What counts as one address: IPv6 hands a whole /64 to one customer."""
    if not address:
        return ""
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if parsed.version == 6 else address


def minutes_paused(keys):
    """{key: minutes until it takes attempts again} of those that take none now."""
    paused = LoginThrottle.objects.filter(
        key__in=keys, window_started_at__gt=_oldest(), attempts__gte=settings.LOGIN_FAILURE_LIMIT
    )
    return {row.key: -(-_seconds_of(row) // 60) for row in paused}


def give_back(attempt):
    """It was the owner: the account's attempts are forgotten, and the address has one less."""
    _lower(attempt, "CASE WHEN key = %s THEN 0 ELSE GREATEST(attempts - 1, 0) END", attempt.key)


def return_one(attempt):
    """This attempt does not count; those before it do, since the second factor is still to be shown."""
    _lower(attempt, "GREATEST(attempts - 1, 0)")


def _lower(attempt, expression, *parameters):
    if connection.vendor == "sqlite":
        expression = expression.replace("GREATEST", "MAX")
    keys = sorted({attempt.key, attempt.address_key or attempt.key})
    places = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE accounts_loginthrottle SET attempts = {expression} WHERE key IN ({places})",  # noqa: S608 # nosec B608 – names and places are ours
            [*parameters, *keys],
        )


def forget(keys):
    """Forget the attempts counted under these keys. Returns how many counters there were."""
    removed, _by_model = LoginThrottle.objects.filter(key__in=list(keys), attempts__gt=0).delete()
    return removed


def wants_captcha(door, account="", user=None):
    """Whether the next attempt has to come with a captcha: after three failures, or while somebody sprays."""
    keys = [key_of(door, account)] if account else []
    if keys and device_cookie.current().knows(keys[0], user):
        keys = [known_key_of(keys[0])]
    elif _spread(network_of(context.current().address)).is_city_wide:
        return True
    failed = LoginThrottle.objects.filter(key__in=keys, window_started_at__gt=_oldest())
    return failed.filter(attempts__gte=settings.CAPTCHA_AFTER_FAILURES).exists() if keys else False


# Spraying: one guess over many accounts


@dataclass(frozen=True)
class Spread:
    """How many different accounts somebody failed at lately, from one address and in the whole city."""

    at_address: int = 0
    in_city: int = 0

    @property
    def is_city_wide(self):
        return self.in_city >= settings.SPRAY_CITY_ACCOUNTS


CITY = "spread|city"


def _spread(address):
    here, city = crypto.fingerprint(f"spread|{address}"), crypto.fingerprint(CITY)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, attempts FROM accounts_loginthrottle WHERE key IN (%s, %s) AND window_started_at > %s",
            [here, city, _adapted(_oldest())],
        )
        counts = dict(cursor.fetchall())
    return Spread(counts.get(here, 0), counts.get(city, 0))


def note_failure(attempt):
    """A wrong password: how many accounts does somebody try? Told to the city once a window."""
    if attempt.number == 1:
        LoginThrottle.objects.filter(window_started_at__lt=_oldest() - timedelta(days=1)).delete()
    if not attempt.address:
        return
    pair = crypto.fingerprint(f"pair|{attempt.address}|{attempt.key}")
    here, city = crypto.fingerprint(f"spread|{attempt.address}"), crypto.fingerprint(CITY)
    grown = [here] if _count([pair])[pair].attempts == 1 else []
    grown += [city] if attempt.number == 1 else []
    counted = _count(grown) if grown else {}
    for key, limit, where in (
        (here, settings.SPRAY_ADDRESS_ACCOUNTS, "address"),
        (city, settings.SPRAY_CITY_ACCOUNTS, "city"),
    ):
        if key in counted and counted[key].attempts == limit:
            with transaction.atomic():
                log.record("login.spraying", data={"where": where, "accounts": limit})


# Counters


@dataclass(frozen=True)
class Counter:
    attempts: int
    window_started_at: datetime


def _count(keys):
    """{key: Counter} after one more on each, all in one statement; a window that is over begins anew.

    In the order of the keys: two statements that count the same rows never wait for each other.
    """
    now, oldest = _adapted(timezone.now()), _adapted(_oldest())
    keys = sorted(keys)
    rows = ", ".join(["(%s, 1, %s)"] * len(keys))
    statement = f"""
        INSERT INTO accounts_loginthrottle AS counter (key, attempts, window_started_at) VALUES {rows}
        ON CONFLICT (key) DO UPDATE SET
            attempts = CASE WHEN counter.window_started_at <= %s THEN 1
                            WHEN counter.attempts < 30000 THEN counter.attempts + 1
                            ELSE counter.attempts END,
            window_started_at = CASE WHEN counter.window_started_at <= %s THEN excluded.window_started_at
                                     ELSE counter.window_started_at END
        RETURNING key, attempts, window_started_at
    """  # noqa: S608 # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(statement, [part for key in keys for part in (key, now)] + [oldest, oldest])
        return {key: Counter(attempts, _read(began)) for key, attempts, began in cursor.fetchall()}


def _adapted(moment):
    return connection.ops.adapt_datetimefield_value(moment)


def _read(moment):
    """SQLite gives the moment as it keeps it, in UTC without saying so."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds_of(row):
    """Until the counter takes attempts again."""
    left = row.window_started_at - _oldest()
    return max(1, int(left.total_seconds()))


def _oldest():
    return timezone.now() - timedelta(minutes=settings.LOGIN_FAILURE_MINUTES)
