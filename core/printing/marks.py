"""QR codes and Code 128 bars as the path of an SVG: sharp at any size, and quick to set."""

import re

from zxingcpp import BarcodeFormat, create_barcode

# Code 128: the widths of bars and spaces of each value (ISO/IEC 15417, table 1).
WIDTHS = re.findall(
    r"\d{6}",
    """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
""",
)
START_B, STOP = 104, "2331112"


def qr_svg(text: str) -> str:
    """An SVG of the QR code (level M) without its quiet zone; the page leaves four modules of it."""
    drawn = create_barcode(text, BarcodeFormat.QRCode, ec_level="M").to_svg(add_quiet_zones=False)
    size, path = re.search(r'<rect [^>]*width="(\d+)".*<path d="([^"]*)"', drawn, re.DOTALL).groups()
    return svg(path, int(size), int(size))


def bars_svg(text: str) -> str:
    """An SVG of the text in Code 128, code set B, one unit high; the page leaves ten modules on either side."""
    values = [START_B, *(ord(character) - 32 for character in text)]
    if not all(0 <= value <= START_B for value in values):
        raise ValueError("Code 128-B holds printable ASCII only")
    check = (START_B + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    widths = "".join(WIDTHS[value] for value in [*values, check]) + STOP
    path, x = [], 0
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            path.append(f"M{x} 0h{width}v1H{x}z")
        x += width
    return svg("".join(path), x, 1)


def svg(path: str, width: int, height: int) -> str:
    """An SVG of one path, to be stretched to any size."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f'<path d="{path}"/></svg>'
    )
