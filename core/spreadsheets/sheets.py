"""A file as sheets of lines, whatever format it came in."""

from dataclasses import dataclass, field


class Sheet:
    """One sheet: `name` ("" in a file without sheets), `height` lines or so.

    Known once `lines` has begun: `hidden_columns` (counted from 0), `hidden_lines` and `merged_lines` (from 1; merged
    cells begin there).
    """

    def __init__(self, name, height):
        self.name = name
        self.height = height
        self.hidden_columns = set()
        self.hidden_lines = set()
        self.merged_lines = set()

    def lines(self):
        """(line counted from 1, cells) one by one, as they are written: str, or Broken, Number, Day."""
        raise NotImplementedError


class TextSheet(Sheet):
    """The one sheet of a text file; `read` makes its lines anew."""

    def __init__(self, read, height):
        super().__init__("", height)
        self.read = read

    def lines(self):
        return self.read()


@dataclass
class Workbook:
    """`sheets`: the visible ones that hold anything; `hidden` and `charts`: names of what is not read."""

    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)

    @property
    def height(self):
        return sum(sheet.height for sheet in self.sheets)
