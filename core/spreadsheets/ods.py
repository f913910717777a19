"""The marks of an .ods table (OpenDocument 1.3, part 3, 9.1): errors, formulas without value, what formats show."""

import io
import re
import zipfile
from collections.abc import Iterator

from core.spreadsheets.cells import FORMULA, Broken, Number, broken_as
from core.spreadsheets.marks import Handler, MarkedRow, Marks, holds, opened, walk

CONTENT = "content.xml"
MARKED = [
    b"table:formula=", b"-spanned=", b'type="error"', b'type="percentage"', b'visibility="c', b'visibility="f',
    *(b'min-integer-digits="%d"' % digits for digits in range(2, 20)),
]  # fmt: skip
CELLS = ("table:table-cell", "table:covered-table-cell")
MOST_TIMES = 2000  # of one row repeated: a row that holds something is not repeated a million times


class OdsBook:
    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        with opened(self.archive, CONTENT) as part:
            self.is_marked = holds(part, MARKED)

    def marks_of(self, _index: int, name: str) -> Marks:
        """The Marks of the table of that name. Raises UnreadableFile."""
        marks = Marks()
        if self.is_marked:
            marks.rows = self._rows(name, marks)
        return marks

    def _rows(self, name: str, marks: Marks) -> Iterator[MarkedRow]:
        with opened(self.archive, CONTENT) as part:
            yield from walk(part, _Table(name, marks))


class _Table(Handler):
    """content.xml, of which one table counts."""

    def __init__(self, name: str, marks: Marks) -> None:
        super().__init__()
        self.name = name
        self.marks = marks
        self.is_inside = False
        self.line = 1
        self.column = 0
        self.columns = 0
        self.cells: dict[int, str] = {}
        self.attributes: dict[str, str] | None = None
        self.row_times = 1
        self.words: list[str] = []
        self.aside = 0  # inside a comment

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.is_inside = attributes.get("table:name") == self.name
        elif not self.is_inside:
            return
        elif name == "table:table-column":
            times = _times(attributes, "columns")
            if attributes.get("table:visibility") in ("collapse", "filter"):
                self.marks.hidden_columns.update(range(self.columns, self.columns + min(times, 1000)))
            self.columns += times
        elif name == "table:table-row":
            self._start_row(attributes)
        elif name in CELLS:
            self.attributes = attributes
            self.words = []
        elif name == "office:annotation":
            self.aside += 1

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.row_times = _times(attributes, "rows")
        self.cells = {}
        self.column = 0
        if attributes.get("table:visibility") in ("collapse", "filter"):
            self.marks.hidden_lines.update(range(self.line, self.line + min(self.row_times, 1000)))

    def end(self, name: str) -> None:
        if not self.is_inside:
            return
        if name == "table:table":
            self.is_done = True
        elif name == "table:table-row":
            if self.cells:
                self.found += [(self.line + n, self.cells) for n in range(min(self.row_times, MOST_TIMES))]
            self.line += self.row_times
        elif name in CELLS:
            self._end_cell()
        elif name == "office:annotation":
            self.aside -= 1

    def _end_cell(self) -> None:
        attributes = self.attributes or {}
        times = _times(attributes, "columns")
        if cell := self._cell():
            self.cells |= {self.column + n: cell for n in range(min(times, MOST_TIMES))}
        if {"table:number-columns-spanned", "table:number-rows-spanned"} & attributes.keys():
            spans = (_span(attributes, one) for one in ("columns", "rows"))
            if any(span > 1 for span in spans):
                self.marks.merged_lines.add(self.line)
        self.column += times
        self.attributes = None

    def text(self, data: str) -> None:
        if self.attributes is not None and not self.aside:
            self.words.append(data)

    def _cell(self) -> str | None:
        """What python-calamine does not tell of this cell, or None."""
        words = "".join(self.words).strip()
        attributes = self.attributes or {}
        kind = attributes.get("office:value-type")
        if attributes.get("calcext:value-type") == "error" or kind == "error":
            return broken_as(words or "#N/A")
        if "table:formula" in attributes and kind is None:
            return broken_as(words) if words else Broken(FORMULA)
        if kind == "percentage" and words:
            return Number.shown_by("0%", words)
        if kind == "float" and re.fullmatch(r"0[\d \-()/]*\d", words):
            return Number.shown_by("0" * len(words), words)
        return None


def _times(attributes: dict[str, str], what: str) -> int:
    return _number(attributes.get(f"table:number-{what}-repeated"))


def _span(attributes: dict[str, str], what: str) -> int:
    return _number(attributes.get(f"table:number-{what}-spanned"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 1
