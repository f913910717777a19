#!/usr/bin/env bash
# Not one .ods file written by SheetJS can be opened with calamine, be it a single cell.
#
# What one would guess: the two are among the most used writers and readers of spreadsheets, both name OpenDocument among
# their formats, and white space between the cells of a row means nothing: where no text may stand, a reader ignores it
# (OpenDocument 1.2, part 1, 3.18).
# What happens: SheetJS (xlsx 0.18.5, the newest on npm) sets every cell on a line of its own, indented. calamine, in
# python-calamine 0.9.1, wants a cell right behind the row's tag and raises "Expecting 'table-cell', found 'Text…'" at
# the indentation. The same table from the same program as .xlsx is read, and the .ods by pandas with its engine "odf".
# Who is bitten: who offers to take .ods (the format that Taiwan's offices are to use) and tests with LibreOffice's files,
# which come on one line: whoever exports from a web page made with SheetJS is told that the file is broken.
# Seen 1 December 2026, Python 3.11, Node.js 20.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund xlsx@0.18.5 >/dev/null
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check python-calamine==0.9.1 odfpy==1.4.1 pandas==3.1.1
cat >write.js <<'JAVASCRIPT'
const sheets = require("xlsx");
console.log("SheetJS", sheets.version);
const book = sheets.utils.book_new();
sheets.utils.book_append_sheet(book, sheets.utils.aoa_to_sheet([["座號"]]), "A");
sheets.writeFile(book, "table.ods");
sheets.writeFile(book, "table.xlsx");
JAVASCRIPT
node write.js
env/bin/python - <<'PYTHON'
from importlib.metadata import version

import pandas
from python_calamine import CalamineError, load_workbook

print("python-calamine", version("python-calamine"), "pandas", version("pandas"))
by_pandas = pandas.read_excel("table.ods", engine="odf", header=None).values.tolist()
print(".ods by pandas:", by_pandas)
assert by_pandas == [["座號"]]
by_calamine = load_workbook("table.xlsx").get_sheet_by_index(0).to_python()
print(".xlsx by calamine:", by_calamine)
assert by_calamine == [["座號"]]
try:
    answer = load_workbook("table.ods").get_sheet_by_index(0).to_python()
except CalamineError as error:
    print(".ods by calamine:", error)
    assert "Expecting 'table-cell', found 'Text" in str(error), "changed"
else:
    raise SystemExit(f"changed: {answer}")
PYTHON
