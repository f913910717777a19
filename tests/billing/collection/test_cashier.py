"""The cashier's desk: money that came, the work list, refunds, the counter, the end of the day."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.bills.voiding import reissue
from billing.collection import balance
from billing.collection.counter import take_cash
from billing.collection.day_end import day_end, in_words
from billing.collection.models import CollectionFile
from billing.collection.refunding import refund
from billing.collection.resolving import resolve_as_no_money, withdraw_refund
from billing.ledger.models import MONEY, LedgerEntry
from billing.payments.gateway_notices import take_notice
from billing.payments.models import Payment, Refund, Settlement
from registry.roles import Role
from tests.accounts.factories import city_admin, log_in, staff
from tests.billing.collection.collection_files import store_file
from tests.billing.money import agent_of, begun, cashier_of, issued_bill, notice_of, void
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(press):
    """Words typed at the counter."""
    return lambda text: press("cashier-cash", listing="open-bills", q=text)


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
    assert "查無此筆入帳" in desk("cashier-refund", due.pk).content.decode()
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


@pytest.mark.parametrize(("method", "is_offered"), [("card", True), ("atm", False), ("store_code", False)])
def test_only_a_card_takes_its_money_back(desk, press, twice, method, is_offered):
    due = Refund.objects.get()
    Payment.objects.filter(pk=due.settlement.payment_id).update(method=method)

    assert ('value="card"' in desk("cashier-refund", due.pk).content.decode()) == is_offered
    press("cashier-refund", due.pk, way="card", note="刷退 1")
    assert (Refund.objects.get().state == Refund.State.REFUNDED) == is_offered


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


class TestCounter:
    PAID = {"account": "cash", "receipt": "A1"}

    @pytest.mark.parametrize("by", ["write_off_number", "virtual_account"])
    def test_what_stands_on_the_slip_leads_to_the_bill(self, desk, search, bill, school, by):
        found = search(f" {getattr(bill, by)} ")
        assert found.redirect_chain[-1][0] == reverse("billing:cashier-cash-take", args=[school.slug, bill.pk])

        page = desk("cashier-cash-take", bill.pk).content.decode()
        assert "尹書妍" in page
        assert "收 3,900 元並銷帳" in page

    def test_a_name_or_number_lists_open_bills(self, search, bill):
        void(issued_bill(bill.student, title="作廢單"))
        for typed in ("尹書妍", bill.student.student_number):
            page = search(typed).content.decode()
            assert bill.title in page
            assert "作廢單" not in page
        assert "沒有符合的待繳繳費單" in search("沒這個人").content.decode()

    def test_an_id_number_is_not_looked_for(self, search, bill):
        page = search("A123456789").content.decode()
        assert "請不要在這裡輸入證號" in page
        assert bill.title not in page

    def test_words_stand_in_no_address(self, search, bill):
        addresses = [address for address, _status in search("尹書妍").redirect_chain]
        assert addresses
        assert not any("尹書妍" in unquote(one) for one in addresses)

    def test_the_money_is_taken_once_and_said_in_full(self, press, desk, bill):
        page = press("cashier-cash-take", bill.pk, **self.PAID).content.decode()

        assert "已收 尹書妍" in page
        assert "3,900 元（收據 A1）並銷帳。已寄信通知 1 位家長" in page
        assert reverse("billing:cashier-bill-receipt", args=[bill.school.slug, bill.pk]) in page
        press("cashier-cash-take", bill.pk, **self.PAID)
        again = press("cashier-cash-take", bill.pk, account="cash", receipt="A2").content.decode()
        assert "目前是「已繳清」" in again
        assert Settlement.objects.count() == 1

    def test_nobody_to_mail_is_said(self, press, school):
        alone = issued_bill(StudentFactory(school=school))

        assert "沒有寄信，請另行告知" in press("cashier-cash-take", alone.pk, **self.PAID).content.decode()

    def test_a_bill_that_was_replaced_leads_to_the_new_one(self, desk, bill, cashier):
        new = reissue(bill=bill, items=[("學費", 9)], due_on=bill.due_on, reason="x", by=cashier)

        page = desk("cashier-cash-take", bill.pk).content.decode()

        assert "元並銷帳" not in page
        assert reverse("billing:cashier-cash-take", args=[bill.school.slug, new.pk]) in page

    def test_a_receipt_is_asked_for_and_is_no_id_number(self, press, bill):
        for receipt in ("", "A123456789"):
            press("cashier-cash-take", bill.pk, account="cash", receipt=receipt)
        assert not Settlement.objects.exists()

    def test_a_number_of_the_receipt_book_is_used_once(self, press, desk, bill, cashier):
        other = issued_bill(bill.student, title="冷氣費")
        take_cash(bill=other, amount=other.amount, receipt="A1", by=cashier)

        for receipt in ("A1", " ａ１ "):
            page = press("cashier-cash-take", bill.pk, account="cash", receipt=receipt).content.decode()
            assert "已經登記在 尹書妍「冷氣費」。下一個號碼是 A2。" in page
        assert Settlement.objects.count() == 1
        assert 'value="A2"' in desk("cashier-cash-take", bill.pk).content.decode()

        page = press("cashier-cash-take", bill.pk, account="bank", receipt="A1").content.decode()

        assert "並銷帳" in page  # the number of a transfer is none of the book

    def test_a_receipt_that_looks_like_an_id_number_is_asked(self, press, bill):
        page = press("cashier-cash-take", bill.pk, account="cash", receipt="A123456789").content.decode()
        assert "像是身分證字號" in page
        assert not Settlement.objects.exists()

        press("cashier-cash-take", bill.pk, account="cash", receipt="A123456789", sure="A123456789")

        assert Settlement.objects.get().code == "A123456789"

    def test_constant_queries(self, search, desk, bill, cashier, django_assert_max_num_queries):
        for n in range(12):
            done = issued_bill(bill.student, amount=n + 1)
            take_cash(bill=done, amount=done.amount, receipt=f"{n}", by=cashier)
            issued_bill(bill.student)
        shown = search("尹書妍")
        assert shown.context["listing"].count == 13
        words = parse_qs(urlsplit(shown.redirect_chain[-1][0]).query)["words"][0]
        with django_assert_max_num_queries(14):
            assert desk("cashier-cash", words=words).context["listing"].count == 13


def test_a_collection_file_is_taken_once(press, desk, bill):
    agent_of(bill.school)
    data = store_file([(bill.write_off_number, bill.amount), ("404", 7)])

    def upload():
        file = SimpleUploadedFile("超商.txt", data)
        return press("cashier-collections", profile="store", file=file).content.decode()

    page = upload()
    assert "檔案共 2 筆" in page
    assert "還沒有入帳" in page
    assert not Settlement.objects.exists()
    assert "入帳前請確認" in upload()

    for _double_click in range(2):
        page = press("cashier-collection-post", CollectionFile.objects.get().pk).content.decode()

    assert "已經有人入帳" in page
    assert "已經匯入過" in upload()
    assert Settlement.objects.count() == 2
    assert "找不到" in desk("cashier-collection", CollectionFile.objects.get().pk, state="unknown").content.decode()


def test_a_file_that_is_not_one_is_refused_beside_the_field(press, school):
    file = SimpleUploadedFile("x.txt", b"hello")
    page = press("cashier-collections", profile="store", file=file).content.decode()

    assert "第 1 列" in page
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


def test_another_schools_money_does_not_exist(desk, press, search):
    foreign = issued_bill()
    other = cashier_of(foreign.school)
    money = take_cash(bill=foreign, amount=foreign.amount, receipt="1", by=other)

    assert desk("cashier-resolve", money.pk).status_code == 404
    assert str(foreign.write_off_number) not in desk("cashier-money").content.decode()
    assert "沒有符合" in search(foreign.write_off_number).content.decode()
    assert press("cashier-cash-take", foreign.pk, account="cash", receipt="1").status_code == 404


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
    assert balance.differences() == balance.differences(school=school) == []
    assert LedgerEntry.objects.filter(what="handed_over").count() == 2


def test_money_that_never_was_is_no_income_and_no_expense(desk, bill, parent, cashier):
    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
    (stray,) = take_notice(notice_of(begun([issued_bill(bill.student)], parent), amount=7))
    assert desk("cashier-day").context["report"].came == bill.amount + 7

    resolve_as_no_money(settlement=stray, reason="公司更正", by=cashier)

    report = desk("cashier-day").context["report"]
    assert (report.came, report.went, report.corrected) == (bill.amount, 0, 0)


def test_what_is_booked_back_on_a_later_day_is_said_by_itself(school, cashier, bill, parent, monkeypatch):
    today, tomorrow = timezone.localdate(), timezone.now() + timedelta(days=1)
    (stray,) = take_notice(notice_of(begun([bill], parent), amount=7))
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    resolve_as_no_money(settlement=stray, reason="公司更正", by=cashier)

    before, after = day_end(school, today), day_end(school, today + timedelta(days=1))

    assert (before.came, before.went, before.corrected) == (7, 0, 0)
    assert (after.came, after.went, after.corrected) == (0, 0, 7)
    assert sum(one.after for one in after.balances if one.account in MONEY) == 0
    assert "沖回前日誤報的款項 7 元" in in_words(after)


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
    for name in ("cashier-money", "cashier-work", "cashier-refunds", "cashier-collections"):
        with django_assert_max_num_queries(14):
            assert desk(name).status_code == 200
    with django_assert_max_num_queries(14):
        assert desk("cashier-day").status_code == 200
