"""The titles of a file beside what stands below them, for a person to say what each column means."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from core.spreadsheets.cells import tidy
from core.spreadsheets.sheets import Sheet, Workbook
from core.spreadsheets.tables import BANNERS, MAX_COLUMNS, find_table
from core.spreadsheets.titles import Titles, keys_of

FEWEST = 3  # filled cells that a line of titles has
SAMPLES = 3


@dataclass(frozen=True)
class Guess:
    """A line that was perhaps meant as titles: its number, its cells, what those that are known mean."""

    line: int
    titles: list[str]
    columns: list[str | None]


@dataclass
class Heading:
    """A title: the `key` it is chosen by, on which `sheets` it stands, what it means, some cells below it."""

    key: str
    title: str
    column: str | None
    sheets: list[str] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)


@dataclass
class SheetOfFile:
    """A sheet, the line of its titles (0: it has none), what they mean, and what stands above them."""

    name: str
    line: int
    keys: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)


def guess_titles(sheet: Sheet, known: Titles) -> Guess | None:
    """The line near the top with most known titles; of several the first that is words alone."""
    guesses = []
    for line, cells in _filled(sheet, BANNERS):
        filled = [cell for cell in cells if cell]
        if FEWEST <= len(filled) <= MAX_COLUMNS:
            columns = known.columns_of(cells)
            words = all(not any(one.isdigit() for one in cell) for cell in filled)
            guesses.append((sum(bool(column) for column in columns), words, -line, Guess(line, cells, columns)))
    return max(guesses, key=lambda one: one[:3])[3] if guesses else None


def headings_of(
    workbook: Workbook, known: Titles, *, is_enough: Callable[[list[str]], bool]
) -> tuple[list[Heading], list[SheetOfFile]]:
    """Each title once, in the order of the file, and the sheets that it stands on."""
    headings: dict[str, Heading] = {}
    sheets = []
    for sheet in workbook.sheets:
        table = find_table(sheet, known, is_enough=is_enough)
        found = Guess(table.line, table.titles, table.columns) if table else guess_titles(sheet, known)
        if found is None:
            sheets.append(SheetOfFile(sheet.name, 0))
            continue
        keys = keys_of(found.titles)
        above = [" ".join(filter(None, cells)) for line, cells in _filled(sheet, BANNERS) if line < found.line]
        sheets.append(SheetOfFile(sheet.name, found.line, [key for key in keys if key], above))
        below = [cells for line, cells in _filled(sheet, BANNERS + SAMPLES + 1) if line > found.line][:SAMPLES]
        for place, (key, title) in enumerate(zip(keys, found.titles, strict=True)):
            if title:
                heading = headings.setdefault(key, Heading(key, title, found.columns[place]))
                heading.sheets.append(sheet.name)
                cells = [row[place] for row in below if place < len(row) and row[place]]
                heading.samples = heading.samples or cells
    return list(headings.values()), sheets


def _filled(sheet: Sheet, most: int) -> list[tuple[int, list[str]]]:
    tidied = ((line, [tidy(cell) for cell in cells]) for line, cells in sheet.lines())
    return list(islice((one for one in tidied if any(one[1])), most))
