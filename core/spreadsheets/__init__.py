"""Tables that people upload and download, whatever format they come in. Knows no roster, no charges, no tables.

read(data) -> Workbook of Sheets          lines of cells, as text; a cell nobody can be sure of is Broken
find_table(sheet, titles, is_enough=…)    the titles on a sheet and the rows below them, foot lines left out
headings_of(workbook, titles, …)          titles beside what stands below them, for who says what they mean
left_out(workbook, tables)                sentences for all that was not read
RowError, UnreadableFile                  what is wrong and where: sheet, line, column
mark(data, remarks, …), mark_errors       somebody's own file again, as .xlsx, with what is wrong in its cells
build_workbook, build_report, build_error_list    .xlsx files (bytes) to take away
"""

from core.spreadsheets.cells import Broken, Day, Number, column_name, refuse_broken, tidy
from core.spreadsheets.errors import RowError, UnreadableFile, place_of, said_once
from core.spreadsheets.feet import foot_of, is_foot
from core.spreadsheets.headings import Heading, SheetOfFile, guess_titles, headings_of
from core.spreadsheets.left_out import columns_left_out, feet_left_out, left_out, sheets_left_out
from core.spreadsheets.marking import Remark, mark, mark_errors
from core.spreadsheets.reading import read
from core.spreadsheets.sheets import Sheet, Workbook
from core.spreadsheets.tables import MAX_COLUMNS, Filled, Table, find_table
from core.spreadsheets.titles import Titles, fold_title
from core.spreadsheets.writing import Page, build_error_list, build_report, build_workbook

__all__ = [
    "MAX_COLUMNS",
    "Broken",
    "Day",
    "Filled",
    "Heading",
    "Number",
    "Page",
    "Remark",
    "RowError",
    "Sheet",
    "SheetOfFile",
    "Table",
    "Titles",
    "UnreadableFile",
    "Workbook",
    "build_error_list",
    "build_report",
    "build_workbook",
    "column_name",
    "columns_left_out",
    "feet_left_out",
    "find_table",
    "fold_title",
    "foot_of",
    "guess_titles",
    "headings_of",
    "is_foot",
    "left_out",
    "mark",
    "mark_errors",
    "place_of",
    "read",
    "refuse_broken",
    "said_once",
    "sheets_left_out",
    "tidy",
]
