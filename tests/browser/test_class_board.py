"""The board of a class on a phone and on a wide screen: its first row, its seats, and what a screen reader says once."""

import pytest
from django.urls import reverse

from registry.paper_forms.codes import code_for
from tests.accounts.factories import teacher_of
from tests.binding.factories import sent_application
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import person, student_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACES = """() => {
  const place = (one) => one.getBoundingClientRect();
  const rows = [...document.querySelectorAll(".board tbody tr")];
  const [agree, decline] = rows[1].querySelectorAll("td:nth-child(5) > *");
  return {
    first: place(rows[0]).top, height: place(rows[1]).height, side: place(agree).top === place(decline).top,
    jump: document.querySelector(".seat-jump").checkVisibility(),
  };
}"""
# Every text that a live region came to hold after the pile was begun; regions that were put in anew are not heard for sure.
LISTEN = """() => {
  window.heard = [];
  const regions = document.querySelectorAll("[role=status], [role=alert], [aria-live]");
  regions.forEach((one) => new MutationObserver(() => window.heard.push(one.innerText.trim())).observe(
    one, { childList: true, subtree: true, characterData: true }));
}"""


@pytest.fixture
def full_class(school_class):
    for seat in range(1, 36):
        student = student_of(school_class, seat)
        if seat < 20:
            sent_application(student, people=person(300 + seat))
    return school_class


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_first_row_stands_above_the_middle(enter_at_any_size, full_class, size):
    walking = enter_at_any_size(teacher_of(full_class), viewport=size)
    walking.open(reverse("review:class", args=[full_class.school.slug, full_class.pk]))

    places = walking.page.evaluate(PLACES)

    assert places["first"] <= size["height"] / 2
    assert places["side"]
    assert places["height"] <= 80
    assert places["jump"] == (size == PHONE)


def test_a_seat_is_jumped_to(enter_at_any_size, full_class):
    walking = enter_at_any_size(teacher_of(full_class), viewport=PHONE)
    walking.open(reverse("review:class", args=[full_class.school.slug, full_class.pk]))

    walking.page.locator(".seat-jump").get_by_role("link", name="25", exact=True).click()

    assert 0 < walking.page.locator("#seat-25").bounding_box()["y"] < 120


def test_a_scan_is_read_out_once(enter_at_any_size, full_class):
    walking = enter_at_any_size(teacher_of(full_class))
    page = walking.page
    page.goto(reverse("review:class", args=[full_class.school.slug, full_class.pk]))
    page.get_by_text("用條碼機或座號登記申請書").click()
    page.evaluate(LISTEN)

    for seat in (1, 2):
        page.get_by_label("回收碼或座號").focus()
        page.keyboard.type(code_for(full_class.students.get(seat_number=seat)))
        page.keyboard.press("Enter")
        page.get_by_text(f"301 班 {seat} 號").wait_for()
    page.wait_for_timeout(200)

    heard = [one for one in page.evaluate("window.heard") if "301 班" in one]
    assert len(heard) == 2
    assert all(f"{seat} 號" in words for seat, words in zip((1, 2), heard, strict=True))
