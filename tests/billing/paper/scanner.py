"""A scanner that reads bars."""

import re

import zxingcpp
from PIL import Image, ImageDraw


def picture_of(path, view_box):
    """The rectangles of an SVG path, painted; three pixels a half module."""
    left, top, width, height = map(int, view_box.split())
    picture = Image.new("L", (width * 3, height * 3), "white")
    paint = ImageDraw.Draw(picture)
    for x, y, wide, high in re.findall(r"M(-?\d+) (\d+)h(\d+)v(\d+)H-?\d+z", path):
        start, end = (int(x) - left) * 3, (int(x) - left + int(wide)) * 3 - 1
        paint.rectangle([start, (int(y) - top) * 3, end, (int(y) - top + int(high)) * 3 - 1], fill="black")
    return picture


def scan(picture):
    return [one.text for one in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code39)]
