"""Draws a consent text with the indents of its numbering, and its list of contents."""

import re
from dataclasses import dataclass

# In Chinese 一、（一）1. as laws are numbered; in translations I. (1) 1.
MARKS = [
    (0, re.compile(r"[一二三四五六七八九十]+、|[IVX]+\. ")),
    (1, re.compile(r"（[一二三四五六七八九十]+）|\(\d+\) ")),
    (2, re.compile(r"\d+\. ")),
]
DEEPEST_TITLE = 1
END_OF_TITLE = re.compile("[：:，,；;。]")


@dataclass(frozen=True)
class Paragraph:
    """`title` and `anchor` of those that the list of contents names, else empty."""

    level: int
    text: str
    title: str = ""
    anchor: str = ""


def outline(body):
    """Paragraphs of a consent text; level 0 for 一、 and plain lines, 1 for （一）, 2 for 1."""
    lines = [line for line in body.splitlines() if line.strip()]
    return [_paragraph(line, number) for number, line in enumerate(lines, start=1)]


def _paragraph(line, number):
    level = next((level for level, mark in MARKS if mark.match(line)), None)
    if level is None or level > DEEPEST_TITLE:
        return Paragraph(level or 0, line)
    return Paragraph(level, line, END_OF_TITLE.split(line, maxsplit=1)[0], f"part-{number}")
