"""Cells as text: what a person sees in them, and what is to be known about how they came to it."""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import half_width, without_invisible

MAX_CELL = 1000  # characters; no name, note or number is longer
# What a spreadsheet shows where it has no value; saved as CSV or pasted as values it becomes plain text.
ERRORS = re.compile(
    r"#(?:N/A(?: N/A)?|REF!?|DIV/0!?|VALUE!?|NAME\??|NUM!?|NULL!?|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|EXTERNAL!|PYTHON!|GETTING_DATA|ERROR!?|##+)|Err:\d{3}",
    re.IGNORECASE,
)
NOT_COMPUTED = gettext_lazy("這一格的公式還沒有計算，請用 Excel 開啟、存檔後再匯入。")
TOO_NARROW = gettext_lazy("這一格顯示 ####，是欄位太窄。請把欄位拉寬、存檔後再匯入。")
FORMULA = "=…"  # stands for a formula that nobody computed: never empty, and no name, amount or day


class Broken(str):
    """A cell whose value nobody knows for certain; `reason` says why, its text is what the cell shows.

    It is never empty, so that nobody takes it for a cell that was left blank.
    """

    reason: str | Promise

    def __new__(cls, text: str, reason: str | Promise = NOT_COMPUTED) -> Self:
        cell = super().__new__(cls, text)
        cell.reason = reason
        return cell


class Number(str):
    """A cell that holds a number, as its text shows it: no zeros in front unless its format (0000000) shows them.

    `format` is the format's code where it changes what is shown ("0000000", "0%"), else "". A number of more than
    15 digits has lost the last ones: Excel keeps no more (`is_exact`).
    """

    format = ""  # type: ignore[assignment]  # nobody formats a cell

    @classmethod
    def shown_by(cls, code: str, text: str) -> Self:
        """The number as its format shows it."""
        cell = cls(text)
        cell.format = code
        return cell

    @property
    def is_exact(self) -> bool:
        return sum(one.isdigit() for one in self.lstrip("-0")) <= 15


class Day(str):
    """A cell that holds a date: 2008-05-03, and with a time of day (`has_time`) 2008-05-03 08:30:00."""

    @property
    def has_time(self) -> bool:
        return ":" in self


def text_of(cell: object) -> str:
    """The value of a workbook's cell as a str: 301 for the number 301.0, 2008-05-03 for a date."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        return Number(number_text(cell))
    if isinstance(cell, datetime):
        return Day(cell.isoformat(sep=" ", timespec="seconds") if cell.time() != time.min else cell.date().isoformat())
    if isinstance(cell, date):
        return Day(cell.isoformat())
    if isinstance(cell, (time, timedelta)):
        return Day(str(cell))
    return str(cell)


def number_text(number: float) -> str:
    """A number as Excel shows it: a calculation's dust (1200.0000000001) is no fraction."""
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    if math.isfinite(number):
        whole = round(number)
        if math.isclose(number, whole, rel_tol=1e-12, abs_tol=1e-9):
            return str(whole)
    return str(number)


def tidy(cell: str) -> str:
    """A cell in half width, single spaces, without a spreadsheet's tricks (leading ' or =, 301.0).

    Broken, Number and Day stay what they are; text that only shows an error (#N/A) becomes Broken.
    """
    if type(cell) is not str:
        return cell
    text = cell if cell.isascii() and cell.isprintable() else without_invisible(half_width(cell))
    text = " ".join(text.split())[:MAX_CELL]
    if not text:
        return text
    if text[0] == "=" and (quoted := re.fullmatch(r'="(.*)"', text)):
        text = quoted[1]
    text = text.removeprefix("'")
    if text[:1] in "#Ee" and ERRORS.fullmatch(text):
        return broken_as(text)
    return re.sub(r"^(\d+)\.0+$", r"\1", text) if "." in text else text


def broken_as(shown: str) -> Broken:
    """The cell that shows an error: #N/A, #REF!, ####."""
    if not shown.strip("#"):
        return Broken(shown, TOO_NARROW)
    return Broken(shown, gettext_lazy("這一格顯示 %(error)s，請在 Excel 更正後再匯入。") % {"error": shown})


def refuse_broken(cell: str) -> None:
    """Raises ValidationError where the cell's value isn't known for certain."""
    if isinstance(cell, Broken):
        raise ValidationError(str(cell.reason), code="broken")


def column_letter(index: int) -> str:
    """The name that a spreadsheet gives the column at `index`, counted from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_name(index: int) -> str:
    """How a column without a title is named to people: F 欄."""
    return _("%(letter)s 欄") % {"letter": column_letter(index)}
