"""Taiwanese identity numbers: national (身分證統一編號) and resident ones (統一證號), new and old.

Rules: the letter counts as two digits, then weights 1 9 8 7 6 5 4 3 2 1 and 1 for the check digit; the sum is
a multiple of ten. Old resident numbers have a second letter, A to D, that counts as its unit digit.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # counted from 10
WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
SHAPE = re.compile(r"[A-Z][A-D\d]\d{8}")
LENGTH = 10
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


def normalize(text):
    """Capitals, half width, without spaces, hyphens and invisible characters."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(one for one in plain if one.isalnum()).upper()


def kind_of(number):
    """The kind of a normalised number that is valid, else None."""
    if not SHAPE.fullmatch(number) or not number.isascii():
        return None
    kind = KINDS_BY_SECOND.get(number[1])
    return kind if kind and _checksum(number) % 10 == 0 else None


def _checksum(number):
    area = LETTERS.index(number[0]) + 10
    second = LETTERS.index(number[1]) % 10 if number[1].isalpha() else int(number[1])
    digits = [area // 10, area % 10, second, *map(int, number[2:])]
    return sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True))


def validate(text):
    """Raise ValidationError, in words a parent can act on, unless `text` is a valid number of some kind."""
    number = normalize(text)
    if kind_of(number):
        return
    if len(number) != LENGTH:
        raise ValidationError(
            _("證號應該是 10 個字，您輸入了 %(length)d 個，請再核對一次。") % {"length": len(number)},
            code="length",
        )
    if re.search(r"[OI]", number[1:]):
        raise ValidationError(_("證號的數字部分有英文字母 O 或 I，請改成數字 0 或 1。"), code="letter")
    if not SHAPE.fullmatch(number) or number[1] not in KINDS_BY_SECOND:
        raise ValidationError(
            _("證號的格式不對。身分證是 1 個英文字母加 9 個數字，例如 A 開頭、第二碼是 1 或 2。"),
            code="shape",
        )
    raise ValidationError(_("證號不正確，可能打錯一個字，請對照證件再核對一次。"), code="checksum")


def mask(number, head=2, tail=2):
    """`number` with its middle hidden: A1••••••89."""
    return number[:head] + BULLET * max(len(number) - head - tail, 0) + number[len(number) - tail :]


def blot_out(text):
    """`text` without anything that looks like a number: a file may be named after a person."""
    return re.sub(r"(?<![A-Za-z0-9])[A-Za-z][A-Da-d1289]\d{8}(?!\d)", BULLET * 3, text)


def mask_name(name):
    """A name that only who knows it recognises: 王大明 -> 王〇明, 王明 -> 王〇, Nguyen Thi Hoa -> N••• T•• H••."""
    name = name.strip()
    if name.isascii() or " " in name:
        return " ".join(word[0] + BULLET * min(len(word) - 1, 3) for word in name.split())
    if len(name) <= 2:
        return name[:1] + "〇" * (len(name) - 1)
    return name[0] + "〇" * (len(name) - 2) + name[-1]
