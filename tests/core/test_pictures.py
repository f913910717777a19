"""Whatever a phone or a scanner makes becomes the pixels that people see, and nothing else of the file stays."""

import io
import random

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from core import pictures

SECRET = b"25.0330 N 121.5654 E"


def encode(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def redraw(content, **options):
    return pictures.redraw(content, **{"most_pixels": 1_000_000, "longest_side": 400, **options})


def page(size=(60, 40)):
    """Left half red, right half blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    return picture


def is_near(pixel, colour, by=12):
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


def exif_of(orientation=1):
    exif = Image.Exif()
    exif[0x010E], exif[pictures.ORIENTATION] = SECRET.decode(), orientation
    return exif


def srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def xmp(content):
    """`content` (JPEG) with an XMP packet in an APP1 of its own."""
    packet = b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET + b"</x>"
    return content[:2] + b"\xff\xe1" + (len(packet) + 2).to_bytes(2, "big") + packet + content[2:]


def png_texts():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    texts.add_text("Place", SECRET.decode(), zip=True)
    return texts


HIDING = {
    "a comment in a JPEG": lambda: encode(page(), "JPEG", comment=SECRET),
    "EXIF in a JPEG": lambda: encode(page(), "JPEG", exif=exif_of()),
    "XMP in a JPEG": lambda: xmp(encode(page(), "JPEG")),
    "a profile in a JPEG": lambda: encode(page(), "JPEG", icc_profile=srgb()),
    "texts in a PNG": lambda: encode(page(), "PNG", pnginfo=png_texts()),
    "EXIF in a PNG": lambda: encode(page(), "PNG", exif=exif_of()),
    "a profile in a PNG": lambda: encode(page(), "PNG", icc_profile=srgb()),
    "EXIF, XMP and a profile in a WebP": lambda: encode(
        page(), "WEBP", lossless=True, exif=exif_of(), xmp=SECRET, icc_profile=srgb()
    ),
    "words behind the end": lambda: encode(page(), "JPEG") + SECRET,
    "a second picture": lambda: encode(
        page(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "lime")], exif=exif_of()
    ),
}


@pytest.mark.parametrize("what", HIDING)
def test_nothing_hidden_stays(what):
    drawn = redraw(HIDING[what]())

    assert drawn.picture.info == {}
    assert dict(drawn.picture.getexif()) == {}
    for kept in (encode(drawn.on_white(), "JPEG"), encode(drawn.on_white(), "PNG"), encode(drawn.picture, "PNG")):
        assert SECRET not in kept
        assert Image.open(io.BytesIO(kept)).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("pictures_behind", [1, 2])
def test_of_several_pictures_in_one_photo_the_first_is_taken(pictures_behind):
    others = [Image.new("RGB", (60, 40), "lime")] * pictures_behind
    content = encode(page(), "MPO", save_all=True, append_images=others)

    drawn = redraw(content)

    assert Image.open(io.BytesIO(content)).format == "MPO"
    assert drawn.kind == "JPEG"
    assert is_near(drawn.picture.getpixel((5, 20)), (255, 0, 0))
    assert is_near(drawn.picture.getpixel((55, 20)), (0, 0, 255))


def test_a_photo_whose_second_picture_is_cut_off_is_taken():
    whole = encode(page(), "MPO", save_all=True, append_images=[page()])

    assert redraw(whole[: len(encode(page(), "JPEG")) + 200]).picture.size == (60, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [(1, (5, 20)), (2, (55, 20)), (3, (55, 20)), (6, (20, 5)), (8, (20, 55)), (5, (20, 5)), (7, (20, 55))],
)
def test_a_photo_stands_upright(kind, orientation, red_at):
    drawn = redraw(encode(page(), kind, exif=exif_of(orientation)))

    assert is_near(drawn.picture.getpixel(red_at), (255, 0, 0), by=40)


def test_a_broken_exif_does_not_matter():
    assert redraw(encode(page(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff rubbish")).picture.size == (60, 40)


def test_colours_of_another_profile_become_srgb():
    wide = swapped_profile()
    plain = redraw(encode(page(), "PNG")).picture.getpixel((5, 5))

    assert plain == (255, 0, 0)
    assert redraw(encode(page(), "PNG", icc_profile=wide)).picture.getpixel((5, 5)) == (0, 0, 255)


def swapped_profile():
    """sRGB with red and blue exchanged: nobody can miss whether it was used."""
    profile = bytearray(srgb())
    count = int.from_bytes(profile[128:132], "big")
    tags = {bytes(profile[132 + 12 * n : 136 + 12 * n]): 136 + 12 * n for n in range(count)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 8], profile[blue : blue + 8] = profile[blue : blue + 8], profile[red : red + 8]
    return bytes(profile)


@pytest.mark.parametrize("profile", [b"rubbish", b"\0" * 200])
def test_a_profile_that_cannot_be_read_counts_as_none(profile):
    assert redraw(encode(page(), "PNG", icc_profile=profile)).picture.getpixel((5, 5)) == (255, 0, 0)


def test_a_profile_of_other_colours_counts_as_none():
    gray = encode(Image.new("L", (9, 9), 128), "PNG", icc_profile=srgb())

    assert redraw(gray).picture.getpixel((5, 5)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        (encode(Image.new("CMYK", (9, 9), (0, 255, 255, 0)), "JPEG"), (255, 0, 0)),
        (encode(Image.new("L", (9, 9), 128), "JPEG"), (128, 128, 128)),
        (encode(Image.new("1", (9, 9), 1), "PNG"), (255, 255, 255)),
        (encode(Image.new("I;16", (9, 9), 128 * 256), "PNG"), (128, 128, 128)),
        (encode(Image.new("P", (9, 9), 1), "PNG"), None),
        (encode(Image.new("LA", (9, 9), (0, 0)), "PNG"), (255, 255, 255)),
        (encode(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"), (255, 255, 255)),
        (encode(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "WEBP", lossless=True), (255, 255, 255)),
        (encode(Image.new("P", (9, 9), 0), "PNG", transparency=0), (255, 255, 255)),
        (encode(Image.new("RGB", (9, 9), (1, 2, 3)), "PNG", transparency=(1, 2, 3)), (255, 255, 255)),
        (encode(Image.new("L", (9, 9), 7), "PNG", transparency=7), (255, 255, 255)),
    ],
    ids=["cmyk", "gray", "bits", "sixteen", "palette", "gray-alpha", "alpha", "webp-alpha", "palette-hole",
         "rgb-hole", "gray-hole"],
)  # fmt: skip
def test_every_kind_of_pixel_is_seen_as_on_paper(content, colour):
    pixel = redraw(content).on_white().getpixel((4, 4))

    assert colour is None or is_near(pixel, colour)


def test_a_sixteen_bit_scan_keeps_its_grays():
    scan = Image.new("I;16", (3, 1))
    for x, gray in enumerate([0, 128, 255]):
        scan.putpixel((x, 0), gray * 257)

    drawn = redraw(encode(scan, "PNG")).on_white()

    assert [drawn.getpixel((x, 0))[0] for x in range(3)] == [0, 128, 255]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_taken(kind):
    content = encode(page(), kind, save_all=True, append_images=[Image.new("RGB", (60, 40), "lime")])

    assert is_near(redraw(content).picture.getpixel((5, 20)), (255, 0, 0), by=40)


def test_a_large_picture_becomes_smaller_and_keeps_its_shape():
    assert redraw(encode(page((900, 600)), "JPEG")).picture.size == (400, 267)


def test_a_picture_that_unpacks_to_gigabytes_is_refused():
    with pytest.raises(pictures.TooManyPixels):
        redraw(encode(page(), "PNG"), most_pixels=1000)
    with pytest.raises(pictures.TooManyPixels):
        redraw(encode(Image.new("1", (15_000, 15_000)), "PNG"))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_kinds_are_none_of_ours(kind):
    with pytest.raises(pictures.NoPicture):
        redraw(encode(page(), kind))


def test_a_photo_as_iphones_keep_it_is_known_as_such():
    with pytest.raises(pictures.Heif):
        redraw(b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_a_file_cut_off_or_damaged_anywhere_is_a_word_and_never_an_error(kind):
    chance = random.Random(7)  # noqa: S311
    noise = Image.frombytes("RGB", (48, 48), chance.randbytes(48 * 48 * 3))
    more = {"save_all": True, "append_images": [noise]} if kind == "MPO" else {}
    whole = encode(noise, kind, exif=exif_of(6), **more)
    damaged = [whole[: len(whole) * n // 40] for n in range(40)]
    for _again in range(150):
        bent = bytearray(whole)
        for _byte in range(chance.randrange(1, 6)):
            bent[chance.randrange(min(len(bent), 600))] = chance.randrange(256)
        damaged.append(bytes(bent))

    refused = 0
    for content in damaged:
        try:
            redraw(content)
        except (pictures.NoPicture, pictures.Damaged, pictures.TooManyPixels):
            refused += 1

    assert refused > 20
