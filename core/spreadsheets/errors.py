"""What is wrong with a table, and where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from core import identity
from core.languages import labelled


def place_of(line: int, *, sheet: str = "", column: str = "") -> str:
    """A place as people find it: 「110班」工作表第 3 列「學費」; without a sheet where the file has none."""
    words = {"sheet": sheet, "line": line, "column": column}
    if not line:
        return _("「%(sheet)s」工作表") % words if sheet else _("檔案")
    if sheet and column:
        return _("「%(sheet)s」工作表第 %(line)d 列「%(column)s」") % words
    if sheet:
        return _("「%(sheet)s」工作表第 %(line)d 列") % words
    if column:
        return _("第 %(line)d 列「%(column)s」") % words
    return _("第 %(line)d 列") % words


@dataclass(frozen=True)
class RowError:
    """What is wrong, where: `line` of the sheet, counted from 1 (0 is the file itself), the column's title.

    `value` is what was typed there, `name` the student's; neither is ever an ID number. `sheet` is the worksheet's
    name, "" in a text file.
    """

    line: int
    column: str
    reason: str
    value: str = ""
    name: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        return labelled(self.where) + self.reason

    def as_list(self) -> list[int | str]:
        """As JSON keeps it, without ID numbers: RowError(*as_list) is the same again."""
        more = [self.value, self.name, self.sheet]
        while more and not more[-1]:
            more.pop()
        return identity.blot_out_data([self.line, self.column, self.reason, *more])

    @property
    def where(self) -> str:
        return place_of(self.line, sheet=self.sheet, column=self.column)


def said_once(errors: Sequence[RowError], *, many: int) -> list[RowError]:
    """`errors` for a page: where more than `many` of one column are the same, the first speaks for all of them."""
    times = Counter((one.sheet, one.column, one.reason) for one in errors)
    told: dict[Any, RowError] = {}
    for place, one in enumerate(errors):
        key = (one.sheet, one.column, one.reason)
        if times[key] <= many or not one.line:
            told[place] = one
        elif key not in told:
            words = _("%(reason)s（這一欄共 %(count)d 列都是這樣）")
            told[key] = replace(one, reason=words % {"reason": one.reason, "count": times[key]})
    return list(told.values())


class UnreadableFile(Exception):
    """The file as a whole can't be read; `error` says why."""

    def __init__(self, reason: str, *, line: int = 0, column: str = "", sheet: str = "") -> None:
        super().__init__(reason)
        self.error = RowError(line, column, reason, sheet=sheet)
