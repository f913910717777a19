"""Taiwanese identity numbers: national (身分證統一編號) and resident ones (統一證號), new and old.

Rules: the letter counts as two digits, then weights 1 9 8 7 6 5 4 3 2 1 and 1 for the check digit; the sum is
a multiple of ten. Old resident numbers have a second letter, A to D, that counts as its unit digit.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import without_invisible

LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # counted from 10
WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
SHAPE = re.compile(r"[A-Z][A-D\d]\d{8}")
LIKE = re.compile(r"[A-Z][A-D\d]\d{6}")
# However people write it, in half width and without invisible characters; kind_of has the last word.
WRITTEN = re.compile(r"([A-Z][\W_]{0,6}[A-D1289](?:[\W_]{0,6}[0-9]){8})(?![0-9])", re.IGNORECASE)
# How one begins, for static/js/enhance.js: what is sent while one types (a regular expression of JavaScript).
BEGINNING = r"[a-z][^\p{L}\p{N}]{0,6}[a-d\p{Nd}](?:[^\p{L}\p{N}]{0,6}\p{Nd}){2,}"
MACHINE_MADE = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{32,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![0-9a-z])", re.IGNORECASE
)
LENGTH = 10
# What no normal form makes plain: Chinese numerals, and letters in white on black (🅐 🅰).
PLAIN = dict(zip("〇零○一二三四五六七八九壹貳參肆伍陸柒捌玖", "000123456789123456789", strict=True)) | {
    chr(first + place): chr(ord("A") + place) for first in (0x1F150, 0x1F170) for place in range(26)
}
REVERSED = "\u202e"  # what follows is shown from right to left
# A word of an address or of HTML in which characters stand as %41, &#65; or &nbsp;.
ENCODED = re.compile(r"\S*(?:%[0-9a-f]{2}|&#?\w{1,8};)\S*", re.IGNORECASE)
SHORTEST = 6  # characters that can hold a number: ⑫ stands for two digits
BULLET = "•"


class Kind(models.TextChoices):
    NATIONAL = "national", gettext_lazy("身分證統一編號")
    RESIDENT = "resident", gettext_lazy("新式統一證號")
    RESIDENT_OLD = "resident_old", gettext_lazy("舊式統一證號")


KINDS_BY_SECOND = {
    **dict.fromkeys("12", Kind.NATIONAL),
    **dict.fromkeys("89", Kind.RESIDENT),
    **dict.fromkeys("ABCD", Kind.RESIDENT_OLD),
}


def normalize(text: str) -> str:
    """Capitals, half width, plain digits, without spaces, hyphens and invisible characters."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(_plain(one) for one in plain if one.isalnum()).upper()


def _plain(one: str) -> str:
    """`one` in ASCII where it is a digit of any script or stands for a digit or letter, else as it is."""
    if one.isascii():
        return one
    return str(unicodedata.digit(one)) if one.isdigit() else PLAIN.get(one, one)


def kind_of(number: str) -> Kind | None:
    """The kind of a normalised number that is valid, else None."""
    if not SHAPE.fullmatch(number) or not number.isascii():
        return None
    kind = KINDS_BY_SECOND.get(number[1])
    return kind if kind and _checksum(number) % 10 == 0 else None


def is_of_man(number: str) -> bool:
    """Whether a valid, normalised number is a man's: its second character 1, 8, A or C; a woman's has 2, 9, B or D."""
    return number[1] in "18AC"


def _checksum(number: str) -> int:
    area = LETTERS.index(number[0]) + 10
    second = LETTERS.index(number[1]) % 10 if number[1].isalpha() else int(number[1])
    digits = [area // 10, area % 10, second, *map(int, number[2:])]
    return sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True))


def validate(text: str) -> None:
    """Raise ValidationError, in words a parent can act on, unless `text` is a valid number of some kind."""
    number = normalize(text)
    if kind_of(number):
        return
    if len(number) != LENGTH:
        raise ValidationError(
            _("證號應該是 10 個字，您輸入了 %(length)d 個，請再核對一次。") % {"length": len(number)}, code="length"
        )
    if re.search(r"[OI]", number[1:]):
        raise ValidationError(_("證號的數字部分有英文字母 O 或 I，請改成數字 0 或 1。"), code="letter")
    if not SHAPE.fullmatch(number) or number[1] not in KINDS_BY_SECOND:
        raise ValidationError(
            _("證號的格式不對。身分證是 1 個英文字母加 9 個數字，例如 A 開頭、第二碼是 1 或 2。"), code="shape"
        )
    raise ValidationError(_("證號不正確，可能打錯一個字，請對照證件再核對一次。"), code="checksum")


def mask(number: str, head: int = 2, tail: int = 2) -> str:
    """`number` with its middle hidden: A1••••••89."""
    return number[:head] + BULLET * max(len(number) - head - tail, 0) + number[len(number) - tail :]


def is_in(text: str) -> bool:
    """Whether `text` holds a valid number, however it is written: see `spans`."""
    return bool(spans(text))


def may_be_in(text: str) -> bool:
    """Whether `text` holds what may be a number, be it misspelt: too much to stand in an address that logs keep."""
    return bool(SHAPE.search(normalize(text)) or is_in(text))


def resembles(text: str) -> bool:
    """Whether the normalised `text` holds what may have become a number, however badly: not to be shown."""
    return bool(LIKE.search(text))


def refuse_in(text: str, words: str | Promise = "") -> None:
    """The one guard of free words, which are kept and shown as they are. Raises ValidationError, saying `words`."""
    if is_in(text):
        words = str(words) or _("請不要在這裡寫身分證統一編號或居留證號，刪掉再送出。")
        raise ValidationError(words, code="identity_number")


def blot_out(text: str, instead: str = BULLET * 3) -> str:
    """`text` with `instead` in the place of each valid number in it, however that is written."""
    kept, begin = [], 0
    for start, end in spans(text):
        kept += [text[begin:start], instead]
        begin = end
    return "".join([*kept, text[begin:]])


def blot_out_data(data: Any, instead: str = BULLET * 3) -> Any:
    """`data`, as JSON can keep it, with numbers blotted out of each text in it, of keys too."""
    if isinstance(data, dict):
        return {blot_out(str(key), instead): blot_out_data(value, instead) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [blot_out_data(item, instead) for item in data]
    return blot_out(data, instead) if isinstance(data, str) else data


def spans(text: str) -> list[tuple[int, int]]:
    """[(start, end)] in `text` of each valid number in it, from the left.

    Found in capitals or not, in any width and any digits, inside words, with up to six signs, spaces or invisible
    characters between two digits, turned around after a mark that shows it from right to left, and percent-encoded in
    an address. Ten digits and more after the letter are another number, and so is what stands inside a digest or a
    UUID: neither is written by hand.
    """
    if len(text) < SHORTEST:
        return []
    found = list(_spans_forwards(text))
    if REVERSED in text:
        end = len(text)
        found += [(end - last, end - first) for first, last in _spans_forwards(text[::-1])]
    if "%" in text or "&" in text:
        found += [word.span() for word in ENCODED.finditer(text) if _is_in_encoded(word[0])]
    return _without_overlaps(sorted(found))


def _is_in_encoded(word: str) -> bool:
    """Whether a number comes out when `word` is decoded, as often as it was encoded (a few times at most)."""
    for _time in range(3):
        before, word = word, unquote(unescape(word))
        if word == before:
            return False
        if any(True for _span in _spans_forwards(word)):
            return True
    return False


def _without_overlaps(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _spans_forwards(text: str) -> Iterator[tuple[int, int]]:
    if not WRITTEN.search(_folded(text)):
        return
    plain, places = _unfolded(text)
    skipped = [found.span() for found in MACHINE_MADE.finditer(plain)]
    position = 0
    while found := WRITTEN.search(plain, position):
        start, end = found.span(1)
        number = "".join(one for one in found[1] if one.isalnum()).upper()
        if kind_of(number) and not any(low <= start and end <= high for low, high in skipped):
            yield places[start], places[end - 1] + 1
            position = end
        else:
            position = start + 1


def _folded(text: str) -> str:
    """`text` in half width and plain digits, without invisible characters."""
    if text.isascii():
        return without_invisible(text)
    return "".join(map(_plain, without_invisible(unicodedata.normalize("NFKD", text))))


def _unfolded(text: str) -> tuple[str, list[int]]:
    """The same text, and for each of its characters where in `text` it stood."""
    plain, places = [], []
    for place, one in enumerate(text):
        for part in _folded(one):
            plain.append(part)
            places.append(place)
    return "".join(plain), places
