"""The marks of an .xlsx or .xlsm worksheet (ECMA-376, part 1, 18.3): errors, formulas without value, formats."""

import io
import posixpath
import re
import zipfile

from core.spreadsheets.cells import FORMULA, Broken, broken_as
from core.spreadsheets.formats import BUILT_IN, matters, shown
from core.spreadsheets.marks import Handler, Marks, find_part, holds, local, opened, unreadable, walk

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"


class XlsxBook:
    """The parts of a workbook that say where its sheets are and what its formats show."""

    def __init__(self, data):
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        book = self._read(WORKBOOK, _Book())
        targets = self._read(RELATIONS, _Relations()).targets
        self.paths = {name: targets.get(relation, "") for name, relation in book.sheets}
        # Written by a program that computes nothing: its zeros stand for values that nobody knows.
        self.was_never_computed = book.was_never_computed
        styles = self._read(STYLES, _Styles()) if find_part(self.archive, STYLES) else _Styles()
        self.formats = styles.that_matter()

    def _read(self, path, handler):
        with opened(self.archive, path) as part:
            for _row in walk(part, handler):
                pass
        return handler

    def marks_of(self, _index, name):
        """The Marks of the sheet of that name. Raises UnreadableFile."""
        path = self.paths.get(name)
        if not path:
            raise unreadable()
        with opened(self.archive, path) as part:
            if not holds(part, self._pattern()):
                return Marks()
        marks = Marks()
        marks.rows = self._rows(path, marks)
        return marks

    def _pattern(self):
        styles = b"|".join(str(one).encode() for one in self.formats)
        formatted = rb"|\bs=[\"'](?:" + styles + rb")[\"']" if styles else b""
        return re.compile(rb"\bt=[\"']e[\"']|<(?:\w{1,20}:)?f[\s/>]|\bhidden=[\"'][1t]" + formatted)

    def _rows(self, path, marks):
        with opened(self.archive, path) as part:
            yield from walk(part, _Sheet(self, marks))


class _Book(Handler):
    """xl/workbook.xml: the sheets' names and relations."""

    def __init__(self):
        super().__init__()
        self.sheets = []
        self.was_never_computed = False

    def start(self, name, attributes):
        if local(name) == "sheet":
            relation = next(
                (value for key, value in attributes.items() if local(key) == "id" and ":" in key), ""
            )
            self.sheets.append((attributes.get("name", ""), relation))
        elif local(name) == "calcPr":
            self.was_never_computed = attributes.get("fullCalcOnLoad") in ("1", "true")

    def end(self, name):
        pass

    def text(self, data):
        pass


class _Relations(_Book):
    """xl/_rels/workbook.xml.rels: where the parts lie."""

    def __init__(self):
        super().__init__()
        self.targets = {}

    def start(self, name, attributes):
        if local(name) == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            self.targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target))


class _Styles(_Book):
    """xl/styles.xml: the number format of each style of cells."""

    def __init__(self):
        super().__init__()
        self.codes = dict(BUILT_IN)
        self.numbers = []
        self.is_inside = False

    def start(self, name, attributes):
        name = local(name)
        if name == "numFmt" and attributes.get("numFmtId", "").isdigit():
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.is_inside = True
        elif name == "xf" and self.is_inside:
            number = attributes.get("numFmtId", "0")
            self.numbers.append(int(number) if number.isdigit() else 0)

    def end(self, name):
        if local(name) == "cellXfs":
            self.is_inside = False

    def that_matter(self):
        """{number of the style: code of its format}"""
        codes = {number: code for number, code in self.codes.items() if matters(code)}
        return {str(index): codes[number] for index, number in enumerate(self.numbers) if number in codes}


class _Sheet(Handler):
    """xl/worksheets/sheetN.xml."""

    def __init__(self, book, marks):
        super().__init__()
        self.book = book
        self.marks = marks
        self.line = 0
        self.column = -1
        self.cells = {}
        self.attributes = {}
        self.value = None
        self.has_formula = self.is_in_value = False

    def start(self, name, attributes):
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

    def _start_row(self, attributes):
        self.line = int(attributes["r"]) if attributes.get("r", "").isdigit() else self.line + 1
        self.column = -1
        self.cells = {}
        if attributes.get("hidden") in ("1", "true"):
            self.marks.hidden_lines.add(self.line)

    def end(self, name):
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

    def text(self, data):
        if self.is_in_value:
            self.value += data

    def _cell(self):
        """What python-calamine does not tell of this cell, or None."""
        kind = self.attributes.get("t", "n")
        value = (self.value or "").strip()
        if kind == "e":
            return broken_as(value or "#N/A")
        if self.has_formula and not self._is_computed(kind, value):
            return Broken(FORMULA)
        code = self.book.formats.get(self.attributes.get("s"))
        if code is None or kind != "n" or not value:
            return None
        try:
            return shown(float(value), code)
        except (ValueError, OverflowError):
            return None

    def _is_computed(self, kind, value):
        """A formula may have come to an empty text: that is a value."""
        if kind == "str":
            return self.value is not None
        if kind != "n":
            return True
        return bool(value) and not (self.book.was_never_computed and value == "0")


def column_of(reference):
    """The column, counted from 0, of a cell's name: B12 is 1."""
    column = 0
    for letter in reference:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return column - 1
