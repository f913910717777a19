#!/usr/bin/env bash
# Of two tagged PDFs put behind each other, the second one's page answers with the first one's tags.
#
# What one would guess: joining files keeps the tags of accessibility or drops them; at worst the later pages have none.
# What happens: a page of a tagged PDF names its place in the document's parent tree by a number (/StructParents, ISO
# 32000-1, 14.7.4.4), and each file counts from 0. pikepdf (qpdf) with pages.extend() and pypdfium2 with import_pages()
# copy that number as it is and keep the tree of the file they append to. So PDFium, asked for the structure of the
# second page, answers with the elements of the first: the alternative text of Alpha's code where Beta's is drawn. The
# joined file still says that it is PDF/UA-1. Into an empty document both drop the tree, and the wrong answer with it.
# Who is bitten: who appends bills, slips or certificates of many people to one file to print. Typst tags every PDF
# without being asked since 0.14, so files that were harmless begin to do this after an update.
# Seen 1 December 2026, Python 3.11, files written by typst 0.15.2.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
  typst==0.15.2 pypdfium2==5.15.2 pikepdf==10.18.0
"$work/env/bin/python" - <<'PYTHON'
import ctypes
import io
from importlib.metadata import version

import pikepdf
import pypdfium2
import typst
from pypdfium2 import raw

PAGE = """\
#set document(title: "Slip of {name}")
#set text(lang: "en")
#let square = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
= Slip of {name}
#image(bytes(square), format: "svg", alt: "Code of {name}")
"""


def slip(name):
    return typst.compile(PAGE.format(name=name).encode(), format="pdf", pdf_standards="ua-1")


def alternative_texts(element):
    length = raw.FPDF_StructElement_GetAltText(element, None, 0)
    said = ctypes.create_string_buffer(length)
    raw.FPDF_StructElement_GetAltText(element, said, length)
    texts = [said.raw.decode("utf-16-le").rstrip("\0")] if length > 2 else []
    for place in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, place)
        texts += alternative_texts(child) if child else []
    return texts


def read(file):
    """For each page what is drawn and what the tags say of its picture."""
    found = []
    for page in pypdfium2.PdfDocument(file):
        tree = raw.FPDF_StructTree_GetForPage(page)
        texts = []
        for place in range(raw.FPDF_StructTree_CountChildren(tree) if tree else 0):
            texts += alternative_texts(raw.FPDF_StructTree_GetChildAtIndex(tree, place))
        found.append((page.get_textpage().get_text_bounded().strip(), texts))
    return found


def by_pikepdf(begun, *others):
    for other in others:
        begun.pages.extend(pikepdf.open(io.BytesIO(other)).pages)
    begun.save(file := io.BytesIO())
    return file.getvalue()


def by_pdfium(begun, *others):
    for other in others:
        begun.import_pages(pypdfium2.PdfDocument(other))
    begun.save(file := io.BytesIO())
    return file.getvalue()


print(*(f"{name} {version(name)}" for name in ("typst", "pikepdf", "pypdfium2")))
alpha, beta = slip("Alpha"), slip("Beta")
assert read(beta) == [("Slip of Beta", ["Code of Beta"])]
appended = {
    "pikepdf": by_pikepdf(pikepdf.open(io.BytesIO(alpha)), beta),
    "pypdfium2": by_pdfium(pypdfium2.PdfDocument(alpha), beta),
}
for tool, file in appended.items():
    print(tool, "appends:", read(file))
    assert read(file) == [("Slip of Alpha", ["Code of Alpha"]), ("Slip of Beta", ["Code of Alpha"])], "changed"
    with pikepdf.open(io.BytesIO(file)) as document:
        assert document.open_metadata()["pdfuaid:part"] == "1", "changed: no longer said to be PDF/UA-1"
fresh = {
    "pikepdf": by_pikepdf(pikepdf.new(), alpha, beta),
    "pypdfium2": by_pdfium(pypdfium2.PdfDocument.new(), alpha, beta),
}
for tool, file in fresh.items():
    print(tool, "into an empty document:", read(file))
    assert read(file) == [("Slip of Alpha", []), ("Slip of Beta", [])], "changed"
PYTHON
