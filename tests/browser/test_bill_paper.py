"""Codes on a phone, printing and settings at the cashier's desk, in a browser: scanned from the screen."""

import io

import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from billing.bills import codes
from tests.accounts.factories import log_in, registrar_of, sso_parent, teacher_of
from tests.billing.money import batch_of, cashier_of
from tests.billing.paper.printed import coded_bill, finished_bill_slips
from tests.binding.factories import approved_application
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import person, student_of
from tests.registry.factories import make_identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def student(school_class):
    return student_of(school_class, 8)


@pytest.fixture
def enter(walker, live_server):
    def start(user, viewport=PHONE, **options):
        walking = walker(viewport, **options)
        session = log_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        walking.page.context.add_cookies([cookie])
        return walking

    return start


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_scanner_reads_the_screen(enter, student, scheme, viewport):
    parent = sso_parent(by=registrar_of(student.school), email="person901@example.com", number=make_identity(901))
    approved_application(teacher_of(student.school_class), student, people=person(901))
    bill = coded_bill(student, title="學雜費")
    walking = enter(parent, viewport, color_scheme=scheme, device_scale_factor=2)

    walking.open(reverse("billing:bill-codes", args=[bill.pk])).reads("三段條碼").reads("7006")

    page = walking.page
    read = [
        [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(place.screenshot())))]
        for place in page.locator(".barcode").all()
    ]
    assert read == [[one] for one in codes.store_codes(bill)]
    page.locator(".account-number").click()
    assert page.evaluate("getSelection().toString()").strip() == bill.virtual_account


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_cashier_prints_and_sets_who_collects(enter, student, viewport):
    school = student.school
    walking = enter(cashier_of(school), viewport, color_scheme="dark" if viewport == DESK else "light")
    settings_page = reverse("billing:cashier-settings", args=[school.slug])

    walking.open(settings_page).reads("還沒有代收設定")
    walking.fill("超商代收代號", "627")
    walking.page.get_by_label("銀行虛擬帳號").select_option("bot")
    walking.press("先看範例")
    walking.reads("選了銀行虛擬帳號，這一欄也要填")
    walking.fill("銀行與分行", "臺灣銀行公館分行").fill("銀行收款編號", "700602")
    walking.press("先看範例").reads("還沒有儲存").press("儲存").reads("已儲存")

    batch = batch_of(school, title="學雜費")
    bill = coded_bill(student, batch=batch, title="學雜費")
    walking.fill("超商代收代號", "628").press("儲存").reads("以前的設定")
    made = finished_bill_slips(batch, by=cashier_of(school))
    walking.open(reverse("billing:cashier-slips", args=[school.slug])).reads("一班或全校")
    walking.open(reverse("billing:cashier-slip-batch", args=[school.slug, made.pk])).reads("下載（ZIP")
    walking.open(reverse("billing:cashier-slips", args=[school.slug]) + f"?code={bill.write_off_number}")
    walking.reads("繳費單（PDF）")
