"""The marks of an .xls worksheet (MS-XLS, BIFF8): errors, formats, merged cells, hidden lines and columns."""

import struct
from collections.abc import Iterator

import olefile
from django.utils.translation import gettext_lazy

from core.spreadsheets.cells import FORMULA as FORMULA_TEXT
from core.spreadsheets.cells import Broken, broken_as
from core.spreadsheets.formats import BUILT_IN, matters, shown
from core.spreadsheets.marks import Marks, unreadable

BOF, EOF, SHEET, FORMAT, STYLE = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
FORMULA, ERROR, NUMBER, SHORT, SHORTS = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD
MERGED, ROW, COLUMNS = 0x00E5, 0x0208, 0x007D
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
HIDDEN = 0x20  # of a row's flags
Cells = dict[int, dict[int, str]]  # by line and column
EMPTY = 3  # the result of a formula that is an empty text
NEVER_COMPUTED = gettext_lazy("這一格的公式還沒有計算，請用 Excel 開啟，另存為 .xlsx 後再匯入。")


class XlsBook:
    """What an .xls (bytes) tells beside the values of its cells. Raises UnreadableFile where it is damaged."""

    def __init__(self, data: bytes) -> None:
        try:
            self.stream = _workbook_in(data)
            self.starts: list[int] = []
            codes, numbers = dict(BUILT_IN), list[int]()
            for kind, body in self._records(0):
                if kind == SHEET:
                    self.starts.append(struct.unpack_from("<I", body)[0])
                elif kind == FORMAT:
                    codes[struct.unpack_from("<H", body)[0]] = _text(body)
                elif kind == STYLE:
                    numbers.append(struct.unpack_from("<H", body, 2)[0])
        except (ValueError, IndexError, KeyError, OSError, struct.error):
            raise unreadable() from None
        self.formats = {index: codes[number] for index, number in enumerate(numbers) if matters(codes.get(number, ""))}

    def marks_of(self, index: int, _name: str) -> Marks:
        """The Marks of the sheet at that place. Raises UnreadableFile."""
        marks = Marks()
        cells: Cells = {}
        formulas, empty = 0, list[tuple[int, int]]()
        try:
            for kind, body in self._records(self.starts[index]):
                self._read(kind, body, marks, cells)
                if kind == FORMULA:
                    formulas += 1
                    if body[12:14] == b"\xff\xff" and body[6] == EMPTY:
                        empty.append(struct.unpack_from("<HH", body))
        except (ValueError, IndexError, struct.error):
            raise unreadable() from None
        # A program that computes nothing leaves every formula with an empty text; a spreadsheet but one or another.
        if len(empty) == formulas:
            for line, column in empty:
                _put(cells, line, column, Broken(FORMULA_TEXT, NEVER_COMPUTED))
        marks.rows = sorted(cells.items())
        return marks

    def _records(self, position: int) -> Iterator[tuple[int, bytes]]:
        """(kind, body) from one beginning to its end; what is nested, such as a chart, is left out."""
        depth = 0
        while position + 4 <= len(self.stream):
            kind, length = struct.unpack_from("<HH", self.stream, position)
            body = self.stream[position + 4 : position + 4 + length]
            position += 4 + length
            depth += (kind == BOF) - (kind == EOF)
            if depth == 0:
                return
            if depth == 1:
                yield kind, body
        raise ValueError("no end")

    def _read(self, kind: int, body: bytes, marks: Marks, cells: Cells) -> None:
        if kind == ERROR:
            line, column, _style, code, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                _put(cells, line, column, broken_as(ERRORS.get(code, "#N/A")))
        elif kind == FORMULA:
            line, column, style = struct.unpack_from("<HHH", body)
            if body[12:14] != b"\xff\xff":
                self._number(cells, line, column, style, struct.unpack_from("<d", body, 6)[0])
            elif body[6] == 2:
                _put(cells, line, column, broken_as(ERRORS.get(body[8], "#N/A")))
        elif kind in (NUMBER, SHORT):
            line, column, style = struct.unpack_from("<HHH", body)
            if style in self.formats:
                value = struct.unpack_from("<d", body, 6)[0] if kind == NUMBER else _short(body, 6)
                self._number(cells, line, column, style, value)
        elif kind == SHORTS:
            line, first = struct.unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                (style,) = struct.unpack_from("<H", body, 4 + 6 * n)
                if style in self.formats:
                    self._number(cells, line, first + n, style, _short(body, 6 + 6 * n))
        elif kind in (MERGED, ROW, COLUMNS):
            _read_shape(kind, body, marks)

    def _number(self, cells: Cells, line: int, column: int, style: int, value: float) -> None:
        if style in self.formats:
            _put(cells, line, column, shown(value, self.formats[style]))


def _workbook_in(data: bytes) -> bytes:
    """The stream of a compound file (MS-CFB) that holds the workbook. Raises OSError or KeyError where there is none."""
    with olefile.OleFileIO(data) as file:
        names = {name.casefold(): name for (name, *inner) in file.listdir() if not inner}
        return file.openstream(names.get("workbook") or names["book"]).read()


def _read_shape(kind: int, body: bytes, marks: Marks) -> None:
    if kind == MERGED:
        for n in range(struct.unpack_from("<H", body)[0]):
            marks.merged_lines.add(struct.unpack_from("<H", body, 2 + 8 * n)[0] + 1)
    elif kind == ROW:
        if body[12] & HIDDEN:
            marks.hidden_lines.add(struct.unpack_from("<H", body)[0] + 1)
    else:
        first, last = struct.unpack_from("<HH", body)
        if body[8] & 1:
            marks.hidden_columns.update(range(first, min(last, 1000) + 1))


def _put(cells: Cells, line: int, column: int, cell: str) -> None:
    cells.setdefault(line + 1, {})[column] = cell


def _short(body: bytes, place: int) -> float:
    """A number in four bytes: the first 30 bits of a float, or an integer; maybe a hundred times what it is."""
    (packed,) = struct.unpack_from("<I", body, place)
    if packed & 2:
        (value,) = struct.unpack("<i", struct.pack("<I", packed))
        value = float(value >> 2)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


def _text(body: bytes) -> str:
    """The code of a format: BIFF8 text, in one byte a character or in two."""
    length, flags = struct.unpack_from("<HB", body, 2)
    return (
        body[5 : 5 + length * 2].decode("utf-16-le", "ignore") if flags & 1 else body[5 : 5 + length].decode("latin-1")
    )
