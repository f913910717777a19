"""Pages of an uploaded PDF, drawn in a process of its own: a strange file can neither hang nor crash the site."""

import subprocess  # noqa: S404 – our own program, without a shell
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("pdf_child.py")
SECONDS = 22
LOCKED = 3  # the child's exit status


class Unreadable(Exception):
    """No PDF, a damaged one, or one that takes too long or too much memory."""


class Locked(Unreadable):
    """It asks for a password."""


def redraw(content, *, most_pages):
    """(number of pages, a new PDF with a picture of each) of a PDF (bytes); nothing else of the file is in the new one.

    Above `most_pages` the new PDF is empty bytes. Raises `Unreadable`, `Locked`.
    """
    number, _line_end, drawn = _run(content, "redraw", str(most_pages)).partition(b"\n")
    if number == b"0":
        raise Unreadable
    return int(number), drawn


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
    except subprocess.CalledProcessError as error:
        raise (Locked if error.returncode == LOCKED else Unreadable) from None
    except subprocess.TimeoutExpired:
        raise Unreadable from None
    return done.stdout
