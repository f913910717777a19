"""Lines below a table that are nobody's: their sums are compared with what was read."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.bills.charges.amounts import dollars
from core.spreadsheets import place_of

SUM = re.compile(r"計|總|total|sum", re.IGNORECASE)
NO_SUM = re.compile(r"平均|人數|average", re.IGNORECASE)


@dataclass(frozen=True)
class Foot:
    """`cells` by the column's place; it may add up the rows from one of `begins` (the last foot, the sheet, the file)
    to `end`, all of them counted through the file."""

    sheet: str
    line: int
    words: str
    cells: dict[int, str]
    begins: tuple[int, ...]
    end: int

    @property
    def where(self):
        return place_of(self.line, sheet=self.sheet)


def differences_of(foot, columns, amounts):
    """A sentence for each sum that is none of what was read; `amounts` are those of all rows, by column."""
    if not SUM.search(foot.words) or NO_SUM.search(foot.words):
        return
    for place, cell in foot.cells.items():
        try:
            told = dollars(cell)
        except ValidationError:
            continue
        sums = [sum(row[place] or 0 for row in amounts[begin : foot.end]) for begin in foot.begins]
        if told is not None and told not in sums:
            words = _("請檢查：%(place)s「%(column)s」寫 %(told)s 元，讀到的各列相加是 %(sum)s 元。")
            figures = {"told": f"{told:,}", "sum": f"{sums[-1]:,}"}
            yield words % {"place": foot.where, "column": columns[place].title, **figures}
