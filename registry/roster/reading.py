"""From bytes to rows: encodings, separators, headers, and cells as a spreadsheet leaves them."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.formats import half_width
from registry.roster.errors import UnreadableFile
from registry.roster.workbook import is_workbook, workbook_lines

# What a column is called here -> what schools write above it.
HEADERS = {
    "class_name": ["班級", "class", "class_name"],
    "seat_number": ["座號", "seat", "seat_number"],
    "student_number": ["學號", "student_number", "student number"],
    "name": ["姓名", "學生姓名", "name"],
    "identity_number": ["身分證字號", "身分證統一編號", "身份證字號", "證號", "national_id", "national id"],
    "birth_on": ["出生日期", "生日", "出生年月日", "birth_date", "birth date", "birthday"],
    "homeroom_account": ["導師帳號", "homeroom_account", "homeroom account"],
    "homeroom_name": ["導師姓名", "homeroom_name", "homeroom name"],
    "homeroom_contact": ["導師聯絡方式", "導師電話", "homeroom_contact", "homeroom contact"],
}
ALIASES = {alias: column for column, aliases in HEADERS.items() for alias in aliases}
OPTIONAL = {"homeroom_name", "homeroom_contact"}
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
MAX_ROWS = 200_000
MAX_CELL = 200  # characters; no name or number is longer


@dataclass(frozen=True)
class RawRow:
    """The cells of one line, by column; tidied, not yet checked."""

    line: int
    cells: dict[str, str]


def read_rows(data):
    """All rows of a roster file (bytes), CSV or Excel. Raises UnreadableFile."""
    if len(data) > settings.ROSTER_MAX_BYTES:
        megabytes = settings.ROSTER_MAX_BYTES // 1024 // 1024
        raise UnreadableFile(_("檔案超過 %(limit)d MB，請分班或分年級匯入。") % {"limit": megabytes})
    lines = workbook_lines(data) if is_workbook(data) else csv_lines(data)
    line, header = next(((line, cells) for line, cells in lines if any(cells)), (0, None))
    columns = columns_of(header, line)
    rows = list(_rows(lines, columns))
    if not rows:
        raise UnreadableFile(_("檔案裡沒有任何學生。"))
    return rows


def csv_lines(data):
    """(line, cells) of a CSV file; a cell with a line break in it counts as an editor counts."""
    text = decode(data)
    # Strict, or a quote that is never closed would swallow the students after it, their ID numbers included.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        reason = _("檔案的格式不完整，可能有沒關上的引號。請從試算表重新另存 CSV。")
        raise UnreadableFile(reason, line=line) from None


def decode(data):
    """Text of the bytes: UTF-8 with or without BOM, else Big5 as Windows writes it (cp950)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise UnreadableFile(_("檔案的編碼無法辨識。請另存為 CSV UTF-8 或 Big5 再匯入。"))
    for encoding in ("utf-8-sig", "cp950"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("檔案的編碼無法辨識。請另存為 CSV UTF-8 或 Big5 再匯入。"))


def separator_of(text):
    first = text.lstrip().partition("\n")[0]
    return max(",\t;", key=first.count)


def columns_of(header, line):
    """Which column stands where. Raises UnreadableFile naming what is missing or twice."""
    if header is None:
        raise UnreadableFile(_("檔案是空的。"))
    found = [column_named(tidy(cell)) for cell in header]
    twice = [column for column in HEADERS if found.count(column) > 1]
    if twice:
        raise UnreadableFile(_("標題重複，同一個欄位只能有一欄。"), line=line, column=titles(twice))
    missing = [column for column in HEADERS if column not in found and column not in OPTIONAL]
    if missing:
        raise UnreadableFile(
            _("第一行要是標題，缺少：%(columns)s。") % {"columns": titles(missing)},
            line=line,
            column=_("標題"),
        )
    return found


def column_named(title):
    return ALIASES.get(title.casefold())


def titles(columns):
    return "、".join(str(TITLES[column]) for column in columns)


def _rows(lines, columns):
    for count, (line, cells) in enumerate(lines):
        if count > MAX_ROWS:
            raise UnreadableFile(_("超過 %(limit)d 行，請分次匯入。") % {"limit": MAX_ROWS})
        tidied = [tidy(cell) for cell in cells]
        if any(tidied):
            padded = tidied + [""] * (len(columns) - len(tidied))
            if all(column_named(cell) == column for cell, column in zip(padded, columns, strict=False)):
                raise UnreadableFile(_("標題只能有一行，請刪除多出來的標題。"), line=line, column=_("標題"))
            yield RawRow(
                line, {column: cell for column, cell in zip(columns, padded, strict=False) if column}
            )


def tidy(cell):
    """A cell as text: half width, single spaces, without a spreadsheet's tricks (leading ' or =, 301.0)."""
    text = " ".join(visible(half_width(cell)).split())[:MAX_CELL]
    if quoted := re.fullmatch(r'="(.*)"', text):
        text = quoted[1]
    text = text.removeprefix("'")
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


def visible(text):
    """`text` without control and format characters, which make equal names differ and turn their order round.

    Characters of private use stay: rare names are written with them.
    """
    if text.isprintable():
        return text
    return "".join(one for one in text if one.isspace() or unicodedata.category(one) not in {"Cc", "Cf"})
