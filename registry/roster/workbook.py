"""The first sheet of an Excel workbook, line by line, as text."""

import io
import zipfile
from datetime import date, datetime

from django.utils.translation import gettext as _
from python_calamine import CalamineError, load_workbook

from registry.roster.errors import UnreadableFile

ZIP = b"PK\x03\x04"  # .xlsx
OLE = b"\xd0\xcf\x11\xe0"  # .xls, and workbooks with a password
MAX_UNPACKED = 300 * 1024 * 1024  # bytes; a roster of 200,000 students unpacks to a third of it
MAX_COLUMNS = 60


def is_workbook(data):
    return data.startswith((ZIP, OLE))


def workbook_lines(data):
    """(how many, (line, cells) one by one) of the first sheet; line 1 is its first row. Raises UnreadableFile."""
    if data.startswith(ZIP):
        refuse_bomb(data)
    try:
        sheet = load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError):
        raise UnreadableFile(
            _("無法讀取這個 Excel 檔。若設有密碼請先移除，或另存為 CSV UTF-8 再匯入。")
        ) from None
    if sheet.width > MAX_COLUMNS:
        raise UnreadableFile(_("工作表超過 %(limit)d 欄，請只保留名冊。") % {"limit": MAX_COLUMNS})
    return sheet.height, lines_of(sheet)


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
