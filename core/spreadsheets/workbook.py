"""Excel and OpenDocument workbooks: their sheets, line by line, as text."""

import io
import json
import subprocess  # noqa: S404 – our own program, without a shell
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from core.spreadsheets.cells import text_of
from core.spreadsheets.errors import UnreadableFile
from core.spreadsheets.kinds import Kind
from core.spreadsheets.marks import MarkedRow, unreadable
from core.spreadsheets.ods import OdsBook
from core.spreadsheets.sheets import Line, Sheet, Workbook
from core.spreadsheets.xls import XlsBook
from core.spreadsheets.xlsx import XlsxBook

MAX_CELLS = 6_000_000  # of all sheets, from A1 to the last, empty ones too: all of them may be in memory
MAX_SHEETS = 200
CHILD = Path(__file__).with_name("child.py")
CHILD_SECONDS = 30
BROKEN_ARCHIVE = (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError)
MarkedBook = XlsxBook | OdsBook | XlsBook
MARKED_BY: dict[Kind, type[MarkedBook]] = {Kind.XLSX: XlsxBook, Kind.ODS: OdsBook, Kind.XLS: XlsBook}


class Measured(NamedTuple):
    """What `child` tells of one sheet."""

    name: str
    kind: str
    visibility: str
    rows: int
    columns: int


def read_workbook(data: bytes, kind: Kind) -> Workbook:
    """The Workbook of an .xlsx, .xlsm, .xls or .ods file (bytes). Raises UnreadableFile."""
    measured = measure(data)
    if len(measured) > MAX_SHEETS:
        raise UnreadableFile(_("工作表超過 %(limit)d 張，請分成幾個檔案。") % {"limit": MAX_SHEETS})
    refuse_large(measured)
    try:
        book = load_workbook(io.BytesIO(data))
        marked = MARKED_BY[kind](data)
    except (CalamineError, *BROKEN_ARCHIVE):
        raise unreadable() from None
    found = Workbook()
    for index, (name, type_, visibility, rows, _columns) in enumerate(measured):
        if type_ != "WorkSheet":
            found.charts.append(name)
        elif visibility != "Visible":
            found.hidden.append(name)
        else:
            sheet = ExcelSheet(book, marked, index, name, rows)
            if rows or sheet.holds_marks():
                found.sheets.append(sheet)
    return found


class ExcelSheet(Sheet):
    """One worksheet; its cells are in memory only while its lines are walked."""

    def __init__(self, book: CalamineWorkbook, marked: MarkedBook, index: int, name: str, height: int) -> None:
        super().__init__(name, height)
        self.book = book
        self.marked = marked
        self.index = index

    def holds_marks(self) -> bool:
        return next(iter(self.marked.marks_of(self.index, self.name).rows), None) is not None

    def lines(self) -> Iterator[Line]:
        try:
            yield from self._lines()
        except UnreadableFile as unreadable_file:
            error = unreadable_file.error
            raise UnreadableFile(error.reason, line=error.line, column=error.column, sheet=self.name) from None
        except (CalamineError, *BROKEN_ARCHIVE):
            raise unreadable() from None

    def _lines(self) -> Iterator[Line]:
        sheet = self.book.get_sheet_by_index(self.index)
        marks = self.marked.marks_of(self.index, self.name)
        self.hidden_columns, self.hidden_lines = marks.hidden_columns, marks.hidden_lines
        self.merged_lines = marks.merged_lines
        self.merged_lines.update(top + 1 for (top, _left), _end in sheet.merged_cell_ranges or [])
        left = [""] * (sheet.start or (0, 0))[1]
        marked = _Marked(marks.rows)
        line = 0
        for line, cells in enumerate(sheet.iter_rows(), start=1):  # from row 1, from the first filled column
            texts = left + [cell if type(cell) is str else text_of(cell) for cell in cells]
            yield line, marked.put_into(line, texts)
        # Cells without a value are no part of the sheet for python-calamine, so some may stand below its last row.
        while marked.line:
            line = marked.line
            yield line, marked.put_into(line, [])


class _Marked:
    """The marks of a sheet, put into its lines as they come."""

    def __init__(self, rows: Iterable[MarkedRow]) -> None:
        self.rows = iter(rows)
        self.line: int = 0
        self.cells: dict[int, str] = {}
        self.next()

    def next(self) -> None:
        self.line, self.cells = next(self.rows, (0, {}))

    def put_into(self, line: int, texts: list[str]) -> list[str]:
        if self.line and self.line < line:
            raise unreadable()  # rows out of their order
        if self.line != line:
            return texts
        texts += [""] * (max(self.cells) + 1 - len(texts))
        for column, cell in self.cells.items():
            texts[column] = cell
        self.next()
        return texts


def measure(data: bytes) -> list[Measured]:
    """What `child` tells of each sheet: a process of its own, so that a strange file can't take the site along."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(CHILD)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=CHILD_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise _too_large() from None
    if done.returncode == 2:
        raise unreadable()
    if done.returncode:
        raise _too_large()
    return [Measured(*one) for one in json.loads(done.stdout)]


def refuse_large(measured: Iterable[Measured]) -> None:
    """Raises UnreadableFile naming the sheet: all that a reader has open at once is held in memory."""
    cells = 0
    for name, _type, _visibility, rows, columns in measured:
        cells += rows * columns
        if cells > MAX_CELLS:
            raise _too_large(name)


def _too_large(sheet: str = "") -> UnreadableFile:
    words = _("工作表的範圍太大。請刪除表格以外的列與欄，或把表格複製到新的工作表再匯入。")
    return UnreadableFile(words, sheet=sheet)
