"""Which characters the font of the paper forms has. Rare ones of names it has not are left as a box to fill in."""

import struct
from functools import cache

from registry.typesetting import FONTS

FULL_UNICODE = 12  # the format of the character map that reaches beyond the first 65,536


def missing_in(text):
    """The characters of `text` that cannot be printed."""
    return {character for character in text if ord(character) not in _printable()}


@cache
def _printable():
    """Code points of the font's character map (OpenType, table `cmap`, format 12)."""
    font = (FONTS / "NotoSansTC-Regular.ttf").read_bytes()
    table = _tables(font)[b"cmap"]
    (count,) = struct.unpack_from(">H", font, table + 2)
    starts = [table + struct.unpack_from(">I", font, table + 8 + 8 * place)[0] for place in range(count)]
    start = next(one for one in starts if struct.unpack_from(">H", font, one)[0] == FULL_UNICODE)
    (groups,) = struct.unpack_from(">I", font, start + 12)
    points: set[int] = set()
    for first, last, _glyph in struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * groups]):
        points.update(range(first, last + 1))
    return points


def _tables(font):
    (count,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(count))
    return {name: offset for name, _checksum, offset, _length in records}
