"""From bytes to rows: encodings, separators, headers, and cells as a spreadsheet leaves them."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
class RowError:
    """What is wrong, where: `line` of the file (1 is the header; 0 the file itself), the column's title."""

    line: int
    column: str
    reason: str

    def __str__(self):
        where = _("第 %(line)d 行「%(column)s」") % {"line": self.line, "column": self.column}
        return f"{where if self.line else _('檔案')}：{self.reason}"


class UnreadableFile(Exception):
    """The file as a whole can't be read; `error` says why."""

    def __init__(self, reason, *, line=0, column=""):
        super().__init__(reason)
        self.error = RowError(line, column, reason)


@dataclass(frozen=True)
class RawRow:
    """The cells of one line, by column; tidied, not yet checked."""

    line: int
    cells: dict[str, str]


def read_rows(data):
    """All rows of a roster file (bytes). Raises UnreadableFile."""
    if len(data) > settings.ROSTER_MAX_BYTES:
        megabytes = settings.ROSTER_MAX_BYTES // 1024 // 1024
        raise UnreadableFile(_("檔案超過 %(limit)d MB，請分班或分年級匯入。") % {"limit": megabytes})
    lines = csv.reader(io.StringIO(text := decode(data), newline=""), delimiter=separator_of(text))
    try:
        header = next((cells for cells in lines if any(cell.strip() for cell in cells)), None)
        columns = columns_of(header, lines.line_num)
        rows = [RawRow(line, cells) for line, cells in _tidy_rows(lines, columns)]
    except csv.Error:
        raise UnreadableFile(_("檔案的格式不完整，可能有沒關上的引號。請從試算表重新另存 CSV。")) from None
    if not rows:
        raise UnreadableFile(_("檔案裡沒有任何學生。"))
    return rows


def decode(data):
    """Text of the bytes: UTF-8 with or without BOM, else Big5 as Windows writes it (cp950)."""
    if data.startswith(b"PK\x03\x04"):
        raise UnreadableFile(_("這是 Excel 檔。請在 Excel 另存新檔，選「CSV UTF-8」再匯入。"))
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
    names = {alias: column for column, aliases in HEADERS.items() for alias in aliases}
    found = [names.get(tidy(cell).casefold()) for cell in header]
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


def titles(columns):
    return "、".join(str(TITLES[column]) for column in columns)


def _tidy_rows(lines, columns):
    before = lines.line_num
    for count, cells in enumerate(lines):
        line, before = before + 1, lines.line_num
        if count > MAX_ROWS:
            raise UnreadableFile(_("超過 %(limit)d 行，請分次匯入。") % {"limit": MAX_ROWS})
        tidied = [tidy(cell) for cell in cells]
        if any(tidied):
            padded = tidied + [""] * (len(columns) - len(tidied))
            yield line, {column: cell for column, cell in zip(columns, padded, strict=False) if column}


def tidy(cell):
    """A cell as text: half width, single spaces, without a spreadsheet's tricks (leading ' or =, 301.0)."""
    text = " ".join(unicodedata.normalize("NFKC", cell).split())[:MAX_CELL]
    if quoted := re.fullmatch(r'="(.*)"', text):
        text = quoted[1]
    text = text.removeprefix("'")
    return re.sub(r"^(\d+)\.0+$", r"\1", text)
