"""Counters of attempts in the database, each with a window that begins with its first attempt."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone


@dataclass(frozen=True)
class Counter:
    attempts: int
    seconds_left: int  # until the window is over


def count(keys: list[str], *, minutes: int | None = None) -> dict[str, Counter]:
    """{key: Counter} after one more on each, all in one statement; a window that is over begins anew.

    A window lasts `minutes`, or LOGIN_FAILURE_MINUTES. In the order of the keys: two statements that count the same
    rows never wait for each other.
    """
    now, oldest = adapted(timezone.now()), adapted(oldest_start(minutes))
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
        return {
            key: Counter(attempts, seconds_left(_read(began), minutes)) for key, attempts, began in cursor.fetchall()
        }


def lower(keys: list[str], *, cleared: str = "") -> None:
    """One attempt less on each of `keys`, none at all on `cleared`."""
    least = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    places = ", ".join(["%s"] * len(keys))
    statement = f"""
        UPDATE accounts_loginthrottle
        SET attempts = CASE WHEN key = %s THEN 0 ELSE {least}(attempts - 1, 0) END WHERE key IN ({places})
    """  # noqa: S608 # nosec B608 – names and places are ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [cleared, *sorted(keys)])


def oldest_start(minutes: int | None = None) -> datetime:
    """A window that began before this moment is over."""
    minutes = settings.LOGIN_FAILURE_MINUTES if minutes is None else minutes
    return timezone.now() - timedelta(minutes=minutes)


def seconds_left(started_at: datetime, minutes: int | None = None) -> int:
    return max(1, int((started_at - oldest_start(minutes)).total_seconds()))


def adapted(moment: datetime):
    return connection.ops.adapt_datetimefield_value(moment)


def _read(moment):
    """SQLite gives the moment as it keeps it, in UTC without saying so."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
