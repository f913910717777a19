"""Sets paper forms as PDF: facts in, bytes out; nothing of Django's database is needed here."""

import json
import threading
from functools import cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
# typst keeps what it has laid out for this many further compilations, about 1 MB a form.
REMEMBERED = 12
_own = threading.local()


def set_forms(data, *, format="pdf", ppi=None):
    """The PDF of all forms in `data` (see content.facts_of), a page each; as PNG a list of pictures."""
    sys_inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return _compiler("form.typ").compile(format=format, ppi=ppi, sys_inputs=sys_inputs, pdf_tags=False)
    finally:
        _forget()


def _forget():
    """Make typst forget the forms: neither their memory nor the names on them stay in the process."""
    for _ in range(REMEMBERED):
        _compiler("empty.typ").compile(format="svg")


def _compiler(name):
    """One a thread; typst works outside Python's lock."""
    if not hasattr(_own, "compilers"):
        _own.compilers = {}
    if name not in _own.compilers:
        _own.compilers[name] = typst.Compiler(FOLDER / name, root=FOLDER, font_paths=_fonts())
    return _own.compilers[name]


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
