"""What every page may write of names, dates and numbers."""

from django.conf import settings
from django.utils import timezone

from core import emails, formats, identity, names
from registry import deadlines
from registry.problems import only_asks, places, problems


def identity_beginning():
    """For static/js/enhance.js: a pattern of what may become an ID number while one types."""
    return identity.BEGINNING


def mask_name(name):
    return names.mask(name)


def roc_date(day):
    return formats.roc_date(day) if day else ""


def roc_short(day):
    return formats.roc_short(day) if day else ""


def setting(name):
    """A number of days, hours or minutes as the settings have it: a page never writes one out."""
    if not name.endswith(("_DAYS", "_HOURS", "_MINUTES")):
        raise ValueError(f"{name} is no length of time")
    return getattr(settings, name)


def days_left(day):
    """How far a deadline is, in words: 還有 5 天"""
    return deadlines.in_words(day) if day else ""


def roc_datetime(moment):
    """Local time: 115/09/14 08:05"""
    if not moment:
        return ""
    local = timezone.localtime(moment)
    return f"{formats.roc_short(local.date())} {local:%H:%M}"


def dollars(amount):
    """Whole New Taiwan dollars, grouped: 14,520"""
    return f"{amount:,}" if isinstance(amount, int) else ""


def mobile(number):
    return formats.display_mobile(number) if number else ""


def mask_email(email):
    """w•••@example.com: enough for its owner to recognise."""
    return emails.mask(email)


FILTERS = {
    one.__name__: one
    for one in (
        days_left,
        dollars,
        mask_email,
        mask_name,
        mobile,
        only_asks,
        places,
        problems,
        roc_date,
        roc_datetime,
        roc_short,
    )
}
FUNCTIONS = {"identity_beginning": identity_beginning, "setting": setting}
