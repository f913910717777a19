#!/usr/bin/env bash
# Two lines in one cell of an .ods file are read as one word.
#
# What one would guess: OpenDocument 1.2, 6.1.5 and 6.1.4, writes a line break inside a paragraph as text:line-break and a
# tab as text:tab; whoever reads text:s, their neighbour for spaces, reads these too, or puts at least a space.
# What happens: odfpy 1.4.1 writes "王大同", a line break and "李小華" so, with its own function for text with white space
# in it. python-calamine 0.9.1 gives 王大同李小華: both elements vanish, as if the words had always stood together. Spaces
# (text:s) and a cell of two paragraphs, as LibreOffice writes lines, come through, so tests with files of an office are
# green. pandas 3.1.1 with its engine "odf" keeps the break and loses the tab.
# Who is bitten: who takes in tables made by programs: two guardians or two telephone numbers in a cell become one, and
# nothing tells it from a longer name. The .xlsx of the same table is read rightly.
# Seen 1 December 2026, Python 3.11.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
  python-calamine==0.9.1 odfpy==1.4.1 pandas==3.1.1
"$work/env/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version

import pandas
from odf import teletype
from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.table import Table, TableCell, TableRow
from odf.text import P
from python_calamine import load_workbook

# written in one paragraph -> (read by calamine, read by pandas with odf)
EXPECTED = {
    "王大同\n李小華": ("王大同李小華", "王大同\n李小華"),
    "0912345678\t0223456789": ("09123456780223456789", "09123456780223456789"),
    "王大同   李小華": ("王大同   李小華", "王大同   李小華"),
}


def cell(*paragraphs):
    made = TableCell(valuetype="string")
    for words in paragraphs:
        teletype.addTextToElement(paragraph := P(), words)
        made.addElement(paragraph)
    return made


document = OpenDocumentSpreadsheet()
document.spreadsheet.addElement(table := Table(name="A"))
table.addElement(row := TableRow())
for words in EXPECTED:
    row.addElement(cell(words))
row.addElement(cell("王大同", "李小華"))
document.save(file := io.BytesIO())


def again():
    return io.BytesIO(file.getvalue())


print(*(f"{name} {version(name)}" for name in ("python-calamine", "odfpy", "pandas")))
by_odfpy = [teletype.extractText(words) for words in load(again()).spreadsheet.getElementsByType(P)]
by_calamine = load_workbook(again()).get_sheet_by_index(0).to_python()[0]
by_pandas = pandas.read_excel(again(), engine="odf", header=None, dtype=str).values.tolist()[0]
for place, (words, expected) in enumerate(EXPECTED.items()):
    print(f"{words!r}: calamine {by_calamine[place]!r}, pandas {by_pandas[place]!r}, odfpy {by_odfpy[place]!r}")
    assert (by_calamine[place], by_pandas[place]) == expected, "changed"
    assert by_odfpy[place] == words
print(f"two paragraphs: calamine {by_calamine[-1]!r}")
assert by_calamine[-1] == "王大同\n李小華"
PYTHON
