"""What python-calamine does not tell of a worksheet, read from the sheet's own XML.

Cells that show an error or hold a formula that nobody computed come from it as "", numbers without their format:
here they are found again, each with its place. The parts are read as a stream, with no more than a piece of them
in memory, and only where a search for a few bytes says that there is something to find.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, NoReturn
from xml.parsers import expat  # nosec B407 – refuses a document type, so no entity is ever expanded
from zipfile import ZipFile, ZipInfo

from django.utils.translation import gettext as _

from core.spreadsheets.errors import UnreadableFile

PIECE = 256 * 1024  # bytes
OVERLAP = 64

MarkedRow = tuple[int, dict[int, str]]  # the line, and its cells by their column, counted from 0


@dataclass
class Marks:
    """What is found beside the cells: `rows` come in the order of their lines."""

    rows: Iterable[MarkedRow] = ()
    hidden_columns: set[int] = field(default_factory=set)
    hidden_lines: set[int] = field(default_factory=set)
    merged_lines: set[int] = field(default_factory=set)


class Handler:
    """Takes the elements of a part; whole rows with something in them are put into `found`."""

    def __init__(self) -> None:
        self.found: list[MarkedRow] = []
        self.is_done = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        raise NotImplementedError


def walk(part: IO[bytes], handler: Handler) -> Iterator[MarkedRow]:
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


def _refuse_document_type(*_args: object) -> NoReturn:
    raise unreadable()


def holds(part: IO[bytes], words: Collection[bytes]) -> bool:
    """Whether the stream holds any of the words (bytes, none longer than OVERLAP)."""
    before = b""
    while piece := part.read(PIECE):
        looked_at = before + piece
        if any(word in looked_at for word in words):
            return True
        before = piece[-OVERLAP:]
    return False


def unreadable() -> UnreadableFile:
    return UnreadableFile(_("無法讀取這個 Excel 檔。若設有密碼請先移除，或另存為 CSV UTF-8 再匯入。"))


def local(name: str) -> str:
    """An element's name without its prefix: x:row is a row."""
    return name.rpartition(":")[2]


def find_part(archive: ZipFile, path: str) -> ZipInfo | None:
    """The part of that name, however its capitals and slashes are written; None where there is none."""
    wanted = re.sub(r"/+", "/", path.replace("\\", "/")).lstrip("/").casefold()
    return next(
        (one for one in archive.infolist() if one.filename.replace("\\", "/").lstrip("/").casefold() == wanted), None
    )


@contextmanager
def opened(archive: ZipFile, path: str) -> Iterator[IO[bytes]]:
    """A part as a stream. Raises UnreadableFile where the archive has none or it is damaged."""
    info = find_part(archive, path)
    if info is None:
        raise unreadable()
    with archive.open(info) as part:
        yield part
