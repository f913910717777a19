"""Workbooks that people download: templates, tables, figures, what is wrong with a table.

A text is written as text: what looks like a formula stays what it is.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.spreadsheets.errors import RowError


@dataclass(frozen=True)
class Page:
    """One sheet to write; `widths` in characters. A float is a share and shown in percent."""

    title: str
    header: Sequence[str]
    lines: Iterable[Sequence[Any]]
    widths: Sequence[int]


def build_report(pages: Sequence[Page]) -> bytes:
    """Figures to take away: numbers are numbers, all else is text; the first column stays in view."""
    return _written(pages, fixed_columns=1)


def build_workbook(
    title: str, header: Sequence[str], lines: Iterable[Sequence[Any]], *, widths: Sequence[int] | None = None
) -> bytes:
    """A table of text alone, also in the cells that are still empty; what has `widths` of its own is wrapped."""
    texts = ([str(cell) for cell in line] for line in lines)
    page = Page(title, header, texts, widths or [16] * len(header))
    return _written([page], column_style={"num_format": "@", "text_wrap": bool(widths)})


def build_list(title: str, header: Sequence[str], lines: Iterable[Sequence[Any]], *, widths: Sequence[int]) -> bytes:
    """A list as a page shows it: whole numbers grouped, all else text; the head stays in view and filters."""
    page = Page(_sheet_name(title), header, lines, widths)
    return _written([page], whole_numbers="#,##0", has_filter=True)


def _sheet_name(title: str) -> str:
    """What Excel takes for the name of a sheet: 31 characters, none of []:*?/\\, no quote at its ends."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "1"


def build_error_list(errors: Sequence[RowError], *, with_students: bool = False) -> bytes:
    """What is wrong with a table: sheet, line, column, reason; of a roster also the student and what was typed."""
    sheets = [("sheet", _("工作表"), 16)] if any(error.sheet for error in errors) else []
    students = [("name", _("學生"), 16), ("value", _("填的內容"), 24)] if with_students else []
    place, reason = [("line", _("列"), 8), ("column", _("欄位"), 24)], ("reason", _("原因"), 80)
    fields, header, widths = zip(*sheets, *place, *students, reason, strict=True)
    lines = ([getattr(error, field) or "" for field in fields] for error in errors)
    return build_workbook(_("要修正的地方"), header, lines, widths=widths)


def _written(
    pages: Sequence[Page],
    *,
    fixed_columns: int = 0,
    column_style: dict[str, Any] | None = None,
    whole_numbers: str = "0",
    has_filter: bool = False,
) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"constant_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 2, "num_format": "@", "text_wrap": True})
        styles: dict[type, Format] = {
            str: book.add_format(column_style or {"num_format": "@"}),
            int: book.add_format({"num_format": whole_numbers}),
            float: book.add_format({"num_format": "0%"}),
        }
        for page in pages:
            sheet = book.add_worksheet(page.title)
            sheet.freeze_panes(1, fixed_columns)
            for column, width in enumerate(page.widths):
                sheet.set_column(column, column, width, styles[str] if column_style else None)
            _write_line(sheet, 0, page.header, {str: head})
            row = 0
            for row, cells in enumerate(page.lines, start=1):
                _write_line(sheet, row, cells, styles)
            if has_filter:
                sheet.autofilter(0, 0, row, len(page.header) - 1)
    return written.getvalue()


def _write_line(sheet: Worksheet, row: int, cells: Iterable[Any], styles: dict[type, Format]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float):
            sheet.write_number(row, column, cell, styles[type(cell)])
        elif cell is not None and cell != "":
            sheet.write_string(row, column, str(cell), styles[str])
