"""What of a file was not read, in sentences for its preview: nothing is left out unnamed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from core import identity
from core.languages import joined
from core.spreadsheets.errors import place_of
from core.spreadsheets.sheets import Workbook
from core.spreadsheets.tables import Table
from core.spreadsheets.titles import NOT_READ, WRITTEN_BY_US

SHOWN = 60  # characters of what stands in the file
MOST = 100  # sentences
NUMBERS = re.compile(r"(?P<title>『[^』]*』)|\d+")


def left_out(workbook: Workbook, tables: Sequence[Table]) -> list[str]:
    """Sentences for all that was not read of a Workbook whose `tables` were walked to their end; at most MOST."""
    said = [*sheets_left_out(workbook, tables)]
    for sentences in (lines_above, columns_left_out, feet_left_out, hidden_but_read):
        said += once_for_alike(sentences, tables)
    if len(said) > MOST:
        return [*said[:MOST], _("還有 %(count)d 項沒有列出。") % {"count": len(said) - MOST}]
    return said


def once_for_alike(sentences: Callable[[Table], Iterator[str]], tables: Sequence[Table]) -> Iterator[str]:
    """What is said of several sheets in the same words, as where each class has a sheet, is said of the first of them.

    Alike are sentences that differ in the sheet's name and in numbers that are no title's: 合計 30 人 and 合計 28 人;
    of two such in one sheet each is said. A sentence names how many sheets more it stands for.
    """
    alike: dict[tuple[str, int], list[str]] = {}
    for table in tables:
        seen: Counter[str] = Counter()
        for sentence in sentences(table):
            words = sentence.replace(f"「{plain(table.name)}」", "") if table.name else sentence
            key = NUMBERS.sub(lambda found: found["title"] or "0", words)
            alike.setdefault((key, seen[key]), []).append(sentence)
            seen[key] += 1
    for first, *others in alike.values():
        more = _("（另有 %(count)d 張工作表也是這樣）") % {"count": len(others)} if others else ""
        yield f"{first}{more}"


def sheets_left_out(workbook: Workbook, tables: Sequence[Table]) -> Iterator[str]:
    """A sentence for each sheet without a table, and for each that is hidden or a chart."""
    used = {id(table.sheet) for table in tables}
    for sheet in workbook.sheets:
        if id(sheet) not in used:
            yield _("「%(sheet)s」工作表沒有看得懂的標題，沒有讀取。") % {"sheet": plain(sheet.name)}
    for name in workbook.skipped:
        yield _("「%(sheet)s」工作表照選定的不讀取。") % {"sheet": plain(name)}
    for name in workbook.hidden:
        yield _("「%(sheet)s」工作表是隱藏的，沒有讀取。") % {"sheet": plain(name)}
    for name in workbook.charts:
        yield _("「%(sheet)s」是圖表，沒有讀取。") % {"sheet": plain(name)}


def lines_above(table: Table) -> Iterator[str]:
    """That lines above the titles were not read."""
    if table.above:
        count = len(table.above)
        words = _("標題在%(place)s，上面 %(count)d 列沒有讀取：%(words)s")
        above = joined(plain(text) for _line, text in table.above[:3])
        yield words % {"place": place_of(table.line, sheet=table.name), "count": count, "words": above}


def columns_left_out(table: Table) -> Iterator[str]:
    """A sentence for each column that nobody knows, with the title that was perhaps meant, or that has no title."""
    where = _("「%(sheet)s」工作表的") % {"sheet": plain(table.name)} if table.name else ""
    for place, title in enumerate(table.titles):
        if title and table.columns[place] is None:
            nearest = table.known.nearest(title, besides=table.columns)
            words = {"where": where, "title": plain(title), "nearest": nearest}
            if nearest:
                yield _("%(where)s『%(title)s』沒有使用，您是指『%(nearest)s』嗎？") % words
            else:
                yield _("%(where)s『%(title)s』沒有使用。") % words
        elif title and table.columns[place] == NOT_READ and title not in WRITTEN_BY_US:
            yield _("%(where)s『%(title)s』照選定的不匯入。") % {"where": where, "title": plain(title)}
    for place, filled in sorted(table.unused.items()):
        if place >= len(table.titles) or not table.titles[place]:
            at = place_of(filled.line, sheet=table.name)
            told = {"column": table.title_of(place), "count": filled.count, "place": at}
            yield _("%(column)s沒有標題，有 %(count)d 格沒有使用，第一格在%(place)s。") % told


def feet_left_out(table: Table) -> Iterator[str]:
    """A sentence for each line that is no row of the table."""
    for line, words in table.feet:
        told = {"place": place_of(line, sheet=table.name), "words": plain(words)}
        yield _("%(place)s「%(words)s」不是資料，沒有讀取。") % told


def hidden_but_read(table: Table) -> Iterator[str]:
    """That lines or columns which nobody sees, of a filter perhaps, were read like all others."""
    where = place_of(0, sheet=table.name) if table.name else ""
    if lines := [line for line in table.sheet.hidden_lines if line > table.line]:
        words = {"where": where, "count": len(lines)}
        yield _("%(where)s有 %(count)d 列是隱藏的（可能用了篩選），也一起讀取了。") % words
    for place in sorted(table.sheet.hidden_columns):
        if place < len(table.columns) and table.columns[place] is not None:
            words = {"where": where, "title": plain(table.title_of(place))}
            yield _("%(where)s『%(title)s』這一欄是隱藏的，也一起讀取了。") % words


def plain(text: str) -> str:
    """What stands in a file, short and without ID numbers."""
    text = identity.blot_out(text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
