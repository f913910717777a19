"""Logos of clients: whatever was uploaded is redrawn as a small PNG. SVG, which can carry scripts, is no picture here."""

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ImageOps

from core import pictures

SIDE = 168  # three times the 56 px it is shown at
LARGEST_BYTES = 1024 * 1024
LARGEST_PIXELS = 4000 * 4000


def redraw(upload):
    """The bytes of the PNG. Raises ValidationError for what is not a PNG, JPEG or WebP of a sensible size."""
    if upload.size > LARGEST_BYTES:
        raise ValidationError(_("標誌的檔案太大，請用 1 MB 以下的圖片。"))
    try:
        drawn = pictures.redraw(upload.read(), most_pixels=LARGEST_PIXELS, longest_side=4 * SIDE)
    except pictures.TooManyPixels:
        raise ValidationError(_("標誌的尺寸太大，請縮小後再上傳。")) from None
    except (pictures.NoPicture, pictures.Damaged) as error:
        raise ValidationError(_("標誌要用 PNG、JPEG 或 WebP 圖片，不能用 SVG。")) from error
    out = io.BytesIO()
    ImageOps.contain(drawn.picture.convert("RGBA"), (SIDE, SIDE)).save(out, "PNG", optimize=True)
    return out.getvalue()
