"""Turns an uploaded file into evidence that can do no harm: pictures and the pages of a PDF are drawn anew.

What a file is, its bytes say; the name and type the browser sends are not believed.
"""

import io
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from binding import pdf_pages
from binding.models import Evidence
from core import identity, pictures, text

MAX_PIXELS = 50_000_000  # a phone's largest pictures; beyond it a small file may unpack to gigabytes
MAX_SIDE = 2400  # pixels kept: enough to read a household certificate at full page
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"  # what a form offers to choose from
PDF_BEGINS_WITHIN = 1024  # bytes: scanners and mail programs write things before it, and readers look so far


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
        raise ValidationError(_("「%(name)s」超過 5 MB。請把照片縮小，或改用較低的解析度掃描。") % {"name": name})
    content = upload.read()
    try:
        return HarmlessFile(name, *redraw_picture(content))
    except pictures.NoPicture as problem:
        if b"%PDF-" in content[:PDF_BEGINS_WITHIN]:
            return HarmlessFile(name, *redraw_pdf(content, name))
        raise ValidationError(words_about(problem) % {"name": name}) from None
    except (pictures.Damaged, pictures.TooManyPixels) as problem:
        raise ValidationError(words_about(problem) % {"name": name}) from None


def redraw_picture(content):
    """(bytes, type) of the picture as new pixels on white: upright, without place, time or anything hidden in it."""
    drawn = pictures.redraw(content, most_pixels=MAX_PIXELS, longest_side=MAX_SIDE)
    out = io.BytesIO()
    if drawn.kind == "PNG":
        drawn.on_white().save(out, "PNG")
        return out.getvalue(), Evidence.Type.PNG
    drawn.on_white().save(out, "JPEG", quality=85)
    return out.getvalue(), Evidence.Type.JPEG


def redraw_pdf(content, name):
    """(bytes, type, number of pages) of a new PDF that holds a picture of each page and nothing else."""
    try:
        pages, drawn = pdf_pages.redraw(content, most_pages=settings.EVIDENCE_MAX_PAGES)
    except pdf_pages.Locked:
        words = _("「%(name)s」設了密碼，系統打不開。請取消密碼，或把每一頁另存成圖片，再上傳。")
        raise ValidationError(words % {"name": name}) from None
    except pdf_pages.Unreadable:
        raise ValidationError(
            _("「%(name)s」打不開，可能損壞或太複雜。請重新掃描，或改上傳照片。") % {"name": name}
        ) from None
    if pages > settings.EVIDENCE_MAX_PAGES:
        raise ValidationError(
            _("「%(name)s」有 %(pages)d 頁，最多 %(limit)d 頁。請只上傳需要的幾頁。")
            % {"name": name, "pages": pages, "limit": settings.EVIDENCE_MAX_PAGES}
        )
    return drawn, Evidence.Type.PDF, pages


def words_about(problem):
    """What is wrong with a picture and what to do about it, with a place for its name."""
    match problem:
        case pictures.Heif():
            return _(
                "「%(name)s」是 HEIC 照片，系統還不能讀。請在 iPhone 的「設定」→「相機」→「格式」選「最相容」後重拍，或把照片另存成 JPEG 再上傳。"
            )
        case pictures.TooManyPixels():
            return _("「%(name)s」的尺寸太大。請把照片縮小，或改用較低的解析度掃描。")
        case pictures.Damaged():
            return _("「%(name)s」不完整或已損壞。請重新拍照或掃描後再上傳。")
        case _other:
            return _("「%(name)s」不是可以讀取的 JPEG、PNG、WebP 或 PDF 檔。請重新拍照或掃描後再上傳。")


def clean_name(name):
    """A file's name for people to recognise; never a path, never an ID number."""
    name = re.sub(r"[^\w.\- ()（）]", "", text.file_name(name)).strip()
    return identity.blot_out(name, "").strip() or _("證明文件")
