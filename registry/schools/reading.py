"""Reads a list of schools from a file and checks it as a whole; writes nothing."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import joined
from core.phones import Phone
from core.spreadsheets import (
    RowError,
    Titles,
    UnreadableFile,
    build_workbook,
    find_table,
    left_out,
    place_of,
    read,
    refuse_broken,
)
from registry.levels import DISTRICTS
from registry.models import School

COLUMNS = {
    "code": gettext_lazy("學校代碼"),
    "name": gettext_lazy("校名"),
    "short_name": gettext_lazy("簡稱"),
    "slug": gettext_lazy("網址代碼"),
    "english_name": gettext_lazy("英文校名"),
    "district": gettext_lazy("行政區"),
    "helpdesk_phone": gettext_lazy("網路中心電話"),
    "registrar_phone": gettext_lazy("註冊組電話"),
    "cashier_phone": gettext_lazy("出納組電話"),
}
ALIASES = {
    "學校代碼": "code", "代碼": "code", "code": "code",
    "校名": "name", "學校名稱": "name", "學校": "name", "name": "name",
    "簡稱": "short_name", "學校簡稱": "short_name",
    "網址代碼": "slug", "網址": "slug", "slug": "slug",
    "英文校名": "english_name", "英文名稱": "english_name",
    "行政區": "district", "區": "district", "區別": "district",
    "網路中心電話": "helpdesk_phone", "資訊組電話": "helpdesk_phone",
    "註冊組電話": "registrar_phone", "出納組電話": "cashier_phone", "出納電話": "cashier_phone",
}  # fmt: skip
KNOWN = Titles(ALIASES, COLUMNS.get)
PHONES = ("helpdesk_phone", "registrar_phone", "cashier_phone")
# What a school that is not there yet has to have; of one that is there, a blank cell changes nothing.
NEEDED = ("name", "short_name", "slug", *PHONES)
MOST = 1000  # lines; the city has some 300 schools


def build_template() -> bytes:
    return build_workbook(_("學校"), [str(title) for title in COLUMNS.values()], [])


def build_list(schools: Any) -> bytes:
    """The schools as they are, in the columns that an upload reads."""
    return build_workbook(
        _("學校"),
        [str(title) for title in COLUMNS.values()],
        ([str(getattr(school, column)) for column in COLUMNS] for school in schools),
    )


@dataclass(frozen=True)
class Checked:
    """`rows` that JSON can keep, `errors` (RowError), and of what was read and what not the `contents`."""

    rows: list
    errors: list
    contents: dict


def check_file(data: bytes) -> Checked:
    """The Checked of a file: what is wrong is named by sheet, row and column."""
    rows: list[dict] = []
    errors: list[RowError] = []
    try:
        workbook = read(data)
        found = (
            find_table(sheet, KNOWN, is_enough=lambda columns: {"code", "name"} <= set(columns))
            for sheet in workbook.sheets
        )
        tables = [table for table in found if table]
        if not tables:
            needed = joined(str(COLUMNS[column]) for column in ("code", "name"))
            raise UnreadableFile(_("第一列必須是欄位名稱，至少要有：%(columns)s。") % {"columns": needed})
        for table in tables:
            _read_table(table, rows, errors)
        if not rows:
            raise UnreadableFile(_("檔案裡沒有任何學校。"), line=tables[0].line, sheet=tables[0].name)
    except UnreadableFile as unreadable:
        return Checked([], [unreadable.error], {})
    errors += [*_twice(rows), *_against_what_is_there(rows)]
    order = [table.name for table in tables]
    errors.sort(key=lambda error: (order.index(error.sheet), error.line))
    contents = {"sheets": [[table.name, table.count] for table in tables], "left_out": left_out(workbook, tables)}
    return Checked(rows, errors, contents)


def _read_table(table, rows, errors):
    if twice := next((one for one in table.columns if one and table.columns.count(one) > 1), None):
        words = _("標題「%(column)s」出現兩次，請留一欄。") % {"column": COLUMNS[twice]}
        raise UnreadableFile(words, line=table.line, sheet=table.name)
    for line, cells in table.rows():
        named = {column: cell for column, cell in zip(table.columns, cells, strict=False) if column}
        rows.append(_check_row(line, table.name, named, errors))
        if len(rows) > MOST:
            raise UnreadableFile(_("超過 %(limit)d 列，請分次匯入。") % {"limit": MOST})


def _check_row(line, sheet, cells, errors):
    row: dict = {"line": line, "sheet": sheet}
    for column in COLUMNS:
        text = cells.get(column, "")
        try:
            refuse_broken(text)
            row[column] = _cleaned(column, text.strip())
        except ValidationError as error:
            errors.append(_error_in(row, column, error.messages[0]))
            row[column] = None
    return row


def _cleaned(column, text):
    """The text as the school keeps it. Raises ValidationError."""
    if column == "code" and not text:
        raise ValidationError(_("請填寫學校代碼。"))
    if not text:
        return ""
    if column == "slug":
        text = text.lower()
    if column == "district" and text not in dict(DISTRICTS):
        raise ValidationError(_("沒有「%(district)s」這個行政區。") % {"district": text})
    if column in PHONES:
        return Phone.parse(text).kept
    return School._meta.get_field(column).clean(text, None)


def _error_in(row, column, words):
    return RowError(row["line"], str(COLUMNS[column]), words, sheet=row["sheet"])


def _twice(rows):
    for column in ("code", "slug", "name"):
        firsts: dict[str, dict] = {}
        for row in rows:
            if row[column]:
                first = firsts.setdefault(row[column], row)
                if first is not row:
                    words = _("和%(place)s重複。") % {"place": place_of(first["line"], sheet=first["sheet"])}
                    yield _error_in(row, column, words)


def _against_what_is_there(rows):
    """A new school needs all that a family sees; the address of one that is there stands on every printed form."""
    slugs = dict(School.objects.values_list("code", "slug"))
    owners = {slug: code for code, slug in slugs.items()}
    for row in rows:
        code, slug = row["code"], row["slug"]
        if not code:
            continue
        if code in slugs:
            if slug and slug != slugs[code]:
                words = _("這所學校的網址代碼是 %(slug)s，已印在申請書上，不能更改。") % {"slug": slugs[code]}
                yield _error_in(row, "slug", words)
            continue
        for column in NEEDED:
            if row[column] == "":
                yield _error_in(row, column, _("新學校必填。"))
        if slug and slug in owners:
            yield _error_in(row, "slug", _("學校代碼 %(code)s 已使用這個網址代碼。") % {"code": owners[slug]})
