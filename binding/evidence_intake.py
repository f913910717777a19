"""Turns an uploaded file into evidence that can do no harm: pictures are drawn anew, PDFs are kept inert.

What a file is, its bytes say; the name and type the browser sends are not believed.
"""

import io
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from binding.models import Evidence
from binding.pdf_pages import Unreadable, count_pages
from core import identity, text

MAX_PIXELS = 50_000_000  # a phone's largest pictures; beyond it a small file may unpack to gigabytes
MAX_SIDE = 2400  # pixels kept: enough to read a household certificate at full page
PICTURES = {"JPEG": Evidence.Type.JPEG, "PNG": Evidence.Type.PNG}


@dataclass(frozen=True)
class HarmlessFile:
    name: str
    content: bytes
    content_type: str
    pages: int = 1


def take_in(upload):
    """A `HarmlessFile` of an uploaded one. Raises ValidationError with words for the family."""
    name = clean_name(upload.name)
    if upload.size > settings.EVIDENCE_MAX_BYTES:
        raise ValidationError(
            _("「%(name)s」超過 5 MB。請把照片縮小，或改用較低的解析度掃描。") % {"name": name}
        )
    content = upload.read()
    if content.startswith(b"%PDF-"):
        return HarmlessFile(name, content, Evidence.Type.PDF, pages_of(content, name))
    return HarmlessFile(name, *redraw_or_refuse(content, name))


def pages_of(content, name):
    try:
        pages = count_pages(content)
    except Unreadable:
        raise ValidationError(
            _("「%(name)s」打不開，可能損壞或設了密碼。請取消密碼或重新掃描後再上傳。") % {"name": name}
        ) from None
    if pages > settings.EVIDENCE_MAX_PAGES:
        raise ValidationError(
            _("「%(name)s」有 %(pages)d 頁，最多 %(limit)d 頁。請只上傳需要的幾頁。")
            % {"name": name, "pages": pages, "limit": settings.EVIDENCE_MAX_PAGES}
        )
    return pages


def redraw_or_refuse(content, name):
    try:
        return redraw(content)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(
            _("「%(name)s」不是可以讀取的 JPEG、PNG 或 PDF 檔。請重新拍照或掃描後再上傳。") % {"name": name}
        ) from None


def redraw(content):
    """The picture as new pixels: upright, without place, time or anything hidden in it."""
    with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        kind = str(picture.format)
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        drawn = io.BytesIO()
        if kind == "JPEG":
            upright.convert("RGB").save(drawn, "JPEG", quality=85)
        else:
            upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(drawn, "PNG")
    return drawn.getvalue(), PICTURES[kind]


def clean_name(name):
    """A file's name for people to recognise; never a path, never an ID number."""
    name = re.sub(r"[^\w.\- ()（）]", "", text.file_name(name)).strip()
    return identity.blot_out(name, "").strip() or _("證明文件")
