"""Code 39 (ISO/IEC 16388) as the path of an SVG, with the start and stop sign, and no check character of its own.

Widths are in half modules: a narrow element is two wide, a wide one five, so that wide is to narrow as 2.5 to 1.
"""

from dataclasses import dataclass

from core.printing.marks import svg

NARROW, WIDE = 2, 5
QUIET = 10 * NARROW  # to be left white on either side
EDGE = "*"
SHOWN_HEIGHT = 100

# Five bars and four spaces of each character, in turn: n narrow, w wide.
ROWS = """
0nnnwwnwnn 1wnnwnnnnw 2nnwwnnnnw 3wnwwnnnnn 4nnnwwnnnw 5wnnwwnnnn 6nnwwwnnnn 7nnnwnnwnw 8wnnwnnwnn 9nnwwnnwnn
Awnnnnwnnw Bnnwnnwnnw Cwnwnnwnnn Dnnnnwwnnw Ewnnnwwnnn Fnnwnwwnnn Gnnnnnwwnw Hwnnnnwwnn Innwnnwwnn Jnnnnwwwnn
Kwnnnnnnww Lnnwnnnnww Mwnwnnnnwn Nnnnnwnnww Ownnnwnnwn Pnnwnwnnwn Qnnnnnnwww Rwnnnnnwwn Snnwnnnwwn Tnnnnwnwwn
Uwwnnnnnnw Vnwwnnnnnw Wwwwnnnnnn Xnwnnwnnnw Ywwnnwnnnn Znwwnwnnnn -nwnnnnwnw .wwnnnnwnn $nwnwnwnnn /nwnwnnnwn
+nwnnnwnwn %nnnwnwnwn *nwnnwnwnn
"""
ELEMENTS = {" ": "nwwnnnwnn", **{one[0]: one[1:] for one in ROWS.split()}}


def bars(text):
    """(start, end) of each bar, from 0, in half modules. Raises ValueError for what Code 39 does not have."""
    if not text or EDGE in text or not set(text) <= ELEMENTS.keys():
        raise ValueError("Code 39 holds capital letters, digits and -. $/+%")
    found, x = [], 0
    for character in f"{EDGE}{text}{EDGE}":
        for place, element in enumerate(ELEMENTS[character]):
            width = WIDE if element == "w" else NARROW
            if place % 2 == 0:
                found.append((x, x + width))
            x += width
        x += NARROW
    return found


def path_of(text, height=1):
    """(path, width in half modules) of the bars alone."""
    found = bars(text)
    path = "".join(f"M{start} 0h{end - start}v{height}H{start}z" for start, end in found)
    return path, found[-1][1]


def code39_svg(text):
    """An SVG of the bars, one unit high; the page leaves `QUIET` on either side."""
    path, width = path_of(text)
    return svg(path, width, 1)


@dataclass(frozen=True)
class Shown:
    """One barcode on a page; all of one page have the same module, so the longest says how wide they are."""

    text: str
    path: str
    view_box: str


def shown_codes(codes):
    """What _barcodes.html draws of store codes; None stays None."""
    if codes is None:
        return None
    drawn = [(text, *path_of(text, SHOWN_HEIGHT)) for text in codes]
    widest = max(width for _text, _path, width in drawn) + 2 * QUIET
    return [Shown(text, path, f"{(width - widest) // 2} 0 {widest} {SHOWN_HEIGHT}") for text, path, width in drawn]
