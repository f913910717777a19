"""Which characters the fonts of printed sheets have. Rare ones of names they have not are left as a box to fill in."""

import re
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from core import names
from core.text import without_invisible

FONTS = Path(__file__).resolve().parent / "fonts"
REGULAR = ["NotoSansTC-Regular.ttf", "NotoSans-Regular.ttf"]  # in the order in which typst asks them
# A letter with the marks above and below it, which are set together.
CLUSTER = re.compile("(?s).[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]*")


def missing_in(text: str) -> set[str]:
    """The characters of `text` that cannot be printed."""
    shown = without_invisible(text)
    return {one for one in shown if ord(one) not in printable_points() and not one.isspace()}


def pieces_of(name: str) -> list[str | None]:
    """The name as it is set: each letter with its marks, None for each that the fonts do not have."""
    return [None if missing_in(one) else one for one in CLUSTER.findall(names.tidy(name))]


@cache
def printable_points() -> frozenset[int]:
    """Code points that any of the fonts has."""
    points: set[int] = set()
    for name in REGULAR:
        with TTFont(FONTS / name, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)
