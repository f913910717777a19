"""A file as sheets of lines, whatever format it came in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Line = tuple[int, list[str]]  # its number, counted from 1, and its cells: str, or Broken, Number, Day


class Sheet:
    """One sheet: `name` ("" in a file without sheets), `height` lines or so.

    Known once `lines` has begun: `hidden_columns` (counted from 0), `hidden_lines` and `merged_lines` (from 1; merged
    cells begin there).
    """

    def __init__(self, name: str, height: int) -> None:
        self.name = name
        self.height = height
        self.hidden_columns: set[int] = set()
        self.hidden_lines: set[int] = set()
        self.merged_lines: set[int] = set()

    def lines(self) -> Iterator[Line]:
        """One by one, their cells as they are written."""
        raise NotImplementedError


class TextSheet(Sheet):
    """The one sheet of a text file; `read` makes its lines anew."""

    def __init__(self, read: Callable[[], Iterator[Line]], height: int) -> None:
        super().__init__("", height)
        self.read = read

    def lines(self) -> Iterator[Line]:
        return self.read()


@dataclass
class Workbook:
    """`sheets`: the visible ones that hold anything; `hidden`, `charts`, `skipped` (chosen so): names of what is not read."""

    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def height(self) -> int:
        return sum(sheet.height for sheet in self.sheets)
