"""Workbooks that people download: templates, tables, what is wrong with a table."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.spreadsheets.errors import RowError


def build_error_list(errors: Sequence[RowError], *, with_students: bool = False) -> bytes:
    """What is wrong with a table: sheet, line, column, reason; of a roster also the student and what was typed."""
    more = [_("學生"), _("填的內容")] if with_students else []
    sheets = [_("工作表")] if any(error.sheet for error in errors) else []
    return build_workbook(
        _("要修正的地方"),
        [*sheets, _("列"), _("欄位"), *more, _("原因")],
        (
            [
                *([error.sheet] if sheets else []),
                str(error.line or ""),
                error.column,
                *([error.name, error.value] if more else []),
                error.reason,
            ]
            for error in errors
        ),
        widths=[*([16] if sheets else []), 8, 24, *([16, 24] if more else []), 80],
    )


def build_workbook(
    title: str,
    header: Sequence[str],
    lines: Iterable[Iterable[object]],
    *,
    widths: Sequence[int] | None = None,
) -> bytes:
    """Every cell is written as text: what looks like a formula stays what it is."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        text = book.add_format({"num_format": "@", "text_wrap": bool(widths)})
        head = book.add_format({"bold": True, "bottom": 2, "num_format": "@"})
        for column, width in enumerate(widths or [16] * len(header)):
            sheet.set_column(column, column, width, text)
        sheet.freeze_panes(1, 0)
        write_line(sheet, 0, header, head)
        for row, cells in enumerate(lines, start=1):
            write_line(sheet, row, cells, text)
    return written.getvalue()


def write_line(sheet: Worksheet, row: int, cells: Iterable[object], style: Format) -> None:
    for column, cell in enumerate(cells):
        if cell != "":
            sheet.write_string(row, column, str(cell), style)
