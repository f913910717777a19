"""How long the way is: from the school's page to "sent", for one parent with the form's data at hand who reads nothing."""

import time
from dataclasses import dataclass, field

import pytest

from accounts.models import Captcha
from binding.models import Application
from tests.browser.conftest import PHONE
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES, TOUCHES, SECONDS = 12, 25, 60
NEW_PASSWORD = "seven blue lanterns"


@dataclass
class Hurried:
    """Counts pages looked at, and taps and fields; a field that is not asked is not filled in."""

    page: object
    pages: list = field(default_factory=list)
    touches: int = 0

    def open(self, address):
        self.page.goto(address)
        self.pages.append(self.page.title())

    def tap(self, name, role="button"):
        self.touches += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.pages.append(self.page.title())

    def follow(self, name):
        self.tap(name, role="link")

    def fill(self, **values):
        for name, value in values.items():
            if self.page.locator(f"input[name={name}]:visible").count():
                self.touches += 1
                self.page.locator(f"input[name={name}]").fill(value)

    def tick(self, label):
        box = self.page.get_by_label(label)
        if box.count() and not box.first.is_checked():
            self.touches += 1
            box.first.check()

    def solve_captcha(self):
        key = self.page.locator("input[name=captcha_key]")
        if key.count():
            self.fill(captcha=Captcha.objects.get(key=key.get_attribute("value")).code)


@pytest.fixture
def parent(chromium, live_server):
    context = chromium.new_context(viewport=PHONE, locale="zh-TW", base_url=live_server.url)
    yield Hurried(context.new_page())
    context.close()


def test_from_the_school_page_to_sent(parent, record_property):
    student = StudentFactory(school=SchoolFactory(slug="erdai"), student_number="10630008")
    begun = time.monotonic()

    apply_in_a_hurry(parent, student)

    seconds = time.monotonic() - begun
    assert Application.objects.get().is_submitted
    assert "申請已送出" in parent.page.inner_text("h1")
    record_property("pages", len(parent.pages))
    record_property("touches", parent.touches)
    record_property("seconds", round(seconds, 1))
    assert len(parent.pages) <= PAGES, parent.pages
    assert parent.touches <= TOUCHES
    assert seconds <= SECONDS


def apply_in_a_hurry(parent, student):
    parent.open("/erdai/")
    parent.follow("家長登入")
    parent.fill(account=student.portal_account, password=student.identity_number)
    parent.solve_captcha()
    parent.tap("登入")
    parent.fill(old_password=student.identity_number, new_password=NEW_PASSWORD, confirmation=NEW_PASSWORD)
    parent.tap("修改密碼")
    parent.follow("確認學生相關資訊")
    parent.tick("資訊正確")
    parent.tap("填答送出")
    parent.tick("本人同意提供")
    parent.tap("申辦帳號")
    parent.tick("雙親為監護人，一位申辦")
    parent.tap("下一步")
    parent.fill(name="王大明")
    parent.tick("父親")
    email = "bob@example.com"
    parent.fill(identity_number=make_identity(555), mobile="0912345678", email=email, email_again=email)
    parent.tap("下一步")
    parent.tap("確認送出")
    parent.tap("送出申請")
