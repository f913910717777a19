"""From the bytes of a roster to its rows: which titles a roster has, and what each column is called to people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import joined
from core.spreadsheets import Table, Titles, UnreadableFile, Workbook, find_table, is_foot, left_out, read
from registry.models import Guardian

IDENTITY_NUMBER = [
    f"{word}{number}"
    for word in ("身分證", "身份證", "身分證明")
    for number in ("字號", "統一編號", "號", "號碼", "統編", "")
] + ["證號", "統一證號", "居留證號"]
# What a column is called here -> what schools write above it.
HEADERS = {
    "class_name": ["班級", "班別", "班級名稱", "年班", "就讀班級", "class", "class_name"],
    "seat_number": ["座號", "號碼", "學生座號", "seat", "seat_number"],
    "student_number": ["學號", "學生學號", "student_number"],
    "name": ["姓名", "學生姓名", "中文姓名", "name", "student_name"],
    "identity_number": [*IDENTITY_NUMBER, *(f"學生{one}" for one in IDENTITY_NUMBER), "national_id"],
    "birth_on": ["出生日期", "生日", "出生年月日", "出生日", "學生生日", "birth_date", "birthday", "date_of_birth"],
    "homeroom_account": ["導師帳號", "homeroom_account"],
    "homeroom_name": ["導師姓名", "導師", "班導師", "級任導師", "homeroom_name"],
    "homeroom_contact": ["導師聯絡方式", "導師電話", "homeroom_contact"],
}
TITLES = {
    "class_name": gettext_lazy("班級"),
    "seat_number": gettext_lazy("座號"),
    "student_number": gettext_lazy("學號"),
    "name": gettext_lazy("姓名"),
    "identity_number": gettext_lazy("身分證字號"),
    "birth_on": gettext_lazy("出生日期"),
    "homeroom_account": gettext_lazy("導師帳號"),
    "homeroom_name": gettext_lazy("導師姓名"),
    "homeroom_contact": gettext_lazy("導師聯絡方式"),
}
# Of each guardian on record: 監護人1姓名, 監護人1關係 and so on, or guardian1_name; without a number it is the first.
GUARDIAN_HEADERS = {
    "name": ["姓名", "name"],
    "relationship": ["關係", "稱謂", "與學生關係", "relationship"],
    "identity_number": [*IDENTITY_NUMBER, "national_id"],
    "mobile": ["手機", "手機號碼", "行動電話", "mobile"],
    "email": ["電子郵件", "電子信箱", "email"],
}
GUARDIAN_TITLES = {
    "name": gettext_lazy("監護人%(number)d姓名"),
    "relationship": gettext_lazy("監護人%(number)d關係"),
    "identity_number": gettext_lazy("監護人%(number)d身分證字號"),
    "mobile": gettext_lazy("監護人%(number)d手機"),
    "email": gettext_lazy("監護人%(number)d電子郵件"),
}
NUMBERS = range(1, Guardian.MAXIMUM + 1)
GUARDIAN_COLUMNS = [f"guardian{number}_{part}" for number in NUMBERS for part in GUARDIAN_HEADERS]
# Read where no column is surely the mobile number: a telephone may be any.
GUARDIAN_TELEPHONE = ["電話", "聯絡電話", "連絡電話", "電話號碼", "phone", "telephone"]


def _aliases(parts):
    """{what people write: column} of the guardians' columns."""
    return {
        prefix.format(number) + alias: f"guardian{number}_{part}"
        for number in [*NUMBERS, ""]
        for part, aliases in parts.items()
        for alias in aliases
        for prefix in ("監護人{}", "家長{}", "guardian{}_")
    }


def _with_first(aliases):
    """監護人姓名 is 監護人1姓名."""
    return {alias: column.replace("guardian_", "guardian1_") for alias, column in aliases.items()}


ALIASES = _with_first(
    {alias: column for column, aliases in HEADERS.items() for alias in aliases} | _aliases(GUARDIAN_HEADERS)
)
MAYBE = Titles(_with_first(_aliases({"mobile": GUARDIAN_TELEPHONE})), lambda column: title_of(column))
OPTIONAL = {"homeroom_account", "homeroom_name", "homeroom_contact", *GUARDIAN_COLUMNS}
STUDENTS_OWN = {"seat_number", "student_number", "name", "identity_number", "birth_on"}
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
    """

    workbook: Workbook
    tables: list[Table]
    rows: Iterator[RawRow] = field(default_factory=lambda: iter(()))
    starts: list[tuple[int, str]] = field(default_factory=list)

    @property
    def total(self):
        """How many lines there are, or so."""
        return self.workbook.height

    @property
    def has_guardians(self):
        return any(column in GUARDIAN_COLUMNS for table in self.tables for column in table.columns)


def read_rows(data):
    """A Reading of a roster file (bytes); its rows come one by one. Raises UnreadableFile."""
    if len(data) > settings.ROSTER_MAX_BYTES:
        megabytes = settings.ROSTER_MAX_BYTES // 1024 // 1024
        raise UnreadableFile(_("檔案超過 %(limit)d MB，請分班或分年級匯入。") % {"limit": megabytes})
    workbook = read(data)
    found = (find_table(sheet, KNOWN, is_enough=is_enough) for sheet in workbook.sheets)
    reading = Reading(workbook, [with_telephones(table) for table in found if table])
    if not reading.tables:
        raise no_titles(workbook)
    for table in reading.tables:
        check_columns(table.columns, line=table.line, sheet=table.name)
    refuse_other_guardians(reading.tables)
    rows = _rows(reading)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(_("檔案裡沒有任何學生。"))
    reading.rows = chain([first], rows)
    return reading


def is_enough(columns):
    """Whether titles are those of a list of students, and not of their teachers or of a sum by class."""
    return len(columns) >= 3 and len(STUDENTS_OWN.intersection(columns)) >= 2


def with_telephones(table):
    """A guardian's telephone is read as the mobile number where no column is surely that."""
    for place, title in enumerate(table.titles):
        column = table.columns[place] or MAYBE.column_of(title)
        if column not in table.columns:
            table.columns[place] = column
    return table


def no_titles(workbook):
    """The UnreadableFile that says what is missing, of the first line that may have been meant as titles."""
    for sheet in workbook.sheets:
        for line, cells in sheet.lines():
            if any(cells):
                found = [KNOWN.column_of(cell) for cell in cells]
                try:
                    check_columns(found, line=line, sheet=sheet.name)
                except UnreadableFile as unreadable:
                    return unreadable
    return UnreadableFile(_("檔案是空的。"))


def check_columns(found, *, line, sheet):
    """Raises UnreadableFile naming what is missing or twice."""
    twice = [column for column in [*HEADERS, *GUARDIAN_COLUMNS] if found.count(column) > 1]
    if twice:
        words = _("標題重複，同一個欄位只能有一欄。")
        raise UnreadableFile(words, line=line, column=titles(twice), sheet=sheet)
    missing = [column for column in HEADERS if column not in found and column not in OPTIONAL]
    if missing:
        raise UnreadableFile(
            _("第一列要是標題，缺少：%(columns)s。") % {"columns": titles(missing)},
            line=line,
            column=_("標題"),
            sheet=sheet,
        )


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


def title_of(column):
    """What a column is called to people."""
    if column in TITLES:
        return str(TITLES[column])
    number, _underscore, part = column.removeprefix("guardian").partition("_")
    return GUARDIAN_TITLES[part] % {"number": int(number)}


def titles(columns):
    return joined(title_of(column) for column in columns)


KNOWN = Titles(ALIASES, title_of)


def _rows(reading):
    start = last = count = 0
    for table in reading.tables:
        start = last
        reading.starts.append((start, table.name))
        keys = [place for place, column in enumerate(table.columns) if column in STUDENTS_OWN]
        for line, cells in table.rows(is_foot=partial(names_nobody, keys)):
            count += 1
            if count > MAX_ROWS:
                raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MAX_ROWS})
            last = start + line
            named = {column: cell for column, cell in zip(table.columns, cells, strict=False) if column}
            yield RawRow(last, named)


def names_nobody(keys, cells):
    """Whether nothing of a student stands in these places, but the words of a foot line or a count."""
    return all(not cells[key] or is_foot(cells[key]) or COUNT.fullmatch(cells[key]) for key in keys)
