"""The marks of an .xlsx or .xlsm worksheet (ECMA-376, part 1, 18.3): errors, formulas without value, formats."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import TypeVar

from core.spreadsheets.cells import FORMULA, Broken, broken_as
from core.spreadsheets.formats import BUILT_IN, matters, shown
from core.spreadsheets.marks import Handler, MarkedRow, Marks, find_part, holds, local, opened, unreadable, walk

RELATIONS = "_rels/.rels"
WORKBOOK, STYLES = "officeDocument", "styles"  # how the types of these relations end

MARKED = [
    b't="e"', b"t='e'", b'hidden="1', b'hidden="t', b"hidden='1", b"hidden='t",
    *(before + b"f" + after for before in (b"<", b":") for after in (b">", b" ", b"/", b"\n", b"\r", b"\t")),
]  # fmt: skip
AnyHandler = TypeVar("AnyHandler", bound=Handler)


class XlsxBook:
    """The parts of a workbook that say where its sheets are and what its formats show."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        workbook = self._read(RELATIONS, _Relations("/")).by_type.get(WORKBOOK)
        if workbook is None:
            raise unreadable()
        book = self._read(workbook, _Book())
        folder, name = posixpath.split(workbook)
        related = self._read(f"{folder}/_rels/{name}.rels", _Relations(folder))
        self.paths = {name: related.by_id.get(relation, "") for name, relation in book.sheets}
        # Written by a program that computes nothing: its zeros stand for values that nobody knows.
        self.was_never_computed = book.was_never_computed
        self.formats = self._formats(related.by_type.get(STYLES, ""))

    def _formats(self, path: str) -> dict[str, str]:
        if not find_part(self.archive, path):
            return {}
        return self._read(path, _Styles()).that_matter()

    def _read(self, path: str, handler: AnyHandler) -> AnyHandler:
        with opened(self.archive, path) as part:
            for _row in walk(part, handler):
                pass
        return handler

    def marks_of(self, _index: int, name: str) -> Marks:
        """The Marks of the sheet of that name. Raises UnreadableFile."""
        path = self.paths.get(name)
        if not path:
            raise unreadable()
        with opened(self.archive, path) as part:
            if not holds(part, self._words()):
                return Marks()
        marks = Marks()
        marks.rows = self._rows(path, marks)
        return marks

    def _words(self) -> list[bytes]:
        """What a sheet holds, in some program's spelling, that has an error, a formula, a format, hidden parts."""
        formatted = (f"s={quote}{style}{quote}".encode() for style in self.formats for quote in "\"'")
        return [*MARKED, *formatted]

    def _rows(self, path: str, marks: Marks) -> Iterator[MarkedRow]:
        with opened(self.archive, path) as part:
            yield from walk(part, _Sheet(self, marks))


class _Book(Handler):
    """xl/workbook.xml: the sheets' names and relations."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.was_never_computed = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            relation = next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif local(name) == "calcPr":
            self.was_never_computed = attributes.get("fullCalcOnLoad") in ("1", "true")

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class _Relations(_Book):
    """A .rels part: where the parts lie, named from `folder`."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.by_id: dict[str, str] = {}
        self.by_type: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            path = posixpath.normpath(posixpath.join(self.folder, target))
            self.by_id[attributes.get("Id", "")] = path
            self.by_type.setdefault(attributes.get("Type", "").rpartition("/")[2], path)


class _Styles(_Book):
    """xl/styles.xml: the number format of each style of cells."""

    def __init__(self) -> None:
        super().__init__()
        self.codes = dict(BUILT_IN)
        self.numbers: list[int] = []
        self.is_inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "numFmt" and attributes.get("numFmtId", "").isdigit():
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.is_inside = True
        elif name == "xf" and self.is_inside:
            number = attributes.get("numFmtId", "0")
            self.numbers.append(int(number) if number.isdigit() else 0)

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self.is_inside = False

    def that_matter(self) -> dict[str, str]:
        """{number of the style: code of its format}"""
        codes = {number: code for number, code in self.codes.items() if matters(code)}
        return {str(index): codes[number] for index, number in enumerate(self.numbers) if number in codes}


class _Sheet(Handler):
    """xl/worksheets/sheetN.xml."""

    def __init__(self, book: XlsxBook, marks: Marks) -> None:
        super().__init__()
        self.book = book
        self.marks = marks
        self.line = 0
        self.column = -1
        self.cells: dict[int, str] = {}
        self.attributes: dict[str, str] = {}
        self.value: str | None = None
        self.has_formula = self.is_in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            self.column = column_of(attributes["r"]) if "r" in attributes else self.column + 1
            self.attributes = attributes
            self.value = None
            self.has_formula = False
        elif name == "v":
            self.value = ""
            self.is_in_value = True
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.marks.hidden_columns.update(range(first - 1, min(last, 1000)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.line = int(attributes["r"]) if attributes.get("r", "").isdigit() else self.line + 1
        self.column = -1
        self.cells = {}
        if attributes.get("hidden") in ("1", "true"):
            self.marks.hidden_lines.add(self.line)

    def end(self, name: str) -> None:
        name = local(name)
        if name == "v":
            self.is_in_value = False
        elif name == "c":
            if cell := self._cell():
                self.cells[self.column] = cell
        elif name == "row":
            if self.cells:
                self.found.append((self.line, self.cells))
        elif name == "sheetData":
            self.is_done = True

    def text(self, data: str) -> None:
        if self.is_in_value:
            self.value = (self.value or "") + data

    def _cell(self) -> str | None:
        """What python-calamine does not tell of this cell, or None."""
        kind = self.attributes.get("t", "n")
        value = (self.value or "").strip()
        if kind == "e":
            return broken_as(value or "#N/A")
        if self.has_formula and not self._is_computed(kind, value):
            return Broken(FORMULA)
        code = self.book.formats.get(self.attributes.get("s", ""))
        if code is None or kind != "n" or not value:
            return None
        try:
            return shown(float(value), code)
        except (ValueError, OverflowError):
            return None

    def _is_computed(self, kind: str, value: str) -> bool:
        """A formula may have come to an empty text: that is a value."""
        if kind == "str":
            return self.value is not None
        if kind != "n":
            return True
        return bool(value) and not (self.book.was_never_computed and value == "0")


def column_of(reference: str) -> int:
    """The column, counted from 0, of a cell's name: B12 is 1."""
    column = 0
    for letter in reference:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return column - 1
