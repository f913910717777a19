"""What a file is by its content, whatever its name ends in."""

import io
import re
import zipfile
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheets.errors import UnreadableFile

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Office wrote before 2007, and what it writes with a password
MAX_UNPACKED = 300 * 1024 * 1024  # bytes; a roster of 200,000 students unpacks to a third of it
HEAD = 2048  # bytes that tell what a text is


class Kind(Enum):
    """The tables that can be read."""

    XLSX, XLS, ODS, HTML, TEXT = range(5)


AS_EXCEL = gettext_lazy("請在 Excel 另存為「Excel 活頁簿（.xlsx）」或「CSV UTF-8」再匯入。")
PDF = gettext_lazy("這是 PDF 檔，不是表格。請匯入原來的 Excel 檔。")
PICTURE = gettext_lazy("這是圖片，不是表格。請匯入原來的 Excel 檔。")
WORD = gettext_lazy("這是 Word 檔。請把表格複製到 Excel，另存為 .xlsx 再匯入。")
SLIDES = gettext_lazy("這是簡報檔。請把表格複製到 Excel，另存為 .xlsx 再匯入。")
PACKED = gettext_lazy("這是壓縮檔。請先解壓縮，再匯入裡面的 Excel 或 CSV 檔。")
BINARY_WORKBOOK = gettext_lazy("這是 Excel 二進位活頁簿（.xlsb）。")
NUMBERS = gettext_lazy("這是 Numbers 檔。請在 Numbers 選「輸出成」Excel 再匯入。")
XML_TABLE = gettext_lazy("這是 XML 格式的試算表。")
WEB_ARCHIVE = gettext_lazy("這是網頁封存檔。")
SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n", PICTURE), (b"\xff\xd8\xff", PICTURE), (b"GIF8", PICTURE), (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE), (b"{\\rtf", WORD),
    (b"Rar!\x1a\x07", PACKED), (b"7z\xbc\xaf\x27\x1c", PACKED), (b"\x1f\x8b\x08", PACKED),
)  # fmt: skip
PICTURE_BRANDS = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif")
# What only one kind of archive has inside -> what it is.
INSIDE = (
    ("xl/workbook.bin", BINARY_WORKBOOK),
    ("word/document.xml", WORD),
    ("ppt/presentation.xml", SLIDES),
    ("Index/Document.iwa", NUMBERS),
)
MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": WORD,
    b"application/vnd.oasis.opendocument.presentation": SLIDES,
}


def kind_of(data: bytes) -> Kind:
    """The Kind of `data` (bytes). Raises UnreadableFile that says what it is instead, and how to save it."""
    if data.startswith(ZIP):
        return _kind_of_archive(data)
    if data.startswith(OLE[:4]):
        return _kind_of_ole(data)
    _refuse_signatures(data)
    head = _plain(data[:HEAD])
    if re.match(r"<\?xml[^>]*>\s*(<\?mso-application[^>]*>\s*)?<(\w+:)?workbook\b", head):
        raise UnreadableFile(f"{XML_TABLE}{AS_EXCEL}")
    if head.startswith("mime-version:"):
        raise UnreadableFile(f"{WEB_ARCHIVE}{AS_EXCEL}")
    if re.match(
        r"(<\?xml[^>]*>|<!--.*?-->|\s)*<(!doctype html|html|head|body|meta|style|table|div|center)\b", head, re.DOTALL
    ):
        return Kind.HTML
    return Kind.TEXT


def _plain(head: bytes) -> str:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return head.decode(encoding, "ignore").lstrip().casefold()


def _refuse_signatures(data: bytes) -> None:
    for start, words in SIGNATURES:
        if data.startswith(start):
            raise UnreadableFile(str(words))
    if (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or (data[4:8] == b"ftyp" and data[8:12] in PICTURE_BRANDS):
        raise UnreadableFile(str(PICTURE))
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        raise UnreadableFile(str(PICTURE))


def _kind_of_archive(data: bytes) -> Kind:
    """A small file may unpack to gigabytes: the archive's own index says how large, before anything is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            names = set(archive.namelist())
            mimetype = (
                archive.read("mimetype")[:100].strip() if "mimetype" in names and unpacked <= MAX_UNPACKED else b""
            )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError):
        raise UnreadableFile(_("這個檔案不完整，請重新存檔後再匯入。")) from None
    if unpacked > MAX_UNPACKED:
        raise UnreadableFile(_("這個 Excel 檔展開後太大，請只保留要匯入的工作表。"))
    for name, words in INSIDE:
        if name in names:
            raise UnreadableFile(f"{words}{AS_EXCEL}" if words is BINARY_WORKBOOK else str(words))
    if mimetype in MIMETYPES:
        raise UnreadableFile(str(MIMETYPES[mimetype]))
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet") or "content.xml" in names:
        return Kind.ODS
    if any(name.casefold().startswith("xl/") for name in names):
        return Kind.XLSX
    raise UnreadableFile(str(PACKED))


def _kind_of_ole(data: bytes) -> Kind:
    """Old Office files keep the names of their parts in UTF-16."""
    if "WordDocument".encode("utf-16-le") in data:
        raise UnreadableFile(str(WORD))
    if "PowerPoint Document".encode("utf-16-le") in data:
        raise UnreadableFile(str(SLIDES))
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFile(_("這個 Excel 檔設有密碼，請先移除密碼再匯入。"))
    return Kind.XLS
