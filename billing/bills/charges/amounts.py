"""Amounts of money as offices write them, in whole New Taiwan dollars."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.spreadsheets import Broken, Number, refuse_broken

MOST_DOLLARS = 999_999_999  # nine places in the third barcode
NOTHING = re.compile(r"[-−–—─－]{1,3}")
SIGN = "[-+−–—－△▲]?"
DUST = Decimal("0.000001")  # what a spreadsheet's calculation leaves behind the point
DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
AMOUNT = re.compile(
    rf"(?P<before>{SIGN})\s*(?:NTD|NT\$|TWD|NT|\$|新[臺台]幣)?\s*(?P<inside>{SIGN})\s*"
    rf"(?P<digits>{DIGITS})\s*(?:元整?|圓整?)?(?P<after>[-−－]?)",
    re.IGNORECASE,
)
# Of such characters alone an amount is written, also one that we don't read: 1.2E3, 50%, 一千, 12.5.
LIKE = re.compile(
    r"[-+−–—－△▲()$%.,'/:\s0-9NTDEWnted一二三四五六七八九十百千萬億兩零〇壹貳參肆伍陸柒捌玖拾佰仟元圓整新臺台幣]+"
)


def dollars(text):
    """The amount that a cell says, -500 for what goes off; None for an empty cell or a dash.

    1,200.00, NT$1,200元 and 1200.0000000001 are 1200; △500, (500), -500 and 500- are -500. Raises ValidationError for
    what is no whole number for certain: 1200.5, 1.2E3, 50%, 一千, a date, a number that begins with zeros.
    """
    refuse_broken(text)
    if isinstance(text, Number) and not text.startswith("-"):
        text = text.lstrip("0") or "0"  # of the format 000000
    text = text.strip().replace("．", ".")  # half width leaves it, for it stands inside names
    if not text or NOTHING.fullmatch(text):
        return None
    in_brackets = text.startswith("(") and text.endswith(")")
    found = AMOUNT.fullmatch(text[1:-1].strip() if in_brackets else text)
    signs = [one for one in found.group("before", "inside", "after") if one] if found else []
    if found is None or len(signs) + in_brackets > 1 or _begins_with_zeros(found["digits"]):
        raise ValidationError(_("金額要是整數，例如 1200 或 -500。"))
    amount = _whole(found["digits"])
    if amount > MOST_DOLLARS:
        raise ValidationError(_("金額太大了，請檢查。"))
    return -amount if in_brackets or (signs and signs[0] != "+") else amount


def _begins_with_zeros(digits):
    """0912345678 is a telephone number, 0500 nobody knows what."""
    return len(digits) > 1 and digits[0] == "0" and digits[1] != "."


def _whole(digits):
    number = Decimal(digits.replace(",", "").replace(" ", ""))
    whole = number.to_integral_value()
    if abs(number - whole) > DUST:
        raise ValidationError(_("金額有小數，請改成整數。"))
    return int(whole)


def is_like_an_amount(text):
    """Whether somebody meant an amount, also one that `dollars` refuses; words are none."""
    if isinstance(text, Broken) or text.startswith("="):
        return True
    return bool(LIKE.fullmatch(text)) and not NOTHING.fullmatch(text)
