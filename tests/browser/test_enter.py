"""Enter pressed in every field of every form in Chromium; what the browser would have posted is looked at."""

import json
import mimetypes
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings

from tests.browser.conftest import DESK
from tests.support.html_forms import forms_of
from tests.support.pages import is_page, opened_pages, pressed_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HOST = "http://product.example"
SAMPLES = {"gallery", "gallery-mail"}  # forms that nobody sends

# The fields to press Enter in, one of each name in a form, and what of the form's buttons may and may not be posted.
FIELDS = """() => {
  document.querySelectorAll("details").forEach((one) => (one.open = true));
  const digits = (text) => text.replace(/\\d+/g, "#");
  const found = [], seen = new Set();
  document.querySelectorAll("input, select").forEach((field, index) => {
    const form = field.form;
    if (!form || form.closest("dialog")) return;
    if (form.matches("[data-scan]")) return;  // its script posts each entry; test_teacher_desk.py presses Enter there
    if (["hidden", "file", "submit", "image", "button", "reset"].includes(field.type)) return;
    if (field.disabled || !field.checkVisibility()) return;
    const key = [form.action, digits(field.name), field.type, Array.from(document.forms).indexOf(form)].join("|");
    if (seen.has(key)) return;
    seen.add(key);
    const submits = Array.from(form.elements).filter((one) => ["submit", "image"].includes(one.type));
    const eyes = submits.filter((one) => one.getAttribute("aria-hidden") !== "true");
    const main = eyes.find((one) => one.matches(".button--primary, .button--danger, .default, [data-enter]"));
    field.dataset.sweep = index;
    form.noValidate = true;
    found.push({
      index, name: field.name, type: field.type, action: form.action,
      nothing: submits.some((one) => "noEnter" in one.dataset),
      main: main || eyes.length !== 1 ? main && [main.name, main.value] : [eyes[0].name, eyes[0].value],
      others: eyes.filter((one) => one !== main && one.name).map((one) => [one.name, one.value]),
    });
  });
  return found;
}"""


class Sweep:
    """Shows pages that were drawn by the test client, and keeps what the browser asks for when Enter is pressed."""

    def __init__(self, page):
        self.page, self.posted, self.html = page, [], ""
        page.route("**/*", self.answer)

    def answer(self, route, request):
        place = urlsplit(request.url)
        static = settings.BASE_DIR / place.path.lstrip("/")
        if self.html and request.is_navigation_request():
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
            self.html = ""
        elif request.is_navigation_request():
            self.posted.append(request)
            route.fulfill(status=204)
        elif place.path.startswith("/static/") and static.is_file():
            route.fulfill(path=static, content_type=mimetypes.guess_type(static.name)[0])
        else:
            route.fulfill(status=404)

    def show(self, path, html):
        self.html = html
        self.page.goto(HOST + path)
        return self.page.evaluate(FIELDS)

    def press_enter(self, index):
        """[(name, value)…] of what goes out; None when nothing does."""
        self.posted.clear()
        self.page.evaluate("window.dispatchEvent(new Event('pageshow')); window.left = false")
        self.page.evaluate(
            "window.addEventListener('submit', (event) => (window.left = !event.defaultPrevented), {once: true})"
        )
        self.page.locator(f"[data-sweep='{index}']").focus()
        self.page.keyboard.press("Enter")
        if self.page.evaluate("window.left"):
            for _turn in range(100):
                if self.posted:
                    return sent_in(self.posted[0])
                self.page.wait_for_timeout(10)
        return sent_in(self.posted[0]) if self.posted else None


def sent_in(request):
    if request.method == "GET":
        return parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    body = (request.post_data_buffer or b"").decode("utf-8", "replace")
    if "multipart" in request.headers.get("content-type", ""):
        return re.findall(r'name="([^"]+)"\r\n\r\n(.*?)\r\n--', body, re.DOTALL)
    return parse_qsl(body, keep_blank_values=True)


def problem_with(field, sent):
    if field["nothing"]:
        return "" if sent is None else f"posted {sent}"
    if sent is None and field["type"].startswith("select"):
        return ""  # there Enter opens the list
    if field["main"] is None:
        return "the form has no main button"
    if sent is None:
        return "nothing was posted"
    name, value = field["main"]
    if name and (name, value) not in sent:
        return f"the main button {name}={value} was not posted, but {sent}"
    wrong = [one for one in field["others"] if one != field["main"] and tuple(one) in sent]
    return f"another button was posted: {wrong}" if wrong else ""


def shape_of(html):
    """What two pages have alike whose forms ask the same: one of them is looked at."""
    forms = [(one.action, one.fields, [sorted(button.items()) for button in one.submits]) for one in forms_of(html)]
    return re.sub(r"[0-9a-f]{8,}|\d+", "#", json.dumps(sorted({json.dumps(form) for form in forms})))


def test_enter_in_every_field_does_what_the_main_button_does(world, chromium):
    context = chromium.new_context(viewport=DESK, locale="zh-TW")
    sweep = Sweep(context.new_page())
    seen, pressed, wrong = set(), 0, []
    for role, name, response in [*opened_pages(world), *pressed_pages(world)]:
        html = response.content.decode() if is_page(response) and name not in SAMPLES else ""
        if not any(form.fields for form in forms_of(html)) or shape_of(html) in seen:
            continue
        seen.add(shape_of(html))
        for field in sweep.show(response.request["PATH_INFO"], html):
            pressed += 1
            if problem := problem_with(field, sweep.press_enter(field["index"])):
                wrong.append((role, name, field["type"], field["name"], problem))
    context.close()

    assert wrong == [], wrong
    assert pressed > 150
