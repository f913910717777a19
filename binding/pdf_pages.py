"""Pages of an uploaded PDF, drawn in a process of its own: a strange file can neither hang nor crash the site."""

import subprocess  # noqa: S404 – our own program, without a shell
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("pdf_child.py")
SECONDS = 12


class Unreadable(Exception):
    """No PDF, a damaged one, one with a password, or one that takes too long."""


def count_pages(content):
    """How many pages the PDF (bytes) has. Raises `Unreadable`."""
    pages = int(_run(content, "count"))
    if not pages:
        raise Unreadable
    return pages


def draw_page(content, number):
    """Page `number`, from 1, as JPEG (bytes), the long side 1,800 px at most. Raises `Unreadable`."""
    return _run(content, "draw", str(number))


def _run(content, *words):
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(CHILD), *words],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
            env={},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Unreadable from None
    return done.stdout
