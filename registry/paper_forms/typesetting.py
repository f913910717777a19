"""Sets paper forms as PDF: facts in, bytes out; nothing of Django's database is needed here."""

import json
import threading
from functools import cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
_own = threading.local()


def set_forms(data, *, format="pdf", ppi=None):
    """The PDF of all forms in `data` (see content.facts_of), a page each; as PNG a list of pictures."""
    return _compiler().compile(
        format=format, ppi=ppi, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_tags=False
    )


def _compiler():
    """One a thread: compilers keep what they have set before, and typst works outside Python's lock."""
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(FOLDER / "form.typ", root=FOLDER, font_paths=_fonts())
    return _own.compiler


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
