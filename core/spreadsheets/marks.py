"""What python-calamine does not tell of a worksheet, read from the sheet's own XML.

Cells that show an error or hold a formula that nobody computed come from it as "", numbers without their format:
here they are found again, each with its place. The parts are read as a stream, with no more than a piece of them
in memory, and only where a search for a few bytes says that there is something to find.
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.parsers import expat  # nosec B407 – refuses a document type, so no entity is ever expanded

from django.utils.translation import gettext as _

from core.spreadsheets.errors import UnreadableFile

PIECE = 256 * 1024  # bytes
OVERLAP = 64


@dataclass
class Marks:
    """What is found beside the cells: `rows` yields (line, {column counted from 0: cell}) in the order of lines."""

    rows: object = ()
    hidden_columns: set = field(default_factory=set)
    hidden_lines: set = field(default_factory=set)
    merged_lines: set = field(default_factory=set)


class Handler:
    """Takes the elements of a part; whole rows with something in them are put into `found`."""

    def __init__(self):
        self.found = []
        self.is_done = False

    def start(self, name, attributes):
        raise NotImplementedError

    def end(self, name):
        raise NotImplementedError

    def text(self, data):
        raise NotImplementedError


def walk(part, handler):
    """Feed the stream `part` to `handler`, yielding what it finds. Raises UnreadableFile for no proper XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        while piece := part.read(PIECE):
            parser.Parse(piece, False)
            yield from handler.found
            handler.found.clear()
            if handler.is_done:
                return
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise unreadable() from None


def _refuse_document_type(*_args):
    raise unreadable()


def holds(part, words):
    """Whether the stream holds any of the words (bytes, none longer than OVERLAP)."""
    before = b""
    while piece := part.read(PIECE):
        looked_at = before + piece
        if any(word in looked_at for word in words):
            return True
        before = piece[-OVERLAP:]
    return False


def unreadable():
    return UnreadableFile(_("無法讀取這個 Excel 檔。若設有密碼請先移除，或另存為 CSV UTF-8 再匯入。"))


def local(name):
    """An element's name without its prefix: x:row is a row."""
    return name.rpartition(":")[2]


def find_part(archive, path):
    """The part of that name, however its capitals and slashes are written; None where there is none."""
    wanted = re.sub(r"/+", "/", path.replace("\\", "/")).lstrip("/").casefold()
    return next(
        (
            one
            for one in archive.infolist()
            if one.filename.replace("\\", "/").lstrip("/").casefold() == wanted
        ),
        None,
    )


@contextmanager
def opened(archive, path):
    """A part as a stream. Raises UnreadableFile where the archive has none or it is damaged."""
    info = find_part(archive, path)
    if info is None:
        raise unreadable()
    with archive.open(info) as part:
        yield part
