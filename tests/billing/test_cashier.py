"""The cashier's desk: money that came, the work list, refunds, the counter, the end of the day."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from billing import ledger
from billing.actions.counter import refund, take_cash
from billing.actions.resolving import withdraw_refund
from billing.actions.settling import take_notice
from billing.models import Bill, CollectionFile, LedgerEntry, Refund, Settlement
from registry.roles import Role
from tests.accounts.factories import city_admin, log_in, staff
from tests.billing.collection_files import store_file
from tests.billing.money import agent_of, begun, cashier_of, issued_bill, notice_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(bill, parent, cashier):
    """The bill was paid in cash while an online payment was on its way."""
    payment = begun([bill], parent)
    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
    (settlement,) = take_notice(notice_of(payment))
    return settlement


def test_what_was_paid_twice_waits_in_the_queue_of_refunds(desk, press, twice):
    assert "重複" in desk("cashier-money").content.decode()
    due = Refund.objects.get()
    assert "尹書妍" in desk("cashier-refunds").content.decode()

    page = press("cashier-refund", due.pk, way="transfer", note="匯款 1")

    assert "已登記退款" in page.content.decode()
    assert "尹書妍" not in desk("cashier-refunds").content.decode()
    assert "尹書妍" in desk("cashier-refunds", state="done").content.decode()


def test_money_that_never_came_is_not_refunded(press, desk, twice):
    due = Refund.objects.get()
    assert "帳上其實沒有這筆錢" in desk("cashier-refund", due.pk).content.decode()
    assert "請寫下" in press("cashier-refund-withdraw", due.pk, reason="").content.decode()

    for _double_click in range(2):
        page = press("cashier-refund-withdraw", due.pk, reason="對帳單沒有這一筆")

    assert "這筆退款已經處理" in page.content.decode()
    assert Refund.objects.get().state == Refund.State.WITHDRAWN
    assert "不必退款" in desk("cashier-refunds", state="done").content.decode()


def test_a_refund_wants_a_way_and_a_note_without_numbers(press, twice):
    due = Refund.objects.get()

    assert "請選擇退款方式" in press("cashier-refund", due.pk, note="x").content.decode()
    page = press("cashier-refund", due.pk, way="cash", note="A123456789")
    assert "身分證" in page.content.decode()
    assert Refund.objects.get().state == Refund.State.REFUND_DUE


def test_stray_money_is_resolved_with_a_reason(desk, press, bill, parent):
    (stray,) = take_notice(notice_of(begun([bill], parent), amount=1))
    assert "金額和繳費單不同" in desk("cashier-work").content.decode()

    assert "請寫下" in press("cashier-resolve", stray.pk, what="refund").content.decode()
    wrong = press("cashier-resolve", stray.pk, what="bill", code=bill.write_off_number, reason="x")
    assert "金額不同" in wrong.content.decode()
    press("cashier-resolve", stray.pk, what="refund", reason="家長輸入錯誤")

    assert Refund.objects.get().why == "家長輸入錯誤"
    again = press("cashier-resolve", stray.pk, what="refund", reason="x")
    assert "已經有人處理" in again.content.decode()


def test_cash_at_the_counter(press, bill):
    typed = {"code": bill.write_off_number, "amount": bill.amount, "account": "cash", "receipt": "A1"}

    assert "不能收這筆" in press("cashier-cash", **{**typed, "amount": 1}).content.decode()
    assert "沒有這個銷帳編號" in press("cashier-cash", **{**typed, "code": "1"}).content.decode()
    assert "已收款銷帳" in press("cashier-cash", **typed).content.decode()
    assert Bill.objects.get().state == Bill.State.PAID


def test_a_collection_file_is_taken_once(press, desk, bill):
    agent_of(bill.school)
    data = store_file([(bill.write_off_number, bill.amount), ("404", 7)])

    def upload():
        file = SimpleUploadedFile("超商.txt", data)
        return press("cashier-collections", profile="store", file=file).content.decode()

    assert "檔案共 2 筆" in upload()
    assert "已經匯入過" in upload()
    assert Settlement.objects.count() == 2
    assert (
        "找不到"
        in desk("cashier-collection", CollectionFile.objects.get().pk, state="unknown").content.decode()
    )


def test_a_file_that_is_not_one_is_refused_beside_the_field(press, school):
    file = SimpleUploadedFile("x.txt", b"hello")
    page = press("cashier-collections", profile="store", file=file).content.decode()

    assert "第 1 行" in page
    assert not Settlement.objects.exists()


def test_the_days_end_equals_the_ledger(desk, cashier, school, twice):
    page = desk("cashier-day")
    report = page.context["report"]
    assert report.came == 2 * twice.amount
    assert sum(one.after for one in report.balances) == 0

    client = log_in(Client(), cashier)
    for form in ("xlsx", "pdf"):
        answer = client.post(reverse("billing:cashier-day-export", args=[school.slug, form]))
        assert answer.status_code == 200
        assert answer.content[:2] == {"xlsx": b"PK", "pdf": b"%P"}[form]


@pytest.mark.parametrize("typed", ["", "x", "115/13/01", "0000-00-00", "1150101"])
def test_odd_days_are_today(desk, typed):
    assert desk("cashier-day", day=typed).status_code == 200


def test_another_schools_money_does_not_exist(desk, press):
    foreign = issued_bill()
    other = cashier_of(foreign.school)
    money = take_cash(bill=foreign, amount=foreign.amount, receipt="1", by=other)

    assert desk("cashier-resolve", money.pk).status_code == 404
    assert str(foreign.write_off_number) not in desk("cashier-settlements").content.decode()
    page = press("cashier-cash", code=foreign.write_off_number, amount=1, account="cash", receipt="1")
    assert "沒有這個銷帳編號" in page.content.decode()


def test_a_colleague_who_paid_out_otherwise_is_told_of(press, twice, school):
    due = Refund.objects.get()
    refund(refund=due, way="cash", note="收據 7", by=staff(school, Role.CASHIER, account="second", name="乙"))

    page = press("cashier-refund", due.pk, way="transfer", note="匯款 1").content.decode()

    assert "請勿再退一次" in page
    assert "收據 7" in page
    assert LedgerEntry.objects.filter(what="refunded").count() == 1


def test_money_of_an_unknown_reference_is_handed_to_its_school(bill, school, parent, desk):
    (stray,) = take_notice(notice_of(begun([bill], parent), reference="P0000000000000000000"))
    assert stray.school is None
    office = log_in(Client(), city_admin())
    address = reverse("admin:billing_settlement_change", args=[stray.pk])

    assert "必" in office.post(address, {"school": ""}).content.decode()
    assert office.post(address, {"school": school.pk}).status_code == 302
    office.post(address, {"school": school.pk})

    assert "3,900" in desk("cashier-work").content.decode()
    assert ledger.differences() == ledger.differences(school=school) == []
    assert LedgerEntry.objects.filter(what="handed_over").count() == 2


def test_a_refund_that_was_withdrawn_in_another_window_is_said(press, bill, parent, cashier):
    payment = begun([bill], parent)
    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
    take_notice(notice_of(payment))
    due = Refund.objects.get()
    withdraw_refund(refund=due, reason="對帳單沒有", by=cashier)

    page = press("cashier-refund", due.pk, way="cash", note="1")

    assert "已經處理" in page.content.decode()
    assert LedgerEntry.objects.filter(what="refunded").count() == 0


def test_constant_queries(desk, parent, bill, django_assert_max_num_queries):
    for n in range(12):
        take_notice(notice_of(begun([issued_bill(bill.student, amount=n + 1)], parent), amount=99))
    for name in (
        "cashier-money",
        "cashier-settlements",
        "cashier-work",
        "cashier-refunds",
        "cashier-collections",
    ):
        with django_assert_max_num_queries(14):
            assert desk(name).status_code == 200
    with django_assert_max_num_queries(14):
        assert desk("cashier-day").status_code == 200
