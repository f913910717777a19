"""Workbooks of figures to take away: numbers are numbers, all else is text."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True)
class Sheet:
    """`widths` in characters; a float is a share and shown in percent."""

    title: str
    header: list[str]
    lines: list[list[Any]]
    widths: list[int]


def build_report(sheets: Iterable[Sheet]) -> bytes:
    """The .xlsx (bytes). A text is written as text: what looks like a formula stays what it is."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"constant_memory": True}) as book:
        formats: dict[type, Format] = {
            str: book.add_format({"num_format": "@"}),
            int: book.add_format({"num_format": "0"}),
            float: book.add_format({"num_format": "0%"}),
        }
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"})
        for one in sheets:
            page = book.add_worksheet(one.title)
            page.freeze_panes(1, 1)
            for column, width in enumerate(one.widths):
                page.set_column(column, column, width)
            for column, word in enumerate(one.header):
                page.write_string(0, column, word, head)
            for row, cells in enumerate(one.lines, start=1):
                for column, cell in enumerate(cells):
                    write_cell(page, row, column, cell, formats)
    return written.getvalue()


def write_cell(page: Worksheet, row: int, column: int, cell: object, formats: dict[type, Format]) -> None:
    if isinstance(cell, int | float):
        page.write_number(row, column, cell, formats[type(cell)])
    elif cell is not None:
        page.write_string(row, column, str(cell), formats[str])
