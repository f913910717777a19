"""Digits as a picture: each from a kept glyph, turned and leaning on its own, under dots and an arc."""

import io
import math
import secrets
from functools import cache

from captcha.image import DEFAULT_FONTS
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 200, 72
SIZES = (42, 48, 54)
BOX = 64  # side of the square that a glyph is turned in
STEP = 34  # from one digit to the next
DOTS = 26


def draw(digits: str) -> bytes:
    """A PNG of 200 × 72 pixels in shades of one grey."""
    ground, ink = 255 - secrets.randbelow(16), secrets.randbelow(110)
    picture = Image.new("L", (WIDTH, HEIGHT), ground)
    for place, digit in enumerate(digits):
        mask = _turned(secrets.choice(_glyphs()[digit]))
        left = 2 + place * STEP + secrets.randbelow(9)
        picture.paste(ink, (left - (BOX - STEP) // 2, secrets.randbelow(HEIGHT - BOX + 1)), mask)
    _strew(picture, ink)
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _turned(glyph: Image.Image) -> Image.Image:
    """Turned by up to 28 degrees, leaning, and a little larger or smaller: one affine step about the middle."""
    angle = math.radians(secrets.randbelow(57) - 28)
    lean = (secrets.randbelow(61) - 30) / 100
    scale = 1 + (secrets.randbelow(31) - 15) / 100
    a, b = math.cos(angle) / scale, (math.sin(angle) + lean) / scale
    d, e = -math.sin(angle) / scale, math.cos(angle) / scale
    middle = BOX / 2
    matrix = (a, b, middle - a * middle - b * middle, d, e, middle - d * middle - e * middle)
    return glyph.transform((BOX, BOX), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)


def _strew(picture: Image.Image, ink: int) -> None:
    pen = ImageDraw.Draw(picture)
    for _ in range(DOTS):
        x, y = secrets.randbelow(WIDTH), secrets.randbelow(HEIGHT)
        pen.ellipse((x, y, x + 2, y + 2), fill=ink)
    left, top = secrets.randbelow(WIDTH // 4), secrets.randbelow(HEIGHT // 3)
    right, bottom = WIDTH - secrets.randbelow(WIDTH // 4), HEIGHT - secrets.randbelow(HEIGHT // 3)
    start = secrets.randbelow(40)
    pen.arc((left, top, right, bottom), start, start + 150, fill=ink, width=2)


@cache
def _glyphs() -> dict[str, list[Image.Image]]:
    """{digit: its masks in each font and size, in the middle of a square}."""
    fonts = [ImageFont.truetype(name, size) for name in DEFAULT_FONTS for size in SIZES]
    return {digit: [_glyph(digit, font) for font in fonts] for digit in "0123456789"}


def _glyph(digit: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    mask = Image.new("L", (BOX, BOX), 0)
    ImageDraw.Draw(mask).text((BOX / 2, BOX / 2), digit, fill=255, font=font, anchor="mm")
    return mask
