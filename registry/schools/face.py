"""A school's emblem and accent: whatever is uploaded is redrawn as a small PNG. SVG, which can carry scripts, is no picture."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from audit import log
from core import pictures
from registry.models import Emblem, School

SIDE = 144  # pixels: three times the 48 px it is shown at
COLOURS = 128  # so that an emblem weighs a few kB: a page of a family has 40 in all
LARGEST_BYTES = 1024 * 1024
LARGEST_PIXELS = 4000 * 4000


def redraw(upload: File) -> bytes:
    """The bytes of a square PNG. Raises ValidationError for what is not a PNG, JPEG or WebP of a sensible size."""
    if upload.size > LARGEST_BYTES:
        raise ValidationError(_("校徽的檔案太大，請用 1 MB 以下的圖片。"))
    try:
        drawn = pictures.redraw(upload.read(), most_pixels=LARGEST_PIXELS, longest_side=4 * SIDE)
    except pictures.TooManyPixels:
        raise ValidationError(_("校徽的尺寸太大，請縮到 4000 × 4000 像素以內再上傳。")) from None
    except pictures.Heif:
        raise ValidationError(_("這是 HEIC 照片，請先轉成 PNG 或 JPEG 再上傳。")) from None
    except pictures.NoPicture:
        raise ValidationError(_("校徽要用 PNG、JPEG 或 WebP 圖片，不能用 SVG、GIF 或 PDF。")) from None
    except pictures.Damaged:
        raise ValidationError(_("這個圖檔打不開，可能沒有完整儲存，請換一個檔案。")) from None
    return _as_png(drawn.picture.convert("RGBA"))


def _as_png(picture: Image.Image) -> bytes:
    square = ImageOps.pad(picture, (SIDE, SIDE), color=(255, 255, 255, 0))
    out = io.BytesIO()
    square.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    return out.getvalue()


@transaction.atomic
def write(*, school: School, accent: str, png: bytes | None, keeps_emblem: bool, by: Any) -> bool:
    """Give the school this accent ("" is none) and emblem. Returns whether anything was otherwise.

    png: a new emblem as `redraw` made it; without one, `keeps_emblem` says whether the old one stays.
    """
    school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    former = school.emblem_id
    digest = Emblem.digest_of(school.pk, png) if png else former if keeps_emblem else None
    changed = [name for name, same in (("accent", school.accent == accent), ("emblem", former == digest)) if not same]
    if not changed:
        return False
    if png and digest and digest != former:
        Emblem.objects.create(digest=digest, png=png)
    school.accent, school.emblem_id = accent, digest
    school.save(update_fields=["accent", "emblem"])
    if former and former != digest:
        Emblem.objects.filter(pk=former).delete()
    log.record("school.changed", by=by, target=school, school=school, data={"changed": changed})
    return True
