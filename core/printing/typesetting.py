"""Sets a typst template as PDF: facts in, bytes out; nothing of Django's database is needed here."""

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

import typst

from core.printing.glyphs import FONTS, missing_in

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
# typst keeps what it has laid out for this many further compilations, about 1 MB a form.
REMEMBERED = 12
MISSING = "〓"  # what printers put where a character is missing
_own = threading.local()


def typeset(template: Path, data: object, **options: Any) -> bytes:
    """The bytes of `template` (a .typ file) with `data` as the JSON in sys.inputs.data; options as typst has them."""
    sys_inputs = {"data": with_marks(json.dumps(data, ensure_ascii=False))}
    try:
        return _compiler(template).compile(sys_inputs=sys_inputs, **options)  # type: ignore[return-value]
    finally:
        _forget()


def with_marks(text: str) -> str:
    """`text` with a mark in the place of each character that no font has, which would be printed as nothing or a box.

    Names leave a place to write it by hand instead (`glyphs.pieces_of`).
    """
    return text.translate(dict.fromkeys(map(ord, missing_in(text)), MISSING))


def _forget() -> None:
    """Make typst forget the pages: neither their memory nor the names on them stay in the process."""
    for _ in range(REMEMBERED):
        _compiler(FOLDER / "empty.typ").compile(format="svg")


def _compiler(template: Path) -> typst.Compiler:
    """One a thread and template; typst works outside Python's lock. A template may import others by /room/file."""
    if not hasattr(_own, "compilers"):
        _own.compilers = {}
    if template not in _own.compilers:
        _own.compilers[template] = typst.Compiler(template, root=ROOT, font_paths=_fonts())
    return _own.compilers[template]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
