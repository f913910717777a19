"""Somebody's own workbook again, with what has to be mended marked in its cells and told beside each row.

The same sheets, rows and values: a number stays a number, a date a date, what looks like a formula a text. What is not read
(hidden sheets, charts) is left out.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.languages import in_a_row, labelled
from core.spreadsheets.cells import FORMULA, Broken, Day, Number, column_name
from core.spreadsheets.errors import RowError
from core.spreadsheets.reading import read
from core.spreadsheets.sheets import Sheet
from core.spreadsheets.tables import Table, find_table
from core.spreadsheets.titles import TO_MEND, WRITTEN_BY_US, Titles, fold_title

OURS = {fold_title(one) for one in WRITTEN_BY_US}
COLOUR = "#FDE2DC"
UNKNOWN = "#VALUE!"  # stands where a formula was not computed, and is refused when it is read again
LONGEST_SHEET_NAME = 31
WIDEST = 40
FIRST_DAY = datetime(1900, 3, 1)  # before it Excel counts a day that never was
SAFE_DIGITS = 15
MOST_PLACES = 100  # columns that are looked for by their letter


@dataclass(frozen=True)
class Remark:
    """What is wrong in a row of a sheet: `line` from 1, `place` of the cell from 0, None for the whole row."""

    sheet: str
    line: int
    place: int | None
    words: str


def mark(data: bytes, remarks: Iterable[Remark], *, title_lines: Mapping[str, int], name: str = "") -> bytes:
    """The file (bytes) as an .xlsx workbook with `remarks` in it; `title_lines`: {sheet: line of its titles}.

    `name`: of the sheet of a text file. Raises UnreadableFile as reading does.
    """
    by_sheet: dict[str, dict[int, list[Remark]]] = {}
    for one in remarks:
        by_sheet.setdefault(one.sheet, {}).setdefault(one.line, []).append(one)
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"constant_memory": True, "strings_to_formulas": False}) as book:
        styles = _Styles(book)
        names: set[str] = set()
        for sheet in read(data).sheets:
            page = book.add_worksheet(_name_for(sheet.name or name or _("名冊"), names))
            _write_sheet(page, sheet, by_sheet.get(sheet.name, {}), title_lines.get(sheet.name, 0), styles)
    return written.getvalue()


def mark_errors(
    data: bytes, errors: Iterable[RowError], known: Titles, *, is_enough: Callable[[list[str]], bool], name: str = ""
) -> bytes:
    """`mark` with errors whose columns are titles of the tables that `find_table` finds by `known` and `is_enough`."""
    found = [find_table(sheet, known, is_enough=is_enough) for sheet in read(data).sheets]
    tables = {table.name: table for table in found if table}
    remarks = [
        Remark(one.sheet, one.line, _place_in(tables.get(one.sheet), one.column), _words_of(one))
        for one in errors
        if one.line
    ]
    return mark(data, remarks, title_lines={name: table.line for name, table in tables.items()}, name=name)


def _place_in(table: Table | None, column: str) -> int | None:
    """The place of the column of this title, of this name of ours, or of this letter; None for the whole row."""
    if table is None or not column:
        return None
    for place, meant in enumerate(table.columns):
        if column in (table.title_of(place), str(table.known.title_of(meant)) if meant else ""):
            return place
    return next((place for place in range(MOST_PLACES) if column == column_name(place)), None)


def _words_of(error: RowError) -> str:
    return labelled(error.column) + error.reason if error.column else error.reason


def _name_for(name: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it, and none twice."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'")[:LONGEST_SHEET_NAME] or "_"
    number = 1
    while plain.casefold() in taken:
        number += 1
        plain = f"{plain[: LONGEST_SHEET_NAME - 4]} {number}"
    taken.add(plain.casefold())
    return plain


def _write_sheet(
    page: Worksheet, sheet: Sheet, remarks: Mapping[int, Sequence[Remark]], title_line: int, styles: "_Styles"
) -> None:
    widths: list[int] = []
    ours = None
    for line, cells in sheet.lines():
        widths += [0] * (len(cells) - len(widths))
        for place, cell in enumerate(cells):
            widths[place] = max(widths[place], len(cell))
        if line == title_line:
            ours = next((place for place, cell in enumerate(cells) if fold_title(cell) in OURS), None)
    for place, width in enumerate(widths):
        page.set_column(place, place, min(WIDEST, max(8, width * 1.4)))
    reasons = len(widths) if ours is None else ours
    page.set_column(reasons, reasons, 60)
    if title_line:
        page.freeze_panes(title_line, 0)
    for line, cells in sheet.lines():
        row = {place: cell for place, cell in enumerate(cells) if place != ours or line < title_line}
        _write_row(page, line - 1, row, remarks.get(line, ()), reasons, styles)
        if line == title_line:
            page.write_string(line - 1, reasons, str(TO_MEND), styles.head)


def _write_row(
    page: Worksheet, row: int, cells: Mapping[int, str], told: Sequence[Remark], reasons: int, styles: "_Styles"
) -> None:
    marked = {one.place for one in told if one.place is not None}
    for place, cell in cells.items():
        _write_cell(page, row, place, cell, styles, marked=place in marked)
    for place in marked:
        if not cells.get(place):
            page.write_blank(row, place, None, styles.of("@", marked=True))
    if told:
        words = in_a_row(dict.fromkeys(one.words for one in told))
        page.write_string(row, reasons, words, styles.of("@", marked=True))


def _write_cell(page: Worksheet, row: int, place: int, cell: str, styles: "_Styles", *, marked: bool) -> None:
    if isinstance(cell, Number) and (number := _number_in(cell)) is not None:
        page.write_number(row, place, number, styles.of(cell.format or "General", marked=marked))
    elif isinstance(cell, Day) and (day := _day_in(cell)) is not None:
        code = "yyyy-mm-dd hh:mm:ss" if cell.has_time else "yyyy-mm-dd"
        page.write_datetime(row, place, day, styles.of(code, marked=marked))
    elif cell:
        text = UNKNOWN if isinstance(cell, Broken) and str(cell) == FORMULA else str(cell)
        page.write_string(row, place, text, styles.of("@", marked=marked))


def _number_in(cell: Number) -> float | None:
    """The value under a number's text; None where it can only be kept as the text that it shows."""
    if cell.format or not cell.is_exact:
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def _day_in(cell: Day) -> datetime | None:
    try:
        day = datetime.fromisoformat(str(cell))
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 2, "bg_color": COLOUR, "text_wrap": True})
        self.made: dict[tuple[str, bool], Format] = {}

    def of(self, code: str, *, marked: bool) -> Format:
        if (code, marked) not in self.made:
            look: dict[str, Any] = {"num_format": code}
            if marked:
                look |= {"bg_color": COLOUR, "border": 1, "border_color": "#B3261E"}
            self.made[code, marked] = self.book.add_format(look)
        return self.made[code, marked]
