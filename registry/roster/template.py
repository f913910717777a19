"""The empty roster that schools fill in."""

import io

import xlsxwriter

from registry.roster.reading import TITLES


def build_template():
    """An .xlsx workbook (bytes) with the columns of a roster, all cells text."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名冊")
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bottom": 2, "num_format": "@"})
        sheet.set_column(0, len(TITLES) - 1, 16, text)
        sheet.write_row(0, 0, [str(title) for title in TITLES.values()], head)
        sheet.freeze_panes(1, 0)
    return written.getvalue()
