"""The school administrator chooses emblem and accent; a strange file is refused, and nothing hidden in one is kept."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from audit.models import Event
from core import pictures
from registry.models import Emblem, School
from registry.roles import Role
from registry.schools import face
from tests.accounts.factories import log_in, staff
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = staff(SchoolFactory(), Role.SCHOOL_ADMIN, account="principal")
    log_in(client, user)
    return user


def picture(kind="PNG", size=(300, 300), colour="navy", **more):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return SimpleUploadedFile(f"x.{kind.lower()}", out.getvalue())


def place(school):
    return reverse("staff:own-face", args=[school.slug])


def choose(client, school, **typed):
    page = client.post(place(school), {"accent": "", **typed})
    school.refresh_from_db()
    return page


def address(school):
    return reverse("staff:emblem", args=[school.slug, school.emblem_id])


def test_without_a_choice_pages_are_as_they_were(client, admin):
    page = client.get(reverse("accounts:school", args=[admin.school.slug])).content.decode()

    assert "data-accent" not in page
    assert "masthead__mark" in page


def test_what_is_chosen_stands_on_the_front_page_and_the_desk(client, admin):
    choose(client, admin.school, accent="lake", emblem=picture())

    for name in ("accounts:school", "staff:own-school"):
        page = client.get(reverse(name, args=[admin.school.slug])).content.decode()
        assert 'data-accent="lake"' in page
        assert address(admin.school) in page
        assert "masthead__mark" not in page
    assert Event.objects.get(event="school.changed").data == {"changed": ["accent", "emblem"]}


def test_the_emblem_is_everybodys_and_kept_by_browsers(client, admin):
    choose(client, admin.school, emblem=picture())
    client.logout()

    drawn = client.get(address(admin.school))

    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/png")
    assert drawn["Cache-Control"] == "public, max-age=31536000, immutable"
    assert drawn["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(drawn.content)).size == (face.SIDE, face.SIDE)


def test_another_schools_address_has_it_not(client, admin):
    choose(client, admin.school, emblem=picture())
    other = SchoolFactory()

    assert client.get(reverse("staff:emblem", args=[other.slug, admin.school.emblem_id])).status_code == 404


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_hidden_in_a_picture_is_kept(client, admin, kind):
    exif = Image.Exif()
    exif[0x010E] = "25.0330 N 121.5654 E"
    choose(client, admin.school, emblem=picture(kind, exif=exif))

    kept = bytes(Emblem.objects.get().png)

    assert b"25.0330" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "不能用 SVG"),
        (SimpleUploadedFile("x.png", b"%PDF-1.7"), "不能用 SVG、GIF 或 PDF"),
        (picture("GIF"), "不能用 SVG、GIF 或 PDF"),
        (SimpleUploadedFile("x.png", picture().read()[:60]), "打不開"),
        (SimpleUploadedFile("x.heic", b"\x00\x00\x00\x18ftypheic" + b"x" * 40), "HEIC"),
        (SimpleUploadedFile("x.png", b"x" * (face.LARGEST_BYTES + 1)), "1 MB 以下"),
        (picture("PNG", (4001, 4000)), "4000 × 4000"),
        (SimpleUploadedFile("x.png", b""), "檔案是空的"),
    ],
)  # fmt: skip
def test_what_is_no_emblem_is_refused_in_words(client, admin, upload, words):
    page = choose(client, admin.school, emblem=upload).content.decode()

    assert words in page
    assert 'aria-invalid="true"' in page
    assert admin.school.emblem_id is None


def test_huge_pixels_are_refused_before_they_are_unpacked(monkeypatch):
    monkeypatch.setattr(pictures, "_draw", lambda *_: pytest.fail("unpacked"))

    with pytest.raises(pictures.TooManyPixels):
        pictures.redraw(picture("PNG", (5000, 4000)).read(), most_pixels=face.LARGEST_PIXELS, longest_side=100)


def test_an_emblem_is_light_whatever_was_uploaded(client, admin):
    out = io.BytesIO()
    Image.effect_noise((500, 500), 120).convert("RGB").save(out, "PNG")

    choose(client, admin.school, emblem=SimpleUploadedFile("x.png", out.getvalue()))

    assert len(bytes(Emblem.objects.get().png)) < 24_000


def test_a_new_emblem_has_a_new_address_and_the_old_one_is_gone(client, admin):
    choose(client, admin.school, emblem=picture(colour="navy"))
    former = address(admin.school)

    choose(client, admin.school, emblem=picture(colour="teal"))

    assert address(admin.school) != former
    assert client.get(former).status_code == 404
    assert Emblem.objects.count() == 1


def test_an_emblem_stays_until_it_is_put_away(client, admin):
    choose(client, admin.school, emblem=picture())
    choose(client, admin.school, accent="pine")
    assert admin.school.emblem_id

    choose(client, admin.school, accent="pine", removes_emblem="on")

    assert (admin.school.emblem_id, Emblem.objects.count()) == (None, 0)


def test_the_same_again_is_no_event(client, admin):
    choose(client, admin.school, accent="pine", emblem=picture())
    choose(client, admin.school, accent="pine", emblem=picture())

    assert Event.objects.filter(event="school.changed").count() == 1


def test_two_schools_may_have_one_picture(client, admin):
    other = staff(SchoolFactory(), Role.SCHOOL_ADMIN, account="other")
    png = face.redraw(picture())
    for one in (admin, other):
        face.write(school=one.school, accent="", png=png, keeps_emblem=True, by=one)

    face.write(school=admin.school, accent="", png=None, keeps_emblem=False, by=admin)

    other.school.refresh_from_db()
    assert other.school.emblem_id


def test_another_schools_administrator_and_other_roles_may_not(client, admin):
    other = SchoolFactory()
    assert client.get(place(other)).status_code == 404
    assert choose(client, other, accent="pine").status_code == 404
    client.logout()
    log_in(client, staff(admin.school, Role.REGISTRAR, account="r1"))

    assert choose(client, admin.school, accent="pine").status_code == 404
    assert (other.accent, admin.school.accent) == ("", "")


def test_a_colour_of_ones_own_is_refused(client, admin):
    page = choose(client, admin.school, accent="#ff0000").content.decode()

    assert 'aria-invalid="true"' in page or "field--error" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        School.objects.filter(pk=admin.school.pk).update(accent="red")
