"""From the bytes of an uploaded file to its sheets."""

from functools import partial

from core.spreadsheets.kinds import Kind, kind_of
from core.spreadsheets.sheets import TextSheet, Workbook
from core.spreadsheets.text import line_count, text_lines
from core.spreadsheets.web_page import HtmlSheet
from core.spreadsheets.workbook import read_workbook


def read(data: bytes) -> Workbook:
    """The Workbook of a file (bytes): .xlsx, .xlsm, .xls, .ods, CSV and its kin, or a page with tables.

    What it is says its content, not its name. Raises UnreadableFile, which says what the file is instead and what to
    do; walking the lines of a sheet may raise it as well.
    """
    kind = kind_of(data)
    if kind is Kind.TEXT:
        return Workbook([TextSheet(partial(text_lines, data), line_count(data))])
    if kind is Kind.HTML:
        return Workbook([HtmlSheet(data)])
    return read_workbook(data, kind)
