"""Tables as text: CSV and its kin, in the encodings and with the separators that offices have."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import TextIO

from django.utils.translation import gettext as _

from core.spreadsheets.errors import UnreadableFile
from core.spreadsheets.sheets import Line

PIECE = 256 * 1024  # bytes decoded at a time
LOOKED_AT = 20  # filled lines that tell the separator: a banner above the titles has none
SEPARATORS = ",\t;|"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DIRECTIVE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # Excel's first line: sep=;


def text_lines(data: bytes) -> Iterator[Line]:
    """(line, cells) of a text file; a cell with a line break in it counts as an editor counts. Raises UnreadableFile."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding_of(data), newline="")
    told = DIRECTIVE.fullmatch(text.readline(20))
    if told is None:
        text.seek(0)
    separator = told[1] if told else separator_of(text)
    # Strict, or a quote that is never closed would swallow the rows after it, ID numbers included.
    reader = csv.reader(text, delimiter=separator, strict=True)
    above = line = 1 if told else 0
    try:
        for cells in reader:
            yield line + 1, cells
            line = above + reader.line_num
    except csv.Error:
        reason = _("檔案的格式不完整，可能有沒關上的引號。請從試算表重新另存 CSV。")
        raise UnreadableFile(reason, line=line + 1) from None


def line_count(data: bytes) -> int:
    return data.count(b"\n")


def encoding_of(data: bytes) -> str:
    """UTF-16 with its mark, UTF-8 with or without one, else Big5 as Windows writes it (cp950). Raises UnreadableFile."""
    if data.startswith(UTF_16) and readable_bytes(data, "utf-16") == len(data):
        return "utf-16"
    if data.startswith(UTF_16) or b"\0" in data:
        raise _unknown_encoding()
    readable = {encoding: readable_bytes(data, encoding) for encoding in ("utf-8-sig", "cp950")}
    for encoding, length in readable.items():
        if length == len(data):
            return encoding
    bad_line = data.count(b"\n", 0, max(readable.values())) + 1
    if bad_line == 1:
        raise _unknown_encoding()
    reason = _("這一列有無法辨識的字，可能是造字。請改用 Unicode 的字，另存為 CSV UTF-8 再匯入。")
    raise UnreadableFile(reason, line=bad_line)


def _unknown_encoding() -> UnreadableFile:
    return UnreadableFile(_("檔案的編碼無法辨識。請另存為 CSV UTF-8 或 Big5 再匯入。"))


def readable_bytes(data: bytes, encoding: str) -> int:
    """How many bytes of `data` are text in `encoding`; checked piece by piece, so that no copy is made."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    for start in range(0, len(data), PIECE):
        piece = data[start : start + PIECE]
        carried = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=start + PIECE >= len(data))
        except UnicodeDecodeError as error:
            return start - carried + error.start
        done = start + len(piece)
    return done


def separator_of(text: TextIO) -> str:
    """What stands between the cells, as the first filled lines tell; `text` is left at its beginning."""
    lines = []
    for line in text:
        if line.strip():
            lines.append(re.sub(r'"[^"]*"', "", line))
        if len(lines) == LOOKED_AT:
            break
    text.seek(0)
    return max(SEPARATORS, key=lambda separator: sum(line.count(separator) for line in lines))
