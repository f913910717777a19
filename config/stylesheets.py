"""One stylesheet for every page, made of those that people read: a phone far from a mast waits for each file.

`css/all.css` is found like any static file; it is written under var/ whenever one of its parts is newer.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from config.environment import VAR_DIR

# The first says the order of the layers.
PARTS = (
    "tokens",
    "accents",
    "base",
    "layout",
    "forms",
    "components",
    "steps",
    "desk",
    "board",
    "pages",
    "money",
    "codes",
    "charts",
    "print",
    "forced",
)
ALL = "css/all.css"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s*\n\s*")


def without_comments(css: str) -> str:
    """The same rules; none of our files has a text with a comment's signs or a line's end in it."""
    return SPACE.sub("\n", COMMENT.sub("", css)).strip()


def whole() -> str:
    """All parts, one after the other."""
    return "\n".join(without_comments(part.read_text(encoding="utf-8")) for part in _parts())


def _parts() -> list[Path]:
    return [settings.BASE_DIR / "static" / "css" / f"{name}.css" for name in PARTS]


class Finder(BaseFinder):
    """Knows `css/all.css` and nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=VAR_DIR / "stylesheet")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != ALL:
            return []
        return [self._written()] if find_all else self._written()

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        self._written()
        yield ALL, self.storage

    def _written(self) -> str:
        """Written beside its place and put there at once: two processes may begin together."""
        file = Path(self.storage.path(ALL))
        if not file.exists() or file.stat().st_mtime < max(part.stat().st_mtime for part in _parts()):
            file.parent.mkdir(parents=True, exist_ok=True)
            beside = file.with_suffix(f".{os.getpid()}")
            beside.write_text(whole(), encoding="utf-8")
            beside.replace(file)
        return str(file)
