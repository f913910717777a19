"""Digits as a picture: each from a kept glyph, turned and leaning a little on its own, under dots and an arc.

Drawn for people first: guessing is stopped by counting (`accounts.throttle`), and who reads wrong tries again with the
right password. So no digit touches another, and none is used that looks like another when it leans (1, 7).
"""

import io
import math
from functools import cache
from random import Random

from captcha.image import DEFAULT_FONTS
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 200, 72
DIGITS = "02345689"
SIZES = (42, 45, 48)
BOX = 64  # side of the square that a glyph is turned in
STEP = 39  # from one digit to the next: the widest, turned, is 36 wide
TURN, LEAN, SCALE = 12, 10, 6  # at most: degrees, hundredths, per cent
DOTS = 20


def draw(digits: str, seed: bytes) -> bytes:
    """A PNG of 200 × 72 pixels in shades of one grey; the same for the same `seed`, which nobody else may know."""
    chance = Random(seed)  # noqa: S311 - what is secret is the seed
    ground, ink = 255 - chance.randrange(16), chance.randrange(90)
    picture = Image.new("L", (WIDTH, HEIGHT), ground)
    for place, digit in enumerate(digits):
        mask = _turned(chance.choice(_glyphs()[digit]), chance)
        left = 2 + place * STEP + chance.randrange(3)
        picture.paste(ink, (left - (BOX - STEP) // 2, chance.randrange(HEIGHT - BOX + 1)), mask)
    _strew(picture, ink, chance)
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _turned(glyph: Image.Image, chance: Random) -> Image.Image:
    """Turned, leaning, and a little larger or smaller: one affine step about the middle."""
    angle = math.radians(chance.randint(-TURN, TURN))
    lean = chance.randint(-LEAN, LEAN) / 100
    scale = 1 + chance.randint(-SCALE, SCALE) / 100
    a, b = math.cos(angle) / scale, (math.sin(angle) + lean) / scale
    d, e = -math.sin(angle) / scale, math.cos(angle) / scale
    middle = BOX / 2
    matrix = (a, b, middle - a * middle - b * middle, d, e, middle - d * middle - e * middle)
    return glyph.transform((BOX, BOX), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)


def _strew(picture: Image.Image, ink: int, chance: Random) -> None:
    pen = ImageDraw.Draw(picture)
    for _ in range(DOTS):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        pen.ellipse((x, y, x + 1, y + 1), fill=ink)
    left, top = chance.randrange(WIDTH // 4), chance.randrange(HEIGHT // 3)
    right, bottom = WIDTH - chance.randrange(WIDTH // 4), HEIGHT - chance.randrange(HEIGHT // 3)
    start = chance.randrange(40)
    pen.arc((left, top, right, bottom), start, start + 150, fill=ink, width=1)


@cache
def _glyphs() -> dict[str, list[Image.Image]]:
    """{digit: its masks in each font and size, in the middle of a square}."""
    fonts = [ImageFont.truetype(name, size) for name in DEFAULT_FONTS for size in SIZES]
    return {digit: [_glyph(digit, font) for font in fonts] for digit in DIGITS}


def _glyph(digit: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    mask = Image.new("L", (BOX, BOX), 0)
    ImageDraw.Draw(mask).text((BOX / 2, BOX / 2), digit, fill=255, font=font, anchor="mm")
    return mask
