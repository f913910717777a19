"""From the bytes of a roster to its rows: its sheets, what their columns mean, and which class a sheet is of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from django.conf import settings
from django.utils.translation import gettext as _

from core.spreadsheets import (
    RowError,
    Table,
    UnreadableFile,
    Workbook,
    find_table,
    guess_titles,
    is_foot,
    left_out,
    place_of,
    read,
)
from registry import class_names
from registry.models import KnownTitle
from registry.roster.columns import (
    CHOICES,
    GRADE,
    GUARDIAN_COLUMNS,
    KNOWN,
    MAYBE,
    REQUIRED,
    STUDENTS_OWN,
    is_enough,
    title_of,
    titles,
)
from registry.roster.sheet_classes import class_of_sheet, classes_of

COUNT = re.compile(r"\d{1,5} ?[人位名]?|[男女]生?")
MAX_ROWS = 200_000


@dataclass(frozen=True)
class RawRow:
    """The cells of one line, by column; tidied, not yet checked.

    `line` counts through all sheets of the file: the first of them begins at 1, each other where the one before ended
    (see `findings.Places`).
    """

    line: int
    cells: dict[str, str]


@dataclass
class Reading:
    """The `tables` of a file, one a sheet, and the rows of all of them, one by one.

    `starts`: the names of the sheets and after which line of the file each begins, known as the rows come.
    `sheet_classes`: {sheet: class} of those without a column for it.
    """

    workbook: Workbook
    tables: list[Table]
    rows: Iterator[RawRow] = field(default_factory=lambda: iter(()))
    starts: list[tuple[int, str]] = field(default_factory=list)
    sheet_classes: dict[str, str] = field(default_factory=dict)

    @property
    def total(self):
        """How many lines there are, or so."""
        return self.workbook.height

    @property
    def has_guardians(self):
        return any(column in GUARDIAN_COLUMNS for table in self.tables for column in table.columns)


class ColumnsUnclear(UnreadableFile):
    """What some columns mean, or which class a sheet is of, a person has to say: see `roster.mapping`."""


def titles_for(roster_import):
    """The titles that are known, with what the school has said before and what was chosen for this roster."""
    remembered = dict(KnownTitle.objects.filter(school=roster_import.school_id).values_list("title", "column"))
    return KNOWN.with_chosen({**remembered, **roster_import.chosen_columns})


def read_tables(roster_import, data=None):
    """(Workbook, Tables, Titles) of the uploaded file. Raises UnreadableFile."""
    data = roster_import.read() if data is None else data
    if len(data) > settings.ROSTER_MAX_BYTES:
        megabytes = settings.ROSTER_MAX_BYTES // 1024 // 1024
        raise UnreadableFile(_("檔案超過 %(limit)d MB，請分班或分年級匯入。") % {"limit": megabytes})
    workbook = read(data)
    skipped = {name for name, school_class in roster_import.chosen_classes.items() if not school_class}
    workbook.skipped = [sheet.name for sheet in workbook.sheets if sheet.name in skipped]
    workbook.sheets = [sheet for sheet in workbook.sheets if sheet.name not in skipped]
    known = titles_for(roster_import)
    found = (find_table(sheet, known, is_enough=is_enough) for sheet in workbook.sheets)
    return workbook, [with_telephones(table) for table in found if table], known


def read_rows(roster_import):
    """A Reading of an uploaded roster; its rows come one by one. Raises UnreadableFile."""
    workbook, tables, known = read_tables(roster_import)
    reading = Reading(workbook, tables)
    if not tables:
        raise no_titles(workbook, known)
    classes = classes_of(roster_import)
    for table in tables:
        if "class_name" not in table.columns and (name := class_of_sheet(roster_import, table, classes)):
            reading.sheet_classes[table.name] = name
        known_beside = ["class_name"] if table.name in reading.sheet_classes else []
        check_columns([*table.columns, *known_beside], line=table.line, sheet=table.name)
    refuse_other_guardians(tables)
    rows = _rows(reading)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(_("檔案裡沒有任何學生。"))
    reading.rows = chain([first], rows)
    return reading


def guessed_classes(roster_import, reading):
    """A RowError of each sheet whose class nobody wrote into a column or chose: to be asked."""
    for table in reading.tables:
        name = reading.sheet_classes.get(table.name)
        if name and table.name not in roster_import.chosen_classes:
            reason = _("%(place)s沒有班級欄，學生都讀成 %(name)s 班。")
            words = reason % {"place": place_of(0, sheet=table.name), "name": name}
            yield RowError(table.line, title_of("class_name"), words, name, sheet=table.name)


def with_telephones(table):
    """A guardian's telephone is read as the mobile number where no column is surely that."""
    for place, title in enumerate(table.titles):
        column = MAYBE.column_of(title) if table.columns[place] is None else table.columns[place]
        if column not in table.columns:
            table.columns[place] = column
    return table


def no_titles(workbook, known):
    """The UnreadableFile that says what is missing, of the first line that may have been meant as titles."""
    for sheet in workbook.sheets:
        if guessed := guess_titles(sheet, known):
            return missing_in(guessed.columns, line=guessed.line, sheet=sheet.name) or ColumnsUnclear(
                _("看不出哪一列是標題。"), line=guessed.line, sheet=sheet.name
            )
    for sheet in workbook.sheets:
        for line, cells in sheet.lines():
            if any(cells):
                error = missing_in(known.columns_of(cells), line=line, sheet=sheet.name)
                return UnreadableFile(error.error.reason, line=line, column=_("標題"), sheet=sheet.name)
    return UnreadableFile(_("檔案是空的。"))


def check_columns(found, *, line, sheet):
    """Raises ColumnsUnclear naming what is missing or twice."""
    if twice := [column for column in CHOICES if found.count(column) > 1]:
        words = _("標題重複，同一個欄位只能有一欄。")
        raise ColumnsUnclear(words, line=line, column=titles(twice), sheet=sheet)
    if missing := missing_in(found, line=line, sheet=sheet):
        raise missing


def missing_in(found, *, line, sheet):
    """The ColumnsUnclear that names the columns without which no roster can be read, None where all are there."""
    missing = [column for column in REQUIRED if column not in found]
    if not missing:
        return None
    words = _("第一列要是標題，缺少：%(columns)s。") % {"columns": titles(missing)}
    return ColumnsUnclear(words, line=line, column=_("標題"), sheet=sheet)


def refuse_other_guardians(tables):
    """A sheet without these columns must not take the guardians of its students away."""
    first, *others = ({column for column in table.columns if column in GUARDIAN_COLUMNS} for table in tables)
    for table, columns in zip(tables[1:], others, strict=True):
        if columns != first:
            words = _("監護人的欄位和「%(sheet)s」工作表不同，請讓每張工作表的監護人欄位一樣。")
            raise UnreadableFile(words % {"sheet": tables[0].name}, line=table.line, sheet=table.name)


def contents_of(reading):
    """What JSON keeps of a Reading whose rows have all been walked.

    `starts` as `findings.Places` takes them, `sheets` [name, how many students], `left_out` sentences.
    """
    return {
        "starts": [list(pair) for pair in reading.starts],
        "sheets": [[table.name, table.count] for table in reading.tables],
        "left_out": left_out(reading.workbook, reading.tables),
    }


def _rows(reading):
    start = last = count = 0
    for table in reading.tables:
        start = last
        reading.starts.append((start, table.name))
        sheet_class = reading.sheet_classes.get(table.name)
        keys = [place for place, column in enumerate(table.columns) if column in STUDENTS_OWN]
        for line, cells in table.rows(is_foot=partial(names_nobody, keys)):
            count += 1
            if count > MAX_ROWS:
                raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MAX_ROWS})
            last = start + line
            named = {column: cell for column, cell in zip(table.columns, cells, strict=False) if column}
            if sheet_class:
                named["class_name"] = sheet_class
            elif GRADE in named:
                named["class_name"] = with_grade(named[GRADE], named["class_name"])
            yield RawRow(last, named)


def names_nobody(keys, cells):
    """Whether nothing of a student stands in these places, but the words of a foot line or a count."""
    return all(not cells[key] or is_foot(cells[key]) or COUNT.fullmatch(cells[key]) for key in keys)


def with_grade(grade, name):
    """The class of a name that only counts within its grade: 年級 1 and 班級 10 is 1年10班."""
    if not grade or not name or type(name) is not str and not name.isdecimal() or class_names.read(name):
        return name
    return f"{re.sub('(?:年級?|級)$', '', grade)}年{name.removesuffix('班')}班"
