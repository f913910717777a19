"""The city registers clients: each secret is told once, each change is an event."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image, ImageCms

from audit.models import Event
from oidc.models import Client, ClientLogo
from tests.accounts.factories import city_admin, log_in
from tests.oidc.factories import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return log_in(Browser(), city_admin())


def typed(**changes):
    return {
        "name": "繳費", "kind": "certified", "trust": "children", "is_active": "on", "client_type": "confidential",
        "redirect_uris": "https://pay.example.tw/callback", "position": "1", "is_service": "on", "line": "查詢並繳費",
        "launch_url": "https://pay.example.tw/", "mark": "繳", **changes,
    }  # fmt: skip


def add(office, **changes):
    return office.post(reverse("admin:oidc_client_add"), typed(**changes))


def picture(format="PNG", size=(900, 300)):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, format)
    return SimpleUploadedFile(f"x.{format.lower()}", out.getvalue())


def test_a_secret_is_told_once_and_kept_as_a_digest(office):
    page = add(office)
    client = Client.objects.get()

    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.secret_fits(secret)
    assert secret not in str(Client.objects.values().get())
    change = reverse("admin:oidc_client_change", args=[client.pk])
    assert secret not in office.get(change).content.decode()
    assert secret not in str(dict(office.session))
    assert Event.objects.filter(event="client.registered").count() == 1
    assert secret not in str(list(Event.objects.values()))


def test_a_public_client_gets_none(office):
    assert add(office, client_type="public").status_code == 302
    assert Client.objects.get().secret_digest == ""


def test_a_new_secret_overlaps_with_the_old_one_until_it_is_dropped(office):
    old = add(office).context["secret"]
    client = Client.objects.get()

    new = office.post(reverse("admin:oidc_client_secret", args=[client.pk])).context["secret"]
    client.refresh_from_db()
    assert client.secret_fits(old)
    assert client.secret_fits(new)

    office.post(reverse("admin:oidc_client_secret_drop", args=[client.pk]))
    client.refresh_from_db()
    assert not client.secret_fits(old)
    assert client.secret_fits(new)
    assert office.get(reverse("admin:oidc_client_secret", args=[client.pk])).status_code == 405


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"redirect_uris": "http://pay.example.tw/callback"}, "https://"),
        ({"redirect_uris": "https://*.example.tw/callback"}, "不能有"),
        ({"redirect_uris": "https://u@pay.example.tw/callback"}, "不能有"),
        ({"redirect_uris": "https://pay.example.tw/#x"}, "不能有"),
        ({"redirect_uris": "javascript:alert(1)"}, "https://"),
        ({"redirect_uris": ""}, "必"),
        ({"redirect_uris": "https://a.example/x https://b.example/x"}, "代號範圍"),
        ({"post_logout_redirect_uris": "ftp://pay.example.tw/"}, "https://"),
        ({"backchannel_logout_uri": "http://pay.example.tw/out"}, "https://"),
        ({"skip_authorization": "on"}, "本市自有"),
        ({"line": ""}, "一句說明"),
    ],
)
def test_what_is_unsafe_is_refused_in_words(office, changes, words):
    page = add(office, **changes)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Client.objects.exists()


def test_sector_and_type_stay_as_they_are(office):
    add(office)
    client = Client.objects.get()
    address = reverse("admin:oidc_client_change", args=[client.pk])

    office.post(address, typed(sector="evil.example", client_type="public", redirect_uris="https://new.example.tw/x"))

    client.refresh_from_db()
    assert (client.sector, client.client_type) == ("pay.example.tw", "confidential")
    assert client.redirect_uris == "https://new.example.tw/x"


def test_nothing_hidden_stays_in_a_logo(office):
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (90, 30), "navy").save(out, "JPEG", comment=b"25.0330 N", icc_profile=profile)
    add(office, logo_file=SimpleUploadedFile("x.jpg", out.getvalue()))

    kept = bytes(ClientLogo.objects.get().png)

    assert b"25.0330" not in kept
    assert Image.open(io.BytesIO(kept)).info == {}


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_redrawn(office, format):
    add(office, logo_file=picture(format))

    png = bytes(ClientLogo.objects.get().png)
    drawn = Image.open(io.BytesIO(png))
    assert (drawn.format, drawn.size) == ("PNG", (168, 56))


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        SimpleUploadedFile("x.png", b"<html>"),
        SimpleUploadedFile("x.png", b"x" * 1_100_000),
        picture("GIF"),
    ],
)
def test_what_is_no_picture_is_refused(office, upload):
    page = add(office, logo_file=upload)

    assert page.status_code == 200
    assert not Client.objects.exists()


def test_switching_off_ends_its_authorizations(office, payments, alice):
    tokens = payments.sign_in()
    address = reverse("admin:oidc_client_change", args=[payments.client.pk])

    office.post(address, {**typed(), "is_active": ""})
    Client.objects.update(is_active=True)

    assert payments.userinfo(tokens["access_token"]).status_code == 401


def test_tokens_are_nothing_to_look_at(office):
    index = office.get(reverse("admin:index")).content.decode()

    assert "oauth2_provider/accesstoken" not in index
    for model in ("accesstoken", "refreshtoken", "idtoken"):
        assert office.get(reverse(f"admin:oauth2_provider_{model}_changelist")).status_code == 403
    assert office.get(reverse("admin:oidc_grant_changelist")).status_code == 403


def test_the_launcher_shows_services_with_line_and_logo(office, alices_browser, django_assert_max_num_queries):
    add(office, logo_file=picture())
    client_of("不列出", host="hidden.example.tw")

    with django_assert_max_num_queries(10):
        page = alices_browser.get(reverse("binding:sso-home")).content.decode()

    logo = reverse("oidc:logo", args=[Client.objects.get(name="繳費").pk])
    assert "查詢並繳費" in page
    assert logo in page
    assert "不列出" not in page
    drawn = alices_browser.get(logo)
    assert (drawn["Content-Type"], drawn.content[:4]) == ("image/png", b"\x89PNG")
