"""The registrar's own file again, with what is wrong or asked marked in its cells."""

from django.conf import settings
from django.utils import translation

from core.languages import labelled
from core.spreadsheets import Remark, RowError, mark
from registry.roster.columns import title_of
from registry.roster.reading import read_tables


def marked_file(roster_import):
    """The uploaded file as an .xlsx workbook (bytes) with a column that says what to mend. The caller records an event.

    Raises UnreadableFile where the file can't be read at all.
    """
    data = roster_import.read()
    _workbook, found, _titles = read_tables(roster_import, data)
    tables = {table.name: table for table in found}
    remarks = [
        Remark(one.sheet, one.line, _place_of(tables.get(one.sheet), one.column), _words(one))
        for one in told_of(roster_import)
        if one.line
    ]
    return mark(data, remarks, title_lines={name: table.line for name, table in tables.items()})


def told_of(roster_import):
    """All that was told of single places: errors, else questions and notices (RowError)."""
    asked = [place for _count, places in roster_import.questions.values() for place in places]
    return [RowError(*one) for one in roster_import.errors or [*asked, *roster_import.notices]]


def _words(error):
    return labelled(error.column) + error.reason if error.column else error.reason


def _place_of(table, name):
    """The place of the column that was called `name` in whichever language somebody had, None where there is none."""
    if table is None:
        return None
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            for place, column in enumerate(table.columns):
                if column and title_of(column) == name:
                    return place
    return None
