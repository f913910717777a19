"""Tables as web pages: what many school systems save under the name .xls."""

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from core.spreadsheets.errors import UnreadableFile
from core.spreadsheets.sheets import Line, Sheet
from core.spreadsheets.text import encoding_of

MAX_BYTES = 5 * 1024 * 1024
MAX_COLUMNS = 60  # that one cell reaches over
MAX_ROWS = 10_000
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w\-]+)", re.IGNORECASE)
BREAKS = frozenset({"br", "p", "div"})
UNSEEN = frozenset({"script", "style", "title", "xml"})


class HtmlSheet(Sheet):
    """All tables of a page (bytes), one below the other, as Excel shows them."""

    def __init__(self, data: bytes) -> None:
        super().__init__("", data.count(b"<tr"))
        self.data = data

    def lines(self) -> Iterator[Line]:
        if len(self.data) > MAX_BYTES:
            raise UnreadableFile(_("這是網頁格式的表格，而且太大。請在 Excel 另存為 .xlsx 再匯入。"))
        page = _Page()
        page.feed(_text(self.data))
        page.close()
        page.end_row()
        if page.was_nested:
            words = _("這是網頁格式的表格，而且表格裡還有表格。請在 Excel 另存為 .xlsx 再匯入。")
            raise UnreadableFile(words)
        self.merged_lines = page.merged_lines
        yield from enumerate(page.rows, start=1)


def _text(data: bytes) -> str:
    told = CHARSET.search(data[:2048])
    name = told[1].decode("ascii", "ignore").casefold() if told else ""
    if name in ("big5", "big5-hkscs", "ms950", "cp950"):
        try:
            return data.decode("cp950")
        except UnicodeDecodeError:
            pass
    encoding = encoding_of(data)
    return data.removeprefix(codecs.BOM_UTF8).decode(encoding)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.span = 1
        self.reaching: dict[int, int] = {}  # column -> into how many rows from here on a cell from above reaches
        self.starting: dict[int, int] = {}  # the same of the cells of this row
        self.merged_lines: set[int] = set()
        self.depth = self.unseen = 0
        self.was_nested = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        if tag in UNSEEN:
            self.unseen += 1
        elif tag == "table":
            self.end_row()
            self.depth += 1
            self.was_nested = self.was_nested or self.depth > 1
            self.reaching, self.starting = {}, {}
        elif tag == "tr":
            self.end_row()
            self.row = []
        elif tag in ("td", "th") and self.depth:
            self.end_cell()
            self.row = [] if self.row is None else self.row
            self._skip_reached()
            self._start_cell(_number(told.get("colspan"), MAX_COLUMNS), _number(told.get("rowspan"), MAX_ROWS))
        elif tag in BREAKS and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in ("td", "th"):
            self.end_cell()
        elif tag == "tr":
            self.end_row()
        elif tag == "table":
            self.end_row()
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.unseen:
            self.cell.append(data)

    def _start_cell(self, columns: int, rows: int) -> None:
        self.cell = []
        self.span = columns
        if rows > 1:
            place = len(self.row or ())
            self.starting |= dict.fromkeys(range(place, place + columns), rows - 1)
        if columns > 1 or rows > 1:
            self.merged_lines.add(len(self.rows) + 1)

    def end_cell(self) -> None:
        if self.cell is not None and self.row is not None:
            self.row += ["".join(self.cell), *[""] * (self.span - 1)]
            self.cell = None

    def end_row(self) -> None:
        self.end_cell()
        if self.row is not None:
            self._skip_reached()
            self.rows.append(self.row)
            reaching = {column: rows - 1 for column, rows in self.reaching.items() if rows > 1}
            self.reaching, self.starting = reaching | self.starting, {}
            self.row = None

    def _skip_reached(self) -> None:
        """A cell from above covers these places: they are left empty, as in Excel."""
        while self.row is not None and len(self.row) in self.reaching:
            self.row.append("")


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and len(text) < 9 and int(text) else 1
