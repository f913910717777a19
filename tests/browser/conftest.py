"""A phone in the hands of a parent: Chromium at 390 px, with axe on every page it opens."""

import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error, sync_playwright

from accounts.models import Captcha
from tests.accounts.factories import log_in
from tests.registry.factories import SchoolClassFactory

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and continuous integration needs the browser journeys")
        pytest.skip("*** Chromium is not installed: the browser journeys did not run ***")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def walker(chromium, live_server, settings):
    settings.SITE_URL = live_server.url
    walkers = []

    def start(viewport=PHONE, hands=None, **options):
        context = chromium.new_context(viewport=viewport, locale="zh-TW", base_url=live_server.url, **options)
        walkers.append(context)
        return (hands or Walker)(context.new_page())

    yield start
    for context in walkers:
        context.close()


# How wide and how dark, and the page itself; tokens and keys in it are others each time.
AS_DRAWN = """() => [
  innerWidth, innerHeight, matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("print").matches,
  document.documentElement.outerHTML,
].join(" ")"""
RUNNING_NUMBERS = re.compile(r"[0-9A-Za-z_-]{32,}|\d+")


class Walker:
    """Goes through pages as a person: by what is written on them."""

    passed: set[str] = set()

    def __init__(self, page):
        self.page = page
        self.seen = []
        page.on("pageerror", lambda error: pytest.fail(f"script error on {page.url}: {error}"))

    def open(self, address):
        self.page.goto(address)
        return self.look()

    def press(self, name, *, role="button", exact=True):
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def follow(self, name, *, exact=True):
        return self.press(name, role="link", exact=exact)

    def to_tab(self, name, group=""):
        """By the menu of a phone; on a desk by the group's tab first, where the tab stands in another group."""
        menu = self.page.locator(".desk-menu summary")
        if menu.is_visible():
            menu.click()
            self.page.locator(".desk-menu").get_by_role("link", name=name, exact=True).click()
        else:
            tabs = self.page.locator(".desk-tabs")
            if group:
                tabs.get_by_role("link", name=group, exact=True).first.click()
            tabs.get_by_role("link", name=name, exact=True).last.click()
        self.page.wait_for_load_state()
        return self.look()

    def fill(self, label, value):
        self.page.get_by_label(label, exact=True).fill(value)
        return self

    def tick(self, label, *, exact=True):
        self.page.get_by_label(label, exact=exact).check()
        return self

    def solve_captcha(self):
        """Where one is asked: a browser that the account was logged in with before is not."""
        asked = self.page.locator("input[name=captcha_key]")
        if not asked.count():
            return self
        key = asked.get_attribute("value")
        return self.fill("驗證碼", Captcha.objects.get(key=key).code)

    def reads(self, words):
        assert words in self.page.inner_text("body"), f"{words!r} is not on {self.page.url}"
        return self

    def look(self):
        """Every page: no accessibility violation, nothing wider than the screen; a picture when asked for.

        The page after a click may come while the page before is still looked at: then look once more.
        """
        for _again in range(3):
            try:
                return self._look_once()
            except Error as error:
                if "navigation" not in str(error) and "navigating" not in str(error):
                    raise
                self.page.wait_for_load_state()
        return self._look_once()

    def _look_once(self):
        title = self.page.title()
        self.take_picture(title)
        self.run_axe(title)
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{title} is {width} px too wide"
        return self

    def run_axe(self, title):
        """Once for each page as it is drawn: the same words and boxes, as wide and as dark, have been looked at."""
        drawn = RUNNING_NUMBERS.sub("#", self.page.evaluate(AS_DRAWN))
        if drawn in Walker.passed:
            return
        violations = Axe().run(self.page).response["violations"]
        told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations]
        assert not told, f"{title} ({self.page.url}): {told}"
        Walker.passed.add(drawn)

    def take_picture(self, title):
        folder = os.environ.get("PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.seen.append(title)
            name = f"{self.page.viewport_size['width']}-{len(self.seen):02d}-{title.partition('｜')[0]}.png"
            self.page.screenshot(path=str(Path(folder) / name), full_page=True)


@pytest.fixture
def school_class():
    return SchoolClassFactory(school__name="臺北市立二代高級中學", name="301")


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def enter(request, walker, live_server):
    """Open the product as somebody who is logged in; dark on the desk."""

    def start(user):
        scheme = "dark" if request.param == DESK else "light"
        walking = walker(request.param, color_scheme=scheme)
        session = log_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        walking.page.context.add_cookies([cookie])
        return walking

    return start


@pytest.fixture
def enter_at_any_size(walker, live_server):
    """As `enter`; the test says how wide the screen is."""

    def start(user, **options):
        walking = walker(**options)
        session = log_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        walking.page.context.add_cookies([cookie])
        return walking

    return start
