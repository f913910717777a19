"""Pictures of strangers drawn anew: the pixels that people see, and nothing that came beside them in the file.

What is kept has no comment, place, time, profile, text or second picture, because it is painted onto an empty picture
of our own. Colours are brought to sRGB first, so that they look the same without the profile that went.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageCms, UnidentifiedImageError

# What phones and scanners make. An MPO is a JPEG with more pictures behind it (depth, HDR): the first one is the photo.
FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
ORIENTATION = 0x0112  # the EXIF tag
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class NoPicture(Exception):
    """Neither JPEG, PNG nor WebP."""


class Heif(NoPicture):
    """A photo as iPhones keep it (HEIC): nothing here can read it."""


class Damaged(Exception):
    """It begins like a picture, but the rest is missing or makes no sense."""


class TooManyPixels(Exception):
    """A small file may unpack to gigabytes."""


@dataclass(frozen=True)
class Drawn:
    """`picture` is RGB, or RGBA where something shows through; `kind` is JPEG, PNG or WEBP."""

    picture: Image.Image
    kind: str

    def on_white(self) -> Image.Image:
        """As it would be on paper: RGB."""
        paper = Image.new("RGB", self.picture.size, "white")
        paper.paste(self.picture, mask=self.picture if self.picture.mode == "RGBA" else None)
        return paper


def redraw(content: bytes, *, most_pixels: int, longest_side: int) -> Drawn:
    """The first picture in `content` (bytes), upright, in sRGB, its longer side `longest_side` pixels at most.

    Raises `NoPicture` (`Heif`), `Damaged`, `TooManyPixels`.
    """
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        raise Heif
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > most_pixels:
                raise TooManyPixels
            return Drawn(_draw(picture, longest_side), FORMATS[str(picture.format)])
    except (TooManyPixels, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except UnidentifiedImageError:
        raise NoPicture from None
    except Exception:  # a decoder may fail in any way on a made-up file; none of them is a fault of our page
        raise Damaged from None


def _draw(picture: Image.Image, longest_side: int) -> Image.Image:
    profile, turn = picture.info.get("icc_profile"), _turn_of(picture)
    picture.draft(picture.mode, (longest_side, longest_side))  # a JPEG unpacks no more than is kept
    drawn = _plain(picture)
    drawn.thumbnail((longest_side, longest_side))
    shape = drawn.getchannel("A") if drawn.mode.endswith("A") else None
    colours = _in_srgb(drawn.convert(drawn.mode.removesuffix("A")) if shape else drawn, profile)
    clean = Image.new("RGB", colours.size)
    clean.paste(colours)
    if shape:
        clean.putalpha(shape)
    return clean if turn is None else clean.transpose(turn)


def _turn_of(picture: Image.Image) -> Image.Transpose | None:
    try:
        return UPRIGHT.get(picture.getexif().get(ORIENTATION, 0))
    except Exception:  # a broken EXIF does not make the picture unreadable
        return None


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels in a mode that can be resized: L, LA, RGB, RGBA or CMYK; 16 bits become 8, a palette its colours."""
    if picture.mode.startswith(("I", "F")):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("LA" if picture.mode in ("L", "LA") else "RGBA")
    if picture.mode in ("L", "RGB", "CMYK"):
        picture.load()
        return picture.copy()
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB. A profile that cannot be read, or is of other colours than the picture, counts as none."""
    if profile:
        try:
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, theirs, srgb, outputMode="RGB")  # type: ignore[return-value]
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture.convert("RGB")
