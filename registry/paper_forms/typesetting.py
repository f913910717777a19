"""Sets paper forms as PDF: facts in, bytes out; nothing of Django's database is needed here."""

import json
import threading
from functools import cache
from pathlib import Path

import typst

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
FONTS = FOLDER / "fonts"
# typst keeps what it has laid out for this many further compilations, about 1 MB a form.
REMEMBERED = 12
_own = threading.local()


def set_forms(data, **options):
    """The PDF of all forms in `data` (see content.facts_of), a page each."""
    return set_pages(FOLDER / "form.typ", data, **options)


def set_pages(template, data, *, format="pdf", ppi=None):
    """What `template` (a path in this project) makes of `data`: a PDF, or as PNG a list of pictures."""
    sys_inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return _compiler(template).compile(format=format, ppi=ppi, sys_inputs=sys_inputs, pdf_tags=False)
    finally:
        _forget()


def _forget():
    """Make typst forget the sheets: neither their memory nor the names on them stay in the process."""
    for _ in range(REMEMBERED):
        _compiler(FOLDER / "empty.typ").compile(format="svg")


def _compiler(template):
    """One a thread and template; typst works outside Python's lock. A template may import others by /room/file."""
    if not hasattr(_own, "compilers"):
        _own.compilers = {}
    if template not in _own.compilers:
        _own.compilers[template] = typst.Compiler(template, root=ROOT, font_paths=_fonts())
    return _own.compilers[template]


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
