"""Dates of the Republic (民國), mobile numbers and accounts as people in Taiwan write them."""

import re
import unicodedata
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.school_year import ROC_OFFSET

SEPARATED = re.compile(
    r"(?:民國)?\s*(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?"
)
RUN = re.compile(r"(\d{2,4})(\d{2})(\d{2})")


def parse_date(text):
    """A date from 2008-05-03, 2008/5/3, 97/05/03, 0970503 or 民國97年5月3日. Raises ValueError.

    A year below 1000 is one of the Republic: 97 is 2008; it has no year 0.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = SEPARATED.fullmatch(plain) or RUN.fullmatch(plain)
    if not found:
        raise ValueError("not a date")
    year, month, day = (int(part) for part in found.groups())
    if not year:
        raise ValueError("no such year")
    return date(year if year >= 1000 else year + ROC_OFFSET, month, day)


def roc_date(day):
    """民國 115 年 9 月 14 日; for readers of other languages 14 September 2026."""
    if not speaks_chinese():
        return date_format(day, "j F Y")
    return f"民國 {day.year - ROC_OFFSET} 年 {day.month} 月 {day.day} 日"


def roc_short(day):
    """115/09/14; for readers of other languages 2026-09-14."""
    return f"{day.year - ROC_OFFSET}/{day:%m/%d}" if speaks_chinese() else day.isoformat()


def speaks_chinese():
    """Years of the Republic mean nothing to who does not read Chinese."""
    return (get_language() or settings.LANGUAGE_CODE).startswith("zh")


def normalize_mobile(text):
    """Ten digits starting with 09, from what people type (+886, spaces, hyphens). Raises ValidationError."""
    plain = re.sub(r"[\s\-().–—]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(\+|00)?8860?", "0", plain)
    if not re.fullmatch(r"09\d{8}", plain, re.ASCII):
        raise ValidationError(_("手機號碼應該是 09 開頭的十個數字，例如 0912-345-678。"), code="mobile")
    return plain


def display_mobile(number):
    """0912-345-678"""
    return f"{number[:4]}-{number[4:7]}-{number[7:]}" if len(number) == 10 else number


def normalize_account(text):
    """An account as it is compared: half width, without spaces, capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
