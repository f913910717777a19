"""What a roster's file holds besides its students, told above the preview: nothing is left out unnamed."""

from django.utils.translation import gettext as _

from core import identity
from core.spreadsheets import place_of
from registry.roster.reading import KNOWN

SHOWN = 60  # characters of what stands in the file
MOST = 100  # sentences


def contents_of(reading):
    """What JSON keeps of a Reading whose rows have all been walked.

    `starts` as `Places` takes them, `sheets` [name, how many students], `left_out` sentences.
    """
    return {
        "starts": [list(pair) for pair in reading.starts],
        "sheets": [[table.name, table.count] for table in reading.tables],
        "left_out": [*_sheets_left_out(reading), *_parts_left_out(reading)][:MOST],
    }


def _sheets_left_out(reading):
    for name in reading.bare:
        yield _("「%(sheet)s」工作表沒有名冊的標題，沒有讀取。") % {"sheet": plain(name)}
    for name in reading.hidden:
        yield _("「%(sheet)s」工作表是隱藏的，沒有讀取。") % {"sheet": plain(name)}


def _parts_left_out(reading):
    for table in reading.tables:
        yield from columns_left_out(table, KNOWN)
        yield from feet_left_out(table)


def columns_left_out(table, known):
    """A sentence for each column of a Table that nobody knows, with the title that was perhaps meant."""
    for place, title in enumerate(table.titles):
        if title and table.columns[place] is None:
            words = {"title": plain(title), "nearest": known.nearest(title), "where": _where(table)}
            if words["nearest"]:
                yield _("%(where)s『%(title)s』沒有使用，您是指『%(nearest)s』嗎？") % words
            else:
                yield _("%(where)s『%(title)s』沒有使用。") % words
    for place, filled in sorted(table.unused.items()):
        if place >= len(table.titles) or not table.titles[place]:
            words = {
                "column": table.title_of(place),
                "count": filled.count,
                "place": place_of(filled.line, sheet=table.name),
            }
            yield _("%(column)s沒有標題，有 %(count)d 格沒有使用，第一格在%(place)s。") % words


def feet_left_out(table):
    """A sentence for each line below a Table that is no row of it."""
    for line, words in table.feet:
        told = {"place": place_of(line, sheet=table.name), "words": plain(words)}
        yield _("%(place)s「%(words)s」不是資料，沒有讀取。") % told


def _where(table):
    return _("「%(sheet)s」工作表的") % {"sheet": plain(table.name)} if table.name else ""


def plain(text):
    """What stands in a file, short and without ID numbers."""
    text = identity.blot_out(text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
