"""The table on a sheet: its titles, the rows below them, and all that stands on the sheet and is none of either."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext as _

from core.spreadsheets.cells import column_name, tidy
from core.spreadsheets.errors import UnreadableFile
from core.spreadsheets.feet import foot_of
from core.spreadsheets.sheets import Line, Sheet
from core.spreadsheets.titles import Titles

MAX_COLUMNS = 60  # with a title; a note may stand far beside the table
BANNERS = 10  # filled lines that may stand above the titles: the school's name, the date of printing


@dataclass
class Filled:
    """How many cells of a column hold something, the first of them and its line."""

    count: int = 0
    line: int = 0
    cell: str = ""

    def add(self, line: int, cell: str) -> None:
        if not self.count:
            self.line, self.cell = line, cell
        self.count += 1


@dataclass
class Table:
    """A sheet with titles; what is left out is known once `rows` has been walked to its end.

    `columns`: what each column means, None for one that nobody knows; `above`, `feet`: (line, words) of the lines above
    the titles and of those that are no rows; `unused`: {index: Filled} of columns that nobody knows, without a title, or past the titles; `count`: rows.
    """

    sheet: Sheet
    line: int
    titles: list[str]
    columns: list[str | None]
    known: Titles
    lines: Iterator[Line]
    above: list[tuple[int, str]] = field(default_factory=list)
    feet: list[tuple[int, str]] = field(default_factory=list)
    unused: dict[int, Filled] = field(default_factory=dict)
    count: int = 0
    unknown: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.sheet.name

    def rows(self, is_foot: Callable[[list[str]], bool] | None = None) -> Iterator[Line]:
        """(line, tidied cells by place, at least as many as titles) of each row.

        `is_foot(cells)` has the last word on a line that looks like a foot. Raises UnreadableFile for titles that
        come twice and for merged cells, of which only the first holds a value.
        """
        self.unknown = [place for place, column in enumerate(self.columns) if column is None]
        for line, cells in self.lines:
            tidied = [tidy(cell) for cell in cells]
            if not any(tidied):
                continue
            tidied += [""] * (len(self.titles) - len(tidied))
            self._refuse_titles(line, tidied)
            if (words := foot_of(tidied)) and (is_foot is None or is_foot(tidied)):
                self.feet.append((line, words))
                continue
            self._refuse_merged(line, tidied)
            self._note_unused(line, tidied)
            self.count += 1
            yield line, tidied

    def _refuse_titles(self, line: int, cells: list[str]) -> None:
        """The same titles again, or a second line of them right below the first."""
        first = next(filter(None, cells))
        if first.isdecimal() or self.known.column_of(first) is None:
            return
        filled = [cell for cell in cells if cell]
        again = [self.known.column_of(cell) for cell in filled]
        if len(again) > 1 and None not in again and (len(again) > 2 or line == self.line + 1):
            words = _("標題只能有一列，請刪除多出來的標題，兩層的標題請合併成一列。")
            raise UnreadableFile(words, line=line, column=_("標題"), sheet=self.name)

    def _refuse_merged(self, line: int, cells: list[str]) -> None:
        if line in self.sheet.merged_lines and sum(bool(cell) for cell in cells) > 1:
            words = _("這一列有合併的儲存格，請先取消合併，把每一格都填好再匯入。")
            raise UnreadableFile(words, line=line, sheet=self.name)

    def _note_unused(self, line: int, cells: list[str]) -> None:
        for place in chain(self.unknown, range(len(self.columns), len(cells))):
            if cells[place]:
                self.unused.setdefault(place, Filled()).add(line, cells[place])

    def title_of(self, index: int) -> str:
        """What the column is called to people: its title, or F 欄 where it has none."""
        return (self.titles[index] if index < len(self.titles) else "") or column_name(index)


def find_table(sheet: Sheet, known: Titles, *, is_enough: Callable[[list[str]], bool]) -> Table | None:
    """The Table of `sheet`, or None where no line near its top is a line of titles.

    More titles than MAX_COLUMNS raise UnreadableFile. `known` is a Titles, `is_enough(columns)` says whether the known ones among a line's cells make it one.
    """
    lines = sheet.lines()
    above: list[tuple[int, str]] = []
    for line, cells in lines:
        titles = [tidy(cell) for cell in cells]
        if not any(titles):
            continue
        columns = known.columns_of(titles)
        if is_enough([column for column in columns if column]):
            while not titles[-1]:
                titles.pop()
            if sum(bool(title) for title in titles) > MAX_COLUMNS:
                words = _("工作表超過 %(limit)d 欄，請刪除不需要的欄。") % {"limit": MAX_COLUMNS}
                raise UnreadableFile(words, line=line, sheet=sheet.name)
            return Table(sheet, line, titles, columns[: len(titles)], known, lines, above)
        above.append((line, " ".join(filter(None, titles))))
        if len(above) == BANNERS:
            break
    return None
