"""Paying in a browser: by card, by a printed store code that a file settles, and both ways for one bill."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from billing.bills.codes import store_codes
from billing.bills.models import Bill
from billing.collection import balance
from billing.payments.models import Payment, Refund
from billing.payments.sandbox import delivery
from tests.accounts.factories import registrar_of, sso_parent, teacher_of
from tests.billing.collection.collection_files import store_file
from tests.billing.money import cashier_of
from tests.billing.paper.printed import coded_bill, scanned
from tests.binding.factories import approved_application
from tests.browser.conftest import DESK
from tests.browser.people import person, student_of
from tests.registry.factories import make_identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def parent(school):
    return sso_parent(by=registrar_of(school), email="person901@example.com", number=make_identity(901))


@pytest.fixture
def bills(school_class, parent):
    student = student_of(school_class, 7)
    approved_application(teacher_of(school_class), student, people=person(901))
    titles = ["學雜費", "代收代辦費", "課後照顧費"]
    return [
        coded_bill(student, items=[("學費", 4000 + n), ("補助", -100)], serial=n, title=title)
        for n, title in enumerate(titles, start=1)
    ]


@pytest.fixture
def enter(enter_at_any_size):
    return enter_at_any_size


def go_to_pay(walking, bill, way):
    """From the list: one press, the way to pay, and the gateway's page."""
    walking.open(reverse("billing:home"))
    walking.page.locator(f'a.button[href="{reverse("billing:pay")}?bill={bill.pk}"]').click()
    return walking.look().tick(way).press("前往付款")


def read_slip(walking, bill):
    """(write-off number, amount) as a store's scanner takes them from the slip that the parent prints."""
    slip = walking.page.request.get(reverse("billing:bill-slip", args=[bill.pk])).body()
    bars = [text for kind, text in scanned(slip) if kind == "Code39"]
    assert bars == list(store_codes(bill))
    return bars[1], int(bars[2][6:])


def send_file(walking, school, tmp_path, *lines):
    path = tmp_path / f"{lines[0][0]}.txt"
    path.write_bytes(store_file(lines))
    walking.open(reverse("billing:cashier-collections", args=[school.slug]))
    walking.tick("超商代收檔（三段條碼，固定長度）")
    walking.page.get_by_label("代收檔", exact=True).set_input_files(path)
    walking.press("上傳並核對").reads("還沒有入帳")
    return walking.press("入帳並銷帳").reads("檔案共 1 筆")


def at_the_counter(walking, school, bill, receipt):
    walking.open(reverse("billing:cashier-cash", args=[school.slug]))
    walking.fill("學號、姓名、班級或銷帳編號", bill.student.name).press("查詢").reads(bill.title)
    walking.page.get_by_role("row", name=bill.title).get_by_role("link").click()
    walking.look().fill("收據號碼", receipt).press("收 14,520 元並銷帳").reads("櫃檯收款").reads("收據（PDF）")


def test_by_card_by_file_and_both_ways(enter, school, bills, parent, tmp_path):
    by_card, by_store, both = bills
    phone = enter(parent)
    desk = enter(cashier_of(school), viewport=DESK)

    # Sandbox card: the callback comes from the worker, over HTTP.
    go_to_pay(phone, by_card, "信用卡").reads("測試付款").press("確定").reads("已付款")
    phone.follow("回繳費頁").reads("還在確認")
    assert delivery.deliver_due() == 1
    phone.page.get_by_text("付款完成").first.wait_for()  # the page looked again by itself
    phone.reads("付款完成")

    # The printed slip, paid at a store: its file settles the bill.
    send_file(desk, school, tmp_path, read_slip(phone, by_store)).reads("已銷帳")
    phone.open(reverse("billing:home")).reads("已繳清")

    # The same bill both ways: a store code is live, which warns; the paper slip is paid meanwhile, then the code.
    go_to_pay(phone, both, "超商代碼繳費（ibon、FamiPort…）").reads("測試付款").press("確定").reads("已取號")
    assert delivery.deliver_due() == 1
    at_the_store = phone.page.url
    phone.follow("回繳費頁").reads("用這組代碼繳費")
    phone.open(reverse("billing:pay") + f"?bill={both.pk}").reads("可能已經付過了").follow("取消")
    send_file(desk, school, tmp_path, read_slip(phone, both)).reads("已銷帳")
    phone.open(urlsplit(at_the_store).path).press("用這個代碼付款").reads("已付款")
    assert delivery.deliver_due() == 1

    payment = Payment.objects.latest("pk")
    phone.open(reverse("billing:payment", args=[payment.reference])).reads("學校會退還")
    desk.open(reverse("billing:cashier-money", args=[school.slug])).reads("待退款")
    desk.open(reverse("billing:cashier-refunds", args=[school.slug])).reads(both.title)
    desk.page.get_by_role("link", name="尹書妍").click()
    desk.look().tick("轉帳到家長帳戶").fill("退款紀錄", "匯款 1151123-01").press("登記已退款").reads("已登記退款")

    assert Bill.objects.filter(state=Bill.State.PAID).count() == 3
    assert Refund.objects.get().state == Refund.State.REFUNDED
    assert balance.differences() == []
    for name in ("money", "work", "cash", "day"):
        desk.open(reverse(f"billing:cashier-{name}", args=[school.slug]))
    at_the_counter(desk, school, coded_bill(by_card.student, serial=77, title="社團費"), "A1")
    at_the_counter(enter(cashier_of(school)), school, coded_bill(by_card.student, serial=78, title="校外教學"), "A2")
    phone.open(reverse("billing:payments"))


def test_an_old_log_in_is_asked_for_the_password(enter, bills, parent, settings):
    settings.PAYMENT_PASSWORD_MINUTES = 0
    walking = enter(parent)

    walking.open(reverse("billing:pay") + f"?bill={bills[0].pk}").reads("付款前再確認一次密碼")
    walking.fill("您的密碼", "wrong").press("確認").reads("不正確")
