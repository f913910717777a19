"""Lines below a table that are nobody's: each is named, and its sums are compared with what was read."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.charges.amounts import dollars
from core import identity
from core.spreadsheets import place_of

SUM = re.compile(r"計|總|total|sum", re.IGNORECASE)
NO_SUM = re.compile(r"平均|人數|average", re.IGNORECASE)
LONGEST = 60


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


def notes_of(foot, columns, amounts):
    """Sentences on one foot line; `amounts` are those of all rows of the file, by column."""
    words = identity.blot_out(foot.words)[:LONGEST]
    yield _("%(place)s不是學生，沒有使用：%(words)s") % {"place": foot.where, "words": words}
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
