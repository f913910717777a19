"""The cashier makes bills: from a table with a mistake to slips on paper, a correction and the end of the batch."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.bills.models import Bill, BillBatch
from core.formats import roc_short
from tests.accounts.factories import log_in
from tests.billing.money import agent_of, cashier_of
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import student_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def students(school_class):
    return [student_of(school_class, seat, student_number=f"106300{seat:02}") for seat in (1, 2, 3)]


@pytest.fixture
def enter(walker, live_server, school_class):
    def start(viewport):
        walking = walker(viewport)
        user = cashier_of(school_class.school)
        session = log_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        walking.page.context.add_cookies([cookie])
        return walking

    return start


def upload(walking, *lines):
    file = {"name": "收費表.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    walking.page.get_by_label("收費表", exact=True).set_input_files(file)
    return walking.press("上傳並檢查")


def issue(walking, count):
    walking.follow(f"檢查並發出 {count} 張").reads("金額最高的三張")
    return walking.tick("我已經看過上面的張數、金額和差異").press(f"發出 {count} 張")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_from_a_table_to_the_end(enter, school_class, students, settings, viewport):
    school = school_class.school
    agent_of(school)
    walking = enter(viewport)
    due = roc_short(timezone.localdate() + timedelta(days=20))

    walking.open(reverse("billing:cashier-batches", args=[school.slug])).follow("上傳收費表")
    walking.fill("名稱", "學雜費").fill("繳費期限", due)
    upload(walking, "學號,學費,減免", "10630001,6240,", "10630002,6240,-6240", "10630009,5,")
    walking.reads("有 1 個地方要修正").reads("本校沒有這個學生")
    upload(walking, "學號,學費,減免", "10630001,6240,", "10630002,6240,-6240")
    walking.reads("讀到 2 位學生").tick("我確認過每一欄的用途").press("建立草稿")
    walking.reads("家長還看不到").reads("1 張減免後是 0 元")
    issue(walking, 2).press("整批收回").reads("整批已收回成為草稿")
    settings.BILL_MAIL_WAIT_MINUTES = 0
    issue(walking, 2).reads("下載列出的資料（Excel）")
    paid, owed = Bill.objects.order_by("amount")
    assert (paid.state, owed.state) == ("paid", "issued")

    walking.open(reverse("billing:cashier-bill", args=[school.slug, owed.pk])).follow("更正後重發")
    walking.fill("項目 1 的金額", "6,000").fill("原因", "補助核定")
    walking.press("作廢原來的，發出新的").reads("已作廢原來的繳費單")
    walking.follow("作廢").fill("原因", "重複開單").press("作廢").reads("重複開單")

    walking.open(reverse("billing:cashier-batches", args=[school.slug])).follow("依班級製作")
    walking.fill("名稱", "社團費").fill("繳費期限", due).tick("301")
    walking.fill("項目 1", "社團費").fill("項目 1 的金額", "600").press("建立草稿")
    issue(walking, 3).follow("結束收款").fill("原因", "社團停開").press("結束收款").reads("社團停開")
    assert BillBatch.objects.latest("pk").bills.filter(state="void").count() == 3
