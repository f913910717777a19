#!/usr/bin/env bash
# A plain Code 39 barcode whose text holds +, %, $ or / before a letter is read as another text.
#
# What one would guess: Code 39 has those four signs in its own alphabet, so a reader asked for Code 39 gives back what
# was printed; "full ASCII" (where +A means a) is a second meaning that somebody has to ask for.
# What happens: zxing-cpp 3.1.1 answers 9604026a for a printed 9604026+A, and 0402!000 for 0402/A000, with the default
# settings and with formats=Code39 too; the result calls itself "Code 39 Extended". A code in which not every sign fits
# the second meaning (1+2%) comes back as printed, so the same reader gives both kinds. Only formats=Code39Std keeps the
# text always. The bytes of the result are changed as well.
# Who is bitten: who checks printed slips or shelf labels whose codes may hold these signs (the barcodes of Taiwanese
# convenience stores give them check values of their own), and finds every test with digits only green.
# Seen 29 November 2026, Python 3.11, barcodes drawn by python-barcode 0.16.1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
  zxing-cpp==3.1.1 python-barcode==0.16.1 pillow==12.3.0 numpy==2.3.5
"$work/env/bin/python" - <<'PYTHON'
from importlib.metadata import version

import zxingcpp
from barcode import Code39
from barcode.writer import ImageWriter

# printed -> (read by default and with formats=Code39, read with formats=Code39Std)
EXPECTED = {
    "9604026A2": ("9604026A2", "9604026A2"),
    "9604026+A": ("9604026a", "9604026+A"),
    "0402/A000": ("0402!000", "0402/A000"),
    "1+2%": ("1+2%", "1+2%"),
}


def read(picture, **asked):
    return [one.text for one in zxingcpp.read_barcodes(picture, **asked)]


print("zxing-cpp", version("zxing-cpp"), "python-barcode", version("python-barcode"))
for printed, (guessed, kept) in EXPECTED.items():
    picture = Code39(printed, writer=ImageWriter(), add_checksum=False).render({"write_text": False})
    found = (
        read(picture),
        read(picture, formats=zxingcpp.BarcodeFormat.Code39),
        read(picture, formats=zxingcpp.BarcodeFormat.Code39Std),
    )
    print(f"printed {printed}: default {found[0]}, Code39 {found[1]}, Code39Std {found[2]}")
    assert found == ([guessed], [guessed], [kept]), "changed"
PYTHON
