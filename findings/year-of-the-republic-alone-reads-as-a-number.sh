#!/usr/bin/env bash
# A date cell formatted to show only its year of the Republic reads back as a bare serial number.
#
# What one would guess: Taiwan's year code `e` (locale 404) marks a date, as it does in `[$-404]e/m/d`, so a cell that
# shows 98年 is read as a date, or at least never as a plain number.
# What happens: openpyxl 3.1.5 and python-calamine 0.9.1 read `[$-404]e/m/d` as 3 May 2009, but the same day formatted
# `[$-404]e"年"`, `ggge"年"` or `[$-404]e` as the number 39936: without a y, m, d, h or s beside it, `e` alone is not
# taken for a date. Nothing tells it from an amount or a student number of 39936.
# Who is bitten: who reads workbooks of Taiwanese offices where a column shows the year of birth or of entry.
# Seen 29 November 2026, Python 3.11, with files written by xlsxwriter 3.3.1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1 xlsxwriter==3.3.1
"$work/env/bin/python" - <<'PYTHON'
import io
from datetime import date, datetime
from importlib.metadata import version

import openpyxl
import xlsxwriter
from python_calamine import load_workbook

DAY = 39936  # 3 May 2009 as a spreadsheet counts
EXPECTED = {
    '[$-404]e/m/d': (datetime(2009, 5, 3), date(2009, 5, 3)),
    '[$-404]e"年"': (DAY, float(DAY)),
    'ggge"年"': (DAY, float(DAY)),
    "[$-404]e": (DAY, float(DAY)),
}

print("openpyxl", version("openpyxl"), "python-calamine", version("python-calamine"))
for shown_as, expected in EXPECTED.items():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_number(0, 0, DAY, book.add_format({"num_format": shown_as}))
    read = (
        openpyxl.load_workbook(io.BytesIO(file.getvalue())).active["A1"].value,
        load_workbook(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()[0][0],
    )
    print(f"{shown_as:14} openpyxl {read[0]!r}, calamine {read[1]!r}")
    assert read == expected, f"changed: {read}"
PYTHON
