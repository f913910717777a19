"""The pictures of the guide for families: `make guide-pictures` goes the way on a phone, in each language.

Writes static/img/guide/<language>/<name>.webp and config/help/pictures.json, their heights. Nothing on them depends on the
day or on chance, so pages that did not change give the same files. Run by pytest for its server and its browser, as the
contact sheet is; no test.
"""

import io
import json

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from accounts import captcha_picture
from config.help import guide
from tests.accounts.factories import family_of
from tests.browser.conftest import PHONE
from tests.browser.states import session_cookie
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = settings.BASE_DIR / "static" / "img" / "guide"
NUMBER = "10630008"
MARGIN = 16  # CSS pixels around what is shown
COLOURS = (16, 12, 10)  # paper, ink and what is between, the ring: as many as stay below
LARGEST = 48_000  # bytes
SEND = "main form[method=post] .button--primary"
ROW = "main form[method=post] .button-row:has(.button--primary)"
PERSON = {
    "name": "王大明", "identity_number": "A123456789", "mobile": "0912345678", "email": "daming@example.com",
    "email_again": "daming@example.com",
}  # fmt: skip

# What a finger is to touch, in its order. A sheet made by script is no inline style, so our policy lets it.
RINGS = """(selectors) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    *, ::before, ::after { caret-color: transparent !important; animation: none !important; transition: none !important; }
    .ring { border: 3px solid #d08a00; border-radius: 6px; pointer-events: none; position: absolute; z-index: 9; }
    .ring > b { background: #d08a00; border-radius: 50%; block-size: 26px; color: #fffdf8; font: 600 16px/26px sans-serif;
      inline-size: 26px; inset: -14px -8px auto auto; position: absolute; text-align: center; }`);
  document.adoptedStyleSheets = [sheet];
  document.activeElement?.blur();
  document.querySelectorAll(".ring").forEach((one) => one.remove());
  selectors.forEach((selector, at) => {
    const box = document.querySelector(selector).getBoundingClientRect();
    const ring = document.body.appendChild(document.createElement("div"));
    ring.className = "ring";
    Object.assign(ring.style, { left: `${box.left + scrollX - 7}px`, top: `${box.top + scrollY - 7}px`,
      width: `${box.width + 14}px`, height: `${box.height + 14}px`, boxSizing: "border-box" });
    if (selectors.length > 1) ring.appendChild(document.createElement("b")).textContent = at + 1;
  });
}"""
BOX = """([first, last]) => {
  const end = Array.from(document.querySelectorAll(last)).at(-1).getBoundingClientRect();
  return [document.querySelector(first).getBoundingClientRect().top + scrollY, end.bottom + scrollY];
}"""


class Camera:
    """Takes of the page that is open the part from one element to another, as a picture of the guide."""

    def __init__(self, page, language):
        self.page, self.language, self.heights = page, language, {}
        (FOLDER / language).mkdir(parents=True, exist_ok=True)

    def take(self, name, first, last, *rings):
        """`first`, `last`: selectors of what stands at its top and at its foot; `rings`: of what is to be touched."""
        self.page.evaluate(RINGS, list(rings))
        top, bottom = self.page.evaluate(BOX, [first, last])
        top, bottom = max(0, round(top) - MARGIN), round(bottom) + MARGIN
        clip = {"x": 0, "y": top, "width": guide.WIDTH, "height": bottom - top}
        shot = Image.open(io.BytesIO(self.page.screenshot(clip=clip, full_page=True))).convert("RGB")
        (FOLDER / self.language / f"{name}.webp").write_bytes(written(shot))
        self.heights[name] = bottom - top

    def next(self, button=SEND):
        self.page.click(button)
        self.page.wait_for_load_state()


def written(shot):
    """A WebP without loss, which text needs, of few colours."""
    for colours in COLOURS:
        file = io.BytesIO()
        flat = shot.quantize(colours, dither=Image.Dither.NONE).convert("RGB")
        flat.save(file, "WEBP", lossless=True, quality=100, method=4)
        if file.tell() <= LARGEST:
            break
    return file.getvalue()


@pytest.fixture
def family():
    school = SchoolFactory(
        slug="erdai",
        name="臺北市立二代高級中學",
        short_name="二代高中",
        english_name="Taipei Municipal Erdai High School",
    )
    school_class = SchoolClassFactory(school=school, name="301", homeroom__name="林淑芬")
    return family_of(
        StudentFactory(school=school, school_class=school_class, seat_number=8, student_number=NUMBER, name="王小明")
    )


@pytest.fixture
def captcha(monkeypatch):
    draw = captcha_picture.draw
    monkeypatch.setattr(captcha_picture, "draw", lambda digits, seed: draw("30586", b"guide"))


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_guide_pictures(language, family, captcha, chromium, live_server, settings):
    settings.SITE_URL = live_server.url
    context = chromium.new_context(
        viewport=PHONE, device_scale_factor=2, base_url=live_server.url, color_scheme="light"
    )
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
    context.set_default_timeout(120_000)  # the machine may have other work
    camera = Camera(context.new_page(), language)
    to_the_door(camera, family.school)
    context.add_cookies([session_cookie(family, live_server.url)])
    on_the_way(camera, family.school)
    camera.page.goto(reverse("accounts:sso-login"))
    camera.page.fill("#id_account", PERSON["email"])
    camera.page.fill("#id_password", "xxxxxx")
    camera.take("sign-in", "main h1", SEND, "#id_account", "#id_password", SEND)
    context.close()
    keep(language, camera.heights)


def to_the_door(camera, school):
    page = camera.page
    page.goto(reverse("accounts:school", args=[school.slug]))
    camera.take("school", ".masthead", "main .button-row", "main .button--primary")
    page.goto(reverse("accounts:login", args=[school.slug]))
    page.fill("#id_account", f"P{NUMBER}")
    page.fill("#id_password", "F221152230")
    page.fill("#id_captcha", "30586")
    camera.take("log-in", "main h1", SEND, "#id_account", "#id_password", "#id_captcha", SEND)


def on_the_way(camera, school):
    page = camera.page
    page.goto(reverse("binding:tasks", args=[school.slug]))
    camera.take("binding", "main .kicker", ".steps", "main .button--primary")
    page.goto(reverse("binding:confirm", args=[school.slug]))
    page.check("#id_is_correct")
    camera.take("confirm", "main .kicker", "form:has(#id_is_correct) .button-row", ".choice:has(#id_is_correct)", SEND)
    camera.next()
    page.check("#id_agrees")
    camera.take("consent", "main .sheet:has(#id_agrees) h2", "main [value=declined]", ".choice:has(#id_agrees)", SEND)
    camera.next()
    page.check("[name=kind] >> nth=0")
    camera.take("kind", "main .kicker", ROW, ".choice:has([name=kind])", SEND)
    camera.next()
    for field, value in PERSON.items():
        page.fill(f"#id_{field}", value)
    page.check("[name=relationship] >> nth=0")
    camera.take("person", "main .kicker", ROW, SEND)
    camera.next()
    camera.take("check", "main .kicker", SEND, SEND)
    camera.next()
    camera.take("send", "main .kicker", SEND, SEND)


def keep(language, heights):
    """Beside those of the other languages."""
    known = json.loads(guide.HEIGHTS.read_text()) if guide.HEIGHTS.exists() else {}
    known[language] = heights
    guide.HEIGHTS.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
