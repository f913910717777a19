"""Draws a consent text with the indents of its numbering, and its list of contents."""

import re
import unicodedata
from dataclasses import dataclass

# In Chinese 一、（一）1. as laws are numbered; in translations I. (1) 1.
MARKS = [
    (0, re.compile(r"[一二三四五六七八九十]+、|[IVX]+\. ")),
    (1, re.compile(r"（[一二三四五六七八九十]+）|\(\d+\) ")),
    (2, re.compile(r"\d+\. ")),
]
DEEPEST_TITLE = 1
COLON, ANY_STOP = re.compile("[：:]"), re.compile("[：:，,；;。]")
LONGEST_TITLE = 64  # in letters of the alphabet; a Chinese character is as wide as two


@dataclass(frozen=True)
class Paragraph:
    """`level` is None for plain lines; `title` and `anchor` are empty for those that the contents do not name."""

    level: int | None
    text: str
    title: str = ""
    anchor: str = ""


def outline(body):
    """Paragraphs of a consent text; level 0 for 一、, 1 for （一）, 2 for 1."""
    lines = [line for line in body.splitlines() if line.strip()]
    return [_paragraph(line, number) for number, line in enumerate(lines, start=1)]


def _paragraph(line, number):
    level = next((level for level, mark in MARKS if mark.match(line)), None)
    if level is None or level > DEEPEST_TITLE:
        return Paragraph(level, line)
    return Paragraph(level, line, _title_of(line), f"part-{number}")


def _title_of(line):
    """What stands before the colon, or before the first comma where that is long."""
    title = COLON.split(line, maxsplit=1)[0]
    width = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in title)
    return title if width <= LONGEST_TITLE else ANY_STOP.split(line, maxsplit=1)[0]
