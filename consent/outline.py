"""Draws a consent text with the indents of its numbering."""

import re
from dataclasses import dataclass

MARKS = [
    (0, re.compile(r"[一二三四五六七八九十]+、")),
    (1, re.compile(r"（[一二三四五六七八九十]+）")),
    (2, re.compile(r"\d+\. ")),
]


@dataclass(frozen=True)
class Paragraph:
    level: int
    text: str


def outline(body):
    """Paragraphs of a consent text; level 0 for 一、 and plain lines, 1 for （一）, 2 for 1."""
    return [Paragraph(level_of(line), line) for line in body.splitlines() if line.strip()]


def level_of(line):
    return next((level for level, mark in MARKS if mark.match(line)), 0)
