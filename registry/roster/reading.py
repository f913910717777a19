"""From bytes to rows: encodings, separators, headers, and cells as a spreadsheet leaves them."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.formats import half_width
from registry.models import Guardian
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
# Of each guardian on record: 監護人1姓名, 監護人1關係 and so on, or guardian1_name.
GUARDIAN_HEADERS = {
    "name": ["姓名", "name"],
    "relationship": ["關係", "稱謂", "relationship"],
    "identity_number": ["身分證字號", "身分證統一編號", "證號", "national_id"],
    "mobile": ["手機", "行動電話", "mobile"],
    "email": ["電子郵件", "email", "e-mail"],
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
ALIASES = {alias: column for column, aliases in HEADERS.items() for alias in aliases} | {
    prefix.format(number) + alias: f"guardian{number}_{part}"
    for number in NUMBERS
    for part, aliases in GUARDIAN_HEADERS.items()
    for alias in aliases
    for prefix in ("監護人{}", "家長{}", "guardian{}_", "guardian{} ")
}
OPTIONAL = {"homeroom_account", "homeroom_name", "homeroom_contact", *GUARDIAN_COLUMNS}
MAX_ROWS = 200_000
MAX_CELL = 200  # characters; no name or number is longer
PIECE = 256 * 1024  # bytes decoded at a time
BANNERS = 5  # lines that may stand above the header: the school's name, the date of printing


@dataclass(frozen=True)
class RawRow:
    """The cells of one line, by column; tidied, not yet checked."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Reading:
    """`columns` in their order (None where a column is of no concern), `total` lines or so, the rows."""

    columns: list[str | None]
    total: int
    rows: Iterator[RawRow]

    @property
    def has_guardians(self):
        return any(column in GUARDIAN_COLUMNS for column in self.columns)


def read_rows(data):
    """A Reading of a roster file (bytes), CSV or Excel; its rows come one by one. Raises UnreadableFile."""
    if len(data) > settings.ROSTER_MAX_BYTES:
        megabytes = settings.ROSTER_MAX_BYTES // 1024 // 1024
        raise UnreadableFile(_("檔案超過 %(limit)d MB，請分班或分年級匯入。") % {"limit": megabytes})
    total, lines = workbook_lines(data) if is_workbook(data) else (data.count(b"\n"), csv_lines(data))
    columns = find_header(lines)
    rows = _rows(lines, columns)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(_("檔案裡沒有任何學生。"))
    return Reading(columns, total, chain([first], rows))


def find_header(lines):
    """Which column stands where, from the first line that looks like a header; a banner may stand above it."""
    filled = (line for line in lines if any(line[1]))
    first = None
    for line, cells in islice(filled, BANNERS):
        first = first or (line, cells)
        if sum(column_named(tidy(cell)) is not None for cell in cells) >= 3:
            return columns_of(cells, line)
    return columns_of(first[1] if first else None, first[0] if first else 0)


def csv_lines(data):
    """(line, cells) of a CSV file; a cell with a line break in it counts as an editor counts."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding_of(data), newline="")
    separator = separator_of(next((line for line in text if line.strip()), ""))
    text.seek(0)
    # Strict, or a quote that is never closed would swallow the students after it, their ID numbers included.
    reader = csv.reader(text, delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        reason = _("檔案的格式不完整，可能有沒關上的引號。請從試算表重新另存 CSV。")
        raise UnreadableFile(reason, line=line) from None


def encoding_of(data):
    """UTF-8 with or without BOM, else Big5 as Windows writes it (cp950). Raises UnreadableFile."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise UnreadableFile(_("檔案的編碼無法辨識。請另存為 CSV UTF-8 或 Big5 再匯入。"))
    readable = {encoding: readable_bytes(data, encoding) for encoding in ("utf-8-sig", "cp950")}
    for encoding, length in readable.items():
        if length == len(data):
            return encoding
    bad_line = data.count(b"\n", 0, max(readable.values())) + 1
    if bad_line == 1:
        raise UnreadableFile(_("檔案的編碼無法辨識。請另存為 CSV UTF-8 或 Big5 再匯入。"))
    reason = _("這一行有無法辨識的字，可能是造字。請改用 Unicode 的字，另存為 CSV UTF-8 再匯入。")
    raise UnreadableFile(reason, line=bad_line)


def readable_bytes(data, encoding):
    """How many bytes of `data` are text in `encoding`; checked piece by piece, so that no copy is made."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    for start in range(0, len(data), PIECE):
        piece = data[start : start + PIECE]
        carried = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=start + PIECE >= len(data))
        except UnicodeDecodeError as error:
            return start - carried + error.start
        done = start + len(piece)
    return done


def separator_of(header):
    return max(",\t;", key=header.count)


def columns_of(header, line):
    """Which column stands where. Raises UnreadableFile naming what is missing or twice."""
    if header is None:
        raise UnreadableFile(_("檔案是空的。"))
    found = [column_named(tidy(cell)) for cell in header]
    twice = [column for column in [*HEADERS, *GUARDIAN_COLUMNS] if found.count(column) > 1]
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


def title_of(column):
    """What a column is called to people."""
    if column in TITLES:
        return str(TITLES[column])
    number, _underscore, part = column.removeprefix("guardian").partition("_")
    return GUARDIAN_TITLES[part] % {"number": int(number)}


def titles(columns):
    return "、".join(title_of(column) for column in columns)


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
