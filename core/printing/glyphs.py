"""Which characters the fonts of printed sheets have. Rare ones of names they have not are left as a box to fill in."""

import re
import struct
from functools import cache
from pathlib import Path

from core import names
from core.text import without_invisible

FONTS = Path(__file__).resolve().parent / "fonts"
REGULAR = ["NotoSansTC-Regular.ttf", "NotoSans-Regular.ttf"]  # in the order in which typst asks them
BASIC, FULL = 4, 12  # formats of the character map: up to U+FFFF, and beyond
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
    return frozenset().union(*(_points_of((FONTS / name).read_bytes()) for name in REGULAR))


def _points_of(font: bytes) -> set[int]:
    """Code points of a font's character map (OpenType, table `cmap`)."""
    table = _tables(font)[b"cmap"]
    (count,) = struct.unpack_from(">H", font, table + 2)
    starts = [table + struct.unpack_from(">I", font, table + 8 + 8 * place)[0] for place in range(count)]
    maps = {struct.unpack_from(">H", font, start)[0]: start for start in starts}
    return _full(font, maps[FULL]) if FULL in maps else _basic(font, maps[BASIC])


def _full(font: bytes, start: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", font, start + 12)
    points: set[int] = set()
    for first, last, _glyph in struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * groups]):
        points.update(range(first, last + 1))
    return points


def _basic(font: bytes, start: int) -> set[int]:
    """Format 4: four arrays of one length, of last and first points, of steps to a glyph's number, and of offsets."""
    (twice,) = struct.unpack_from(">H", font, start + 6)
    arrays = start + 14, start + 16 + twice, start + 16 + 2 * twice, start + 16 + 3 * twice
    points: set[int] = set()
    for place in range(0, twice, 2):
        last, first, step, offset = (struct.unpack_from(">H", font, array + place)[0] for array in arrays)
        for point in range(first, last + 1):
            glyph = point
            if offset:
                (glyph,) = struct.unpack_from(">H", font, arrays[3] + place + offset + 2 * (point - first))
            if (glyph + step if glyph or not offset else 0) % 0x10000:
                points.add(point)
    return points - {0xFFFF}


def _tables(font: bytes) -> dict[bytes, int]:
    (count,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(count))
    return {name: offset for name, _checksum, offset, _length in records}
