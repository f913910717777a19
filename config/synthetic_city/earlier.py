"""Actions at an earlier time: a city has a history."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone


@contextmanager
def days_ago(days):
    """What is written inside is `days` days old: Django's clock, which all of ours ask, goes so much behind."""
    behind = timedelta(days=days)

    class Behind(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - behind

    timezone.datetime = Behind  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.datetime = datetime  # type: ignore[attr-defined]
