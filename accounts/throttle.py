"""Pauses an account after too many wrong passwords.

An attempt is taken before any password work and given back by success, so a hundred parallel guesses
get no more than the limit. It counts per account and door, never per address: a school shares one.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import LoginThrottle
from registry import crypto


class Paused(Exception):
    """The account takes no attempt now; `minutes` until it does again."""

    def __init__(self, minutes):
        super().__init__()
        self.minutes = minutes


def take(door, account):
    """Use up one attempt, or raise `Paused`. Returns the key to `give_back` on success."""
    key = key_of(door, account)
    for _rival in range(2):
        if _count(key) or _restart(key) or _begin(key):
            return key
    raise Paused(minutes=_minutes_left(key))


def key_of(door, account):
    return crypto.fingerprint(f"{door}|{account}")


def minutes_paused(keys):
    """{key: minutes until it takes attempts again} of those that take none now."""
    paused = LoginThrottle.objects.filter(
        key__in=keys, window_started_at__gt=_oldest(), attempts__gte=settings.LOGIN_FAILURE_LIMIT
    )
    return {row.key: _minutes_of(row) for row in paused}


def give_back(key):
    """Forget the attempts. Returns how many counters there were: none or one."""
    removed, _by_model = LoginThrottle.objects.filter(key=key).delete()
    return removed


def _count(key):
    return LoginThrottle.objects.filter(
        key=key, window_started_at__gt=_oldest(), attempts__lt=settings.LOGIN_FAILURE_LIMIT
    ).update(attempts=F("attempts") + 1)


def _restart(key):
    return LoginThrottle.objects.filter(key=key, window_started_at__lte=_oldest()).update(
        attempts=1, window_started_at=timezone.now()
    )


def _begin(key):
    """Begin a window, and sweep away those long over. False when a rival began the window a moment ago: then it is to be counted, not begun."""
    LoginThrottle.objects.filter(window_started_at__lt=_oldest() - timedelta(days=1)).delete()
    _row, created = LoginThrottle.objects.get_or_create(
        key=key, defaults={"attempts": 1, "window_started_at": timezone.now()}
    )
    return created


def _minutes_left(key):
    row = LoginThrottle.objects.filter(key=key).first()
    return _minutes_of(row) if row else 1


def _minutes_of(row):
    left = row.window_started_at - _oldest()
    return max(1, -(-int(left.total_seconds()) // 60))


def _oldest():
    return timezone.now() - timedelta(minutes=settings.LOGIN_FAILURE_MINUTES)
