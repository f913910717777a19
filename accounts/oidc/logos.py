"""Logos of clients: whatever was uploaded is redrawn as a small PNG. SVG, which can carry scripts, is no picture here."""

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

SIDE = 168  # three times the 56 px it is shown at
LARGEST_BYTES = 1024 * 1024
LARGEST_PIXELS = 4000 * 4000


def redraw(upload):
    """The bytes of the PNG. Raises ValidationError for what is not a PNG, JPEG or WebP of a sensible size."""
    if upload.size > LARGEST_BYTES:
        raise ValidationError(_("標誌的檔案太大，請用 1 MB 以下的圖片。"))
    try:
        with Image.open(upload, formats=["PNG", "JPEG", "WEBP"]) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise ValidationError(_("標誌的尺寸太大，請縮小後再上傳。"))
            drawn = ImageOps.contain(ImageOps.exif_transpose(picture).convert("RGBA"), (SIDE, SIDE))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("標誌要用 PNG、JPEG 或 WebP 圖片，不能用 SVG。")) from error
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()
