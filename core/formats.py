"""Dates of the Republic (民國) and accounts as people in Taiwan write them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from core.languages import speaks_chinese
from core.school_year import ROC_OFFSET

ERA = r"(?:(?:中華民[國国]|民[國国]|民)\s*[/.]?\s*)?"
SEPARATED = re.compile(rf"{ERA}(\d{{1,4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日號]?\.?")
RUN = re.compile(rf"{ERA}(\d{{2,4}})(\d{{2}})(\d{{2}})")
SERIAL = re.compile(r"\d{5}")
# What a spreadsheet or a system writes behind a day: 上午 12:00:00, T00:00:00.000, 0:00, 12:00 AM, Z, +08:00.
TIME = re.compile(
    r"(?:T|\s*)(上午|下午|AM|PM)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(上午|下午|AM|PM)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(18_264, 55_153)  # 1950 to 2050
CHINESE_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class WrittenDate:
    """A day as somebody wrote it; `time` is the time of day beside it ("" for none, or midnight).

    `is_serial`: it was the number of days that a spreadsheet counts with.
    """

    day: date
    time: str = ""
    is_serial: bool = False


def parse_date(text: str) -> date:
    """A date from 2008-05-03, 2008/5/3, 97/05/03, 0970503, 民國97年5月3日 or 2008/5/3 上午 12:00:00. Raises ValueError.

    A year below 1000 is one of the Republic: 97 is 2008; it has no year 0. A time of day other than midnight and a
    spreadsheet's bare number of days are no date.
    """
    written = read_date(text)
    if written.time or written.is_serial:
        raise ValueError("not a date alone")
    return written.day


def read_date(text: str) -> WrittenDate:
    """A WrittenDate from all that `parse_date` takes, with a time of day or as a spreadsheet's number. Raises ValueError."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if SERIAL.fullmatch(plain) and int(plain) in SERIALS:
        return WrittenDate(EXCEL_EPOCH + timedelta(days=int(plain)), is_serial=True)
    day, time = plain, ""
    if ":" in plain and (found := re.search(r"\s*(?:T|上午|下午|AM|PM)?\s*\d{1,2}:", plain, re.IGNORECASE)):
        day, time = plain[: found.start()], _time_of_day(plain[found.start() :])
    return WrittenDate(_day_of(_with_digits(day)), time)


def _day_of(plain: str) -> date:
    found = SEPARATED.fullmatch(plain) or RUN.fullmatch(plain)
    if not found:
        raise ValueError("not a date")
    year, month, day = (int(part) for part in found.groups())
    if not year:
        raise ValueError("no such year")
    return date(year if year >= 1000 else year + ROC_OFFSET, month, day)


def _time_of_day(text: str) -> str:
    """HH:MM of 下午 3:05:00 and the like, "" for midnight. Raises ValueError."""
    found = TIME.fullmatch(text)
    if not found:
        raise ValueError("not a time")
    half = (found[1] or found[5] or "").upper()
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if half in ("上午", "AM", "下午", "PM"):
        hour = hour % 12 + (12 if half in ("下午", "PM") else 0)
    clock = time(hour, minute, second)
    if second == 59 and clock < time(23, 59):  # 15:59:59.999 is how a spreadsheet's fraction of a day says 16:00
        clock = time(hour + (minute + 1) // 60, (minute + 1) % 60)
    zone = (found[6] or "").upper()
    if clock == time() and zone in ("", "+08:00", "+0800"):
        return ""
    return clock.strftime("%H:%M")


def _with_digits(plain: str) -> str:
    """九十八年五月三日 in digits."""
    if not re.search(r"[一二三四五六七八九十]", plain):
        return plain
    plain = re.sub("[零○]", "〇", plain)
    return re.sub("[〇一二三四五六七八九十百]+", lambda found: str(_chinese_number(found[0])), plain)


def _chinese_number(text: str) -> int:
    """98 of 九十八, 109 of 一百零九 or 一〇九. Raises ValueError."""
    if not re.search("[十百]", text):
        return int("".join(str(CHINESE_DIGITS.index(one)) for one in text))
    hundreds, hundred, rest = text.rpartition("百")
    tens, ten, ones = rest.strip("〇").rpartition("十")
    return (
        (CHINESE_DIGITS.index(hundreds or "一") if hundred else 0) * 100
        + (CHINESE_DIGITS.index(tens or "一") if ten else 0) * 10
        + (CHINESE_DIGITS.index(ones) if ones else 0)
    )


# How a day is written out and in short (Django's letters), where years of the Republic mean nothing to the reader.
WRITTEN_OUT = {"en": "j F Y", "id": "j F Y", "vi": "j/n/Y"}
WITH_WEEKDAY = {"en": "l j F", "id": "l, j F", "vi": "l, j/n"}
SHORT = {"en": "Y-m-d", "id": "d/m/Y", "vi": "d/m/Y"}


def roc_date(day: date) -> str:
    """民國 115 年 9 月 14 日; 14 September 2026 in English and Indonesian, 14/9/2026 in Vietnamese."""
    language = _language()
    if language.startswith("zh"):
        return f"民國 {day.year - ROC_OFFSET} 年 {day.month} 月 {day.day} 日"
    return date_format(day, WRITTEN_OUT.get(language, "j F Y"))


def roc_short(day: date) -> str:
    """115/09/14; 2026-09-14 in English, 14/09/2026 in Vietnamese and Indonesian."""
    language = _language()
    if language.startswith("zh"):
        return f"{day.year - ROC_OFFSET}/{day:%m/%d}"
    return date_format(day, SHORT.get(language, "Y-m-d"))


def roc_moment(moment: datetime) -> str:
    """Local time: 115/09/14 08:05"""
    local = timezone.localtime(moment)
    return f"{roc_short(local.date())} {local:%H:%M}"


def day_in_words(day: date) -> str:
    """12 月 19 日（六）; Saturday 19 December; with its year where that is not the present one."""
    if day.year != timezone.localdate().year:
        return roc_date(day)
    if speaks_chinese():
        return f"{day.month} 月 {day.day} 日（{'一二三四五六日'[day.weekday()]}）"
    return date_format(day, WITH_WEEKDAY.get(_language(), "l j F"))


def moment_in_words(moment: datetime) -> str:
    """12 月 19 日（六）23:59, in local time."""
    local = timezone.localtime(moment)
    space = "" if speaks_chinese() and local.year == timezone.localdate().year else " "
    return f"{day_in_words(local.date())}{space}{local:%H:%M}"


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def display_mobile(number: str) -> str:
    """0912-345-678"""
    return f"{number[:4]}-{number[4:7]}-{number[7:]}" if len(number) == 10 else number


def normalize_account(text: str) -> str:
    """An account as it is compared: half width, without spaces, capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
