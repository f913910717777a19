"""What every page may write of names, dates and numbers."""

import re
from datetime import datetime
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core import emails, formats, identity, names
from core.languages import bracketed, comma, in_a_row, joined, labelled, speaks_chinese
from core.phones import Contact, Phone
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


def day_in_words(day):
    """Of a date, or of a moment's local day."""
    day = timezone.localtime(day).date() if isinstance(day, datetime) else day
    return formats.day_in_words(day) if day else ""


def moment_in_words(moment):
    return formats.moment_in_words(moment) if moment else ""


def roc_datetime(moment):
    """Local time: 115/09/14 08:05"""
    return formats.roc_moment(moment) if moment else ""


def money(amount):
    """Whole New Taiwan dollars where a sum stands alone: NT$14,520"""
    return f"NT${dollars(amount)}".replace("NT$-", "-NT$")


def dollars(amount):
    """Whole New Taiwan dollars, grouped: 14,520"""
    return f"{amount:,}" if isinstance(amount, int) else ""


def number(count):
    """A whole number, grouped: 12,345"""
    return f"{count:,}" if isinstance(count, int) else count


def mobile(number):
    return formats.display_mobile(number) if number else ""


def mask_email(email):
    """w•••@example.com: enough for its owner to recognise."""
    return emails.mask(email)


def email_hint(email):
    """w•••g@gmial.com, for who helps on the phone."""
    return emails.hint(email)


def email_doubt(email):
    """The domain that was likely meant, where the address has a slip in it; else ""."""
    return emails.likely(email).rpartition("@")[2]


def city_contact():
    """The city's own telephone, for pages that belong to no school; without a number it is false."""
    return Contact(_("臺北市服務專線"), _city_phone(settings.CITY_HELPDESK_PHONE))


@cache
def _city_phone(text):
    return Phone.parse(text) if text else Phone("")


HAN = re.compile("[\u3400-\u9fff]")


def telephone(text):
    """What a person wrote as the way to be reached: a number to tap where it is one, else as it stands."""
    try:
        return Phone.parse(str(text))
    except ValidationError:
        return own_words(text)


def own_words(text):
    """What a school wrote itself and nobody translated, told to screen readers as Chinese (WCAG 3.1.2)."""
    if speaks_chinese() or not HAN.search(str(text)):
        return text
    return format_html('<span lang="zh-Hant">{}</span>', text)


FILTERS = {
    one.__name__: one
    for one in (
        bracketed,
        day_in_words,
        days_left,
        dollars,
        email_doubt,
        email_hint,
        in_a_row,
        joined,
        labelled,
        mask_email,
        mask_name,
        mobile,
        moment_in_words,
        money,
        number,
        own_words,
        only_asks,
        places,
        problems,
        roc_date,
        roc_datetime,
        roc_short,
        telephone,
    )
}
FUNCTIONS = {"city_contact": city_contact, "comma": comma, "identity_beginning": identity_beginning, "setting": setting}
