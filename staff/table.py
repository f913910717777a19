"""Reads a list of staff from a file and checks it as a whole; writes nothing."""

import re
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import emails
from core.languages import joined
from core.spreadsheets import (
    RowError,
    Titles,
    UnreadableFile,
    build_workbook,
    find_table,
    is_foot,
    left_out,
    place_of,
    read,
    refuse_broken,
)
from registry.models import SchoolClass
from registry.roles import Role
from registry.roster.cleaning import clean_cell, refuse_stray_number, short_enough
from staff import accounts as staff

COLUMNS = {
    "account": gettext_lazy("帳號"),
    "name": gettext_lazy("姓名"),
    "email": gettext_lazy("電子郵件"),
    "roles": gettext_lazy("角色"),
    "class_name": gettext_lazy("導師班級"),
    "contact": gettext_lazy("聯絡方式"),
}
ALIASES = {
    "帳號": "account", "教職員帳號": "account", "教師帳號": "account", "account": "account",
    "姓名": "name", "教師姓名": "name", "教職員姓名": "name", "name": "name",
    "電子郵件": "email", "電子信箱": "email", "電郵": "email", "email": "email",
    "角色": "roles", "roles": "roles", "role": "roles",
    "導師班級": "class_name", "班級": "class_name", "任教班級": "class_name", "class": "class_name",
    "聯絡方式": "contact", "contact": "contact",
}  # fmt: skip
KNOWN = Titles(ALIASES, COLUMNS.get)
REQUIRED = ["account", "name", "email"]
MOST = 500  # lines; a school has fewer staff


def build_template():
    return build_workbook(_("教職員"), [str(title) for title in COLUMNS.values()], [])


@dataclass(frozen=True)
class Checked:
    """`rows` that JSON can keep, `errors` (RowError), and of what was read and what not the `contents`."""

    rows: list
    errors: list
    contents: dict


def check_file(data, *, school, by):
    """The Checked of a file (bytes)."""
    rows: list[dict] = []
    errors: list[RowError] = []
    try:
        workbook = read(data)
        found = (find_table(sheet, KNOWN, is_enough=is_enough) for sheet in workbook.sheets)
        tables = [table for table in found if table]
        if not tables:
            raise _no_titles(workbook)
        for table in tables:
            _check_columns(table.columns, line=table.line, sheet=table.name)
        for table in tables:
            _read_table(table, rows, errors)
        if not rows:
            raise UnreadableFile(_("檔案裡沒有任何教職員。"), line=tables[0].line, sheet=tables[0].name)
    except UnreadableFile as unreadable:
        return Checked([], [unreadable.error], {})
    errors += [*_conflicts(rows, school), *_accounts_that_stay(rows, school, by)]
    order = [table.name for table in tables]
    errors.sort(key=lambda error: (order.index(error.sheet), error.line))
    contents = {"sheets": [[table.name, table.count] for table in tables], "left_out": left_out(workbook, tables)}
    return Checked(rows, errors, contents)


def is_enough(columns):
    """Whether titles are those of a list of staff: an account or an address, and something more."""
    return len(columns) >= 2 and bool({"account", "email"}.intersection(columns))


def _read_table(table, rows, errors):
    for line, cells in table.rows(is_foot=partial(_names_nobody, table.columns)):
        named = {column: cell for column, cell in zip(table.columns, cells, strict=False) if column}
        rows.append(_check_row(line, table.name, named, errors))
        if len(rows) > MOST:
            raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MOST})


def _names_nobody(columns, cells):
    """Whether a line that looks like a foot has nobody's address or account in it."""
    named = {column: cell for column, cell in zip(columns, cells, strict=False) if column and not is_foot(cell)}
    return not named.get("email") and not named.get("account")


def _no_titles(workbook):
    """The UnreadableFile that says what is missing, of the first line that may have been meant as titles."""
    for sheet in workbook.sheets:
        for line, cells in sheet.lines():
            if any(cells):
                columns = [KNOWN.column_of(cell) for cell in cells]
                missing = [column for column in REQUIRED if column not in columns]
                return missing_columns(missing or REQUIRED, line if any(columns) else 0, sheet.name)
    return UnreadableFile(_("檔案是空的。"))


def _check_columns(columns, *, line, sheet):
    if missing := [column for column in REQUIRED if column not in columns]:
        raise missing_columns(missing, line, sheet)
    if twice := next((one for one in columns if one and columns.count(one) > 1), None):
        words = _("標題「%(column)s」出現兩次，請留一欄。") % {"column": COLUMNS[twice]}
        raise UnreadableFile(words, line=line, sheet=sheet)


def missing_columns(columns, line=0, sheet=""):
    words = _("第一列要是標題，缺少：%(columns)s。")
    return UnreadableFile(
        words % {"columns": joined(str(COLUMNS[column]) for column in columns)}, line=line, sheet=sheet
    )


def _check_row(line, sheet, cells, errors):
    row: dict = {"line": line, "sheet": sheet}
    for column, clean in CLEANERS.items():
        text = cells.get(column, "")
        try:
            refuse_broken(text)
            if column != "email":  # that is asked about: see `StaffImport.emails_to_ask`
                refuse_stray_number(text)
            row[column] = clean(text)
        except ValidationError as error:
            errors.append(_error_in(row, column, error.messages[0]))
            row[column] = None
    return row


def clean_roles(text):
    """Roles by the school's words; who has none named is a homeroom teacher."""
    known = words_for_roles()
    words = [_folded(word) for word in re.split(r"[、,;／/]+", text) if word.strip()]
    words = [one for word in words for one in ([word] if word in known else word.split())]
    unknown = [word for word in words if word not in known]
    if unknown:
        raise ValidationError(
            _("沒有「%(word)s」這個角色，可以用：%(roles)s。")
            % {"word": unknown[0], "roles": joined(str(role.label) for role in Role)}
        )
    return sorted({known[word] for word in words} or {Role.HOMEROOM_TEACHER.value})


def words_for_roles():
    """{word: role}: the school's word in every language of the pages, whichever the reader has now."""
    words = {role.value: role.value for role in Role}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {_folded(str(role.label)): role.value for role in Role}
    return words


def _folded(word):
    """A word of a cell as it is compared: an apostrophe is typed straight as often as curled."""
    return word.strip().casefold().replace("’", "'")


CLEANERS = {
    "account": lambda text: clean_cell("homeroom_account", text),
    "name": lambda text: clean_cell("name", text),
    "email": emails.clean,
    "roles": clean_roles,
    "class_name": lambda text: clean_cell("class_name", text) if text else "",
    "contact": lambda text: short_enough(text, limit=80),
}


def _error_in(row, column, words):
    return RowError(row["line"], str(COLUMNS[column]), words, sheet=row["sheet"])


def _conflicts(rows, school):
    """The same account or class twice in the file, and classes that do not exist."""
    classes = set(SchoolClass.objects.current().filter(school=school).values_list("name", flat=True))
    for column in ("account", "class_name"):
        firsts: dict[str, dict] = {}
        for row in rows:
            if not row[column]:
                continue
            first = firsts.setdefault(row[column], row)
            if first is not row:
                words = _("和%(place)s重複。") % {"place": place_of(first["line"], sheet=first["sheet"])}
                yield _error_in(row, column, words)
    for row in rows:
        if row["class_name"] and row["class_name"] not in classes:
            yield _error_in(row, "class_name", _("沒有 %(name)s 這個班級。") % {"name": row["class_name"]})


def _accounts_that_stay(rows, school, by):
    """Who is switched off gains nothing from a list, and nobody changes the own account."""
    off = set(staff.staff_of(school).filter(is_active=False).values_list("account", flat=True))
    for row in rows:
        if row["account"] in off:
            words = _("這個帳號已停用，請先在教職員帳號裡啟用，或從名單拿掉這一列。")
            yield _error_in(row, "account", words)
        elif row["account"] == by.account and set(row["roles"] or ()) - by.roles:
            words = _("這是您自己的帳號，不能給自己角色，請從名單拿掉這一列。")
            yield _error_in(row, "account", words)
