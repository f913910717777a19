"""The stylesheets of every page: one file each while we work on them, one file in all in production.

A phone far from a mast waits for each file; `collectstatic` therefore writes them one after the other, without comments.
"""

import re
from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.environment import PRODUCTION

# The first says the order of the layers.
SHEETS = tuple(
    f"css/{name}.css"
    for name in (
        "tokens", "base", "layout", "forms", "components", "steps", "desk", "pages", "print", "forced"
    )
)  # fmt: skip
ALL = "css/all.css"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s*\n\s*")


def stylesheets() -> tuple[str, ...]:
    """What a page links to: names of static files, in order."""
    return (ALL,) if PRODUCTION else SHEETS


def without_comments(css: str) -> str:
    """The same rules; none of our files has a text with a comment's signs or a line's end in it."""
    return SPACE.sub("\n", COMMENT.sub("", css)).strip()


class Storage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, with `ALL` among what is hashed and compressed."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            self._write_all()
            paths = {**paths, ALL: (self, ALL)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _write_all(self) -> None:
        texts = []
        for name in SHEETS:
            with self.open(name) as file:
                texts.append(without_comments(file.read().decode()))
        with open(self.path(ALL), "w", encoding="utf-8") as file:
            file.write("\n".join(texts))
