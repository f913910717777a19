"""The first sheet of an Excel workbook, line by line, as text."""

import io
import subprocess  # noqa: S404 – our own program, without a shell
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, load_workbook

from registry.roster.errors import UnreadableFile

ZIP = b"PK\x03\x04"  # .xlsx
OLE = b"\xd0\xcf\x11\xe0"  # .xls, and workbooks with a password
MAX_UNPACKED = 300 * 1024 * 1024  # bytes; a roster of 200,000 students unpacks to a third of it
MAX_COLUMNS = 60
MAX_CELLS = 6_000_000  # from the first to the last, empty ones too, for all of them are held in memory
CHILD = Path(__file__).with_name("workbook_child.py")
CHILD_SECONDS = 30


def is_workbook(data):
    return data.startswith((ZIP, OLE))


def workbook_lines(data):
    """(how many, (line, cells) one by one) of the first sheet; line 1 is its first row. Raises UnreadableFile."""
    if data.startswith(ZIP):
        refuse_bomb(data)
    refuse_wide(*measure(data))
    try:
        sheet = load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError):
        raise _unreadable() from None
    return sheet.height, lines_of(sheet)


def measure(data):
    """(rows, columns) of the first sheet, read in a process of its own: a strange file can't take the site along."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(CHILD)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=CHILD_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise _too_large() from None
    if done.returncode == 2:
        raise _unreadable()
    if done.returncode:
        raise _too_large()
    rows, columns = done.stdout.split()
    return int(rows), int(columns)


def refuse_wide(rows, columns):
    if columns > MAX_COLUMNS:
        raise UnreadableFile(_("工作表超過 %(limit)d 欄，請只保留名冊。") % {"limit": MAX_COLUMNS})
    if rows * columns > MAX_CELLS:
        raise _too_large()


def _unreadable():
    return UnreadableFile(_("無法讀取這個 Excel 檔。若設有密碼請先移除，或另存為 CSV UTF-8 再匯入。"))


def _too_large():
    return UnreadableFile(_("工作表的範圍太大。請刪除表格以外的行與欄，或把表格複製到新的工作表再匯入。"))


def lines_of(sheet):
    merged = merged_lines(sheet)
    for line, cells in enumerate(sheet.iter_rows(), start=(sheet.start or (0, 0))[0] + 1):
        texts = [text_of(cell) for cell in cells]
        # Of merged cells only the first holds the value: a banner may be merged, rows of students may not.
        if line in merged and sum(bool(text) for text in texts) > 1:
            reason = _("這一行有合併的儲存格，請先取消合併，把每一格都填好再匯入。")
            raise UnreadableFile(reason, line=line)
        yield line, texts


def merged_lines(sheet):
    """The lines at which merged cells begin; an .xls does not tell."""
    return {top + 1 for (top, _left), _end in sheet.merged_cell_ranges or []}


def refuse_bomb(data):
    """A small file may unpack to gigabytes: the archive's own index says how large, before anything is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise UnreadableFile(_("這個檔案不完整，請重新存檔後再匯入。")) from None
    if unpacked > MAX_UNPACKED:
        raise UnreadableFile(_("這個 Excel 檔展開後太大，請只保留名冊的工作表。"))


def text_of(cell):
    """A cell as a person sees it: 301 for the number 301.0, 2008-05-03 for a date."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
