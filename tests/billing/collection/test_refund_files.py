"""Refunds that go to the bank in one file: the account, the file, the bank's answer."""

import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from python_calamine import load_workbook

from audit.models import Event
from billing.bills.models import Bill
from billing.collection import balance, refund_files, refund_layouts, refunding
from billing.payments.models import Refund, RefundFile, RefundLine
from notifications.models import Message
from tests.accounts.factories import log_in
from tests.billing.money import cashier_of, issued_bill, refund_file_of, refund_of
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db
ACCOUNT = "00112345678901"


@pytest.fixture
def second(bill):
    return issued_bill(bill.student, title="冷氣費", amount=700)


@pytest.fixture
def due(bill, second, cashier):
    """Two refunds that are due, with their accounts."""
    return [refund_of(bill, cashier), refund_of(second, cashier, account="12345678")]


@pytest.fixture
def file(due, cashier):
    return refund_file_of(*due, by=cashier)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def page_of(response):
    return response.content.decode()


class TestPayee:
    @pytest.fixture
    def unknown(self, bill, cashier):
        return refund_of(bill, cashier, account="")

    def test_is_read_as_it_stands_in_a_passbook_and_shown_by_its_end(self, press, desk, unknown):
        page = page_of(
            press("cashier-refund-payee", unknown.pk, bank="７００", account="0001234-0567890", holder=" 王 大明 ")
        )

        assert "已記下退款帳戶" in page
        assert fresh(unknown).payee.account == "00012340567890"
        assert (fresh(unknown).payee.bank, fresh(unknown).payee.branch) == ("700", "")
        assert "7890" in page_of(desk("cashier-refunds"))
        for one in (
            desk("cashier-refunds"),
            desk("cashier-refund", unknown.pk),
            desk("cashier-refund-payee", unknown.pk),
        ):
            assert "00012340567890" not in page_of(one)
        assert "00012340567890" not in fresh(unknown).payee_cipher
        event = Event.objects.filter(event="refund.payee_kept").get()
        assert "7890" not in str(event.data)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"bank": "82"}, "要有 3 碼，您填了 2 碼"),
            ({"bank": "abc"}, "請只填數字"),
            ({"branch": "12"}, "要有 4 碼，您填了 2 碼"),
            ({"account": "12345"}, "要有 6 到 16 碼，您填了 5 碼"),
            ({"account": "1" * 17}, "要有 6 到 16 碼，您填了 17 碼"),
            ({"account": "0000000000"}, "帳號不會都是 0"),
            ({"bank": "700", "account": "1234567"}, "共 14 碼，您填了 7 碼"),
            ({"holder": ""}, 'id="id_holder_error"'),
            ({"account": "A123456789"}, "請只填數字"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, press, unknown, typed, words):
        data = {"bank": "822", "branch": "", "account": "123456789", "holder": "李小華", **typed}

        page = page_of(press("cashier-refund-payee", unknown.pk, **data))

        assert words in page
        assert fresh(unknown).payee is None

    def test_is_forgotten_when_the_money_went_or_need_not_go(self, bill, second, cashier):
        went, kept = refund_of(bill, cashier), refund_of(second, cashier)

        refunding.refund(refund=went, way="cash", note="1", by=cashier)
        refunding.take_back(refund=kept, reason="列錯", by=cashier)

        assert [one.payee_cipher for one in Refund.objects.all()] == ["", ""]


class TestList:
    def test_is_searched_by_whose_and_by_number(self, press, due, bill):
        for text in (bill.whose_number, bill.student.name, fresh(bill).write_off_number):
            assert bill.title in page_of(press("cashier-refunds", listing="refunds", q=text))
        assert bill.title not in page_of(press("cashier-refunds", listing="refunds", q="無此人"))


class TestMaking:
    def test_ticked_refunds_are_one_file_however_often_it_is_pressed(self, press, due, cashier):
        data = {"refunds": [one.pk for one in due], "key": "k"}

        page = page_of(press("cashier-refund-file-make", **data))
        press("cashier-refund-file-make", **data)

        made = RefundFile.objects.get()
        assert f"匯款檔第 {made.pk} 號" in page
        assert "共 2 筆 4,600 元" in page
        assert [one.state for one in Refund.objects.all()] == [Refund.State.SENT] * 2
        assert [fresh(one.bill).state for one in due] == [Bill.State.REFUND_DUE] * 2
        assert balance.differences() == []
        assert not Message.objects.filter(kind="payment-refunded").exists()

    def test_names_whose_account_is_missing_and_makes_nothing(self, press, bill, cashier):
        unknown = refund_of(bill, cashier, account="")

        page = page_of(press("cashier-refund-file-make", refunds=[unknown.pk], key="k"))

        assert f"還沒有填退款帳戶的有 {bill.whose}" in page
        assert not RefundFile.objects.exists()
        assert fresh(unknown).state == Refund.State.REFUND_DUE

    def test_wants_refunds_that_are_due_here(self, press, due, cashier):
        elsewhere = issued_bill(StudentFactory(school_class=SchoolClassFactory(school__slug="elsewhere")))
        foreign = refund_of(elsewhere, cashier_of(elsewhere.school))
        refunding.refund(refund=due[0], way="cash", note="1", by=cashier)

        for keys in ([], [due[0].pk], [foreign.pk, due[1].pk], ["x"], ["9" * 40]):
            assert "沒有製作匯款檔" in page_of(press("cashier-refund-file-make", refunds=keys, key="k"))

        assert not RefundFile.objects.exists()

    def test_what_is_in_it_is_not_refunded_beside_it(self, press, file, due, cashier):
        for action in (
            lambda: refunding.take_back(refund=due[0], reason="x", by=cashier),
            lambda: refunding.keep_payee(refund=due[0], payee=due[1].payee, by=cashier),
        ):
            with pytest.raises(refunding.NotDue):
                action()
        page = page_of(press("cashier-refund", due[0].pk, way="cash", note="1"))

        assert "已列入匯款檔" in page
        assert fresh(due[0]).state == Refund.State.SENT

    def test_the_database_keeps_sent_and_file_together(self, file, due):
        for change in ({"sent_in": None}, {"payee_cipher": ""}, {"state": "refund_due"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Refund.objects.filter(pk=due[0].pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            RefundLine.objects.create(file=file, number=9, refund=due[0], amount=1, to="x")


class TestTaking:
    def test_has_whole_accounts_as_text_and_is_an_event(self, desk, file):
        response = desk("cashier-refund-file-take", file.pk, "xlsx")

        rows = load_workbook(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
        assert rows[0][:6] == ["序號", "銀行代碼", "分行代碼", "帳號", "戶名", "金額"]
        assert rows[1][1:6] == ["822", "", ACCOUNT, "王大明", "3900"]
        assert "no-store" in response["Cache-Control"]
        assert Event.objects.get(event="refund_file.taken").data == {"layout": "xlsx"}

    def test_is_text_in_either_encoding(self, desk, file):
        for key, encoding in (("csv", "utf-8-sig"), ("big5", "cp950")):
            text = desk("cashier-refund-file-take", file.pk, key).content.decode(encoding)
            assert f"822,,{ACCOUNT},王大明,3900," in text

    def test_says_which_lines_big5_cannot_write(self, file, due, desk, cashier, press):
        refund_files.give_up(file=file, by=cashier)
        press("cashier-refund-payee", due[0].pk, bank="822", account=ACCOUNT, holder="尹𤫊妍")
        again = refund_file_of(*due, by=cashier)

        response = desk("cashier-refund-file-take", again.pk, "big5")

        assert response.status_code == 302
        assert "寫不出第 1 筆" in page_of(desk("cashier-refund-file", again.pk))
        assert desk("cashier-refund-file-take", again.pk, "csv").status_code == 200

    def test_leaves_out_what_came_back_and_is_gone_afterwards(self, desk, file, cashier):
        refund_files.take_returned(file=file, numbers=[1], reason="帳號錯誤", by=cashier)
        assert ACCOUNT not in desk("cashier-refund-file-take", file.pk, "csv").content.decode()

        refund_files.confirm(file=file, by=cashier)

        assert desk("cashier-refund-file-take", file.pk, "csv").status_code == 404
        assert desk("cashier-refund-file-take", file.pk, "nothing").status_code == 404

    def test_a_text_that_looks_like_a_formula_stays_text(self, file, due):
        Bill.objects.filter(pk=due[0].bill_id).update(title="=1+1")

        text = refund_layouts.written(file, refund_layouts.LAYOUTS["csv"]).decode("utf-8-sig")

        assert ",=1+1" not in text


class TestAnswer:
    def test_all_paid_is_booked_and_told_once(self, press, desk, file, due):
        assert "共 4,600 元" in page_of(desk("cashier-refund-file-paid", file.pk))

        page = page_of(press("cashier-refund-file-paid", file.pk))
        again = page_of(press("cashier-refund-file-paid", file.pk))

        assert "已登記 2 筆退款完成" in page
        assert "已經登記過結果" in again
        assert fresh(file).state == RefundFile.State.DONE
        assert [(one.state, one.way, one.payee_cipher) for one in Refund.objects.all()] == [
            (Refund.State.REFUNDED, Refund.Way.TRANSFER, "")
        ] * 2
        assert [fresh(one.bill).state for one in due] == [Bill.State.REFUNDED] * 2
        assert balance.differences() == []
        assert Message.objects.filter(kind="payment-refunded").count() == 2

    def test_what_came_back_is_due_again_with_the_reason(self, press, desk, file, due, cashier):
        page = page_of(press("cashier-refund-file-returned", file.pk, numbers=[2], reason="戶名不符"))

        assert "已登記 1 筆銀行退回" in page
        assert "戶名不符" in page
        back = fresh(due[1])
        assert (back.state, back.payee, back.sent_in) == (Refund.State.REFUND_DUE, None, None)
        assert fresh(file).state == RefundFile.State.OPEN
        press("cashier-refund-file-paid", file.pk)
        assert fresh(due[1]).state == Refund.State.REFUND_DUE
        assert fresh(due[0]).state == Refund.State.REFUNDED
        press("cashier-refund-payee", back.pk, bank="822", account="87654321", holder="王大明")
        assert refund_file_of(back, by=cashier).total == 700
        assert balance.differences() == []

    def test_a_file_all_of_which_came_back_is_done(self, file, due, cashier):
        refund_files.take_returned(file=file, numbers=[1, 2], reason="整批退件", by=cashier)

        assert fresh(file).state == RefundFile.State.DONE

    def test_asks_which_and_why(self, press, file):
        assert "請勾選銀行退回的款項" in page_of(press("cashier-refund-file-returned", file.pk, reason="x"))
        assert "請寫下" in page_of(press("cashier-refund-file-returned", file.pk, numbers=[1]))
        assert RefundLine.objects.filter(state="waiting").count() == 2

    def test_given_up_all_is_due_as_before(self, press, desk, file, due):
        page = page_of(press("cashier-refund-file-give-up", file.pk))

        assert "已取消這個匯款檔" in page
        assert [(one.state, bool(one.payee_cipher)) for one in Refund.objects.all()] == [("refund_due", True)] * 2
        assert fresh(file).state == RefundFile.State.GIVEN_UP
        assert balance.differences() == []

    def test_is_not_given_up_once_the_bank_answered(self, press, desk, file, cashier):
        refund_files.take_returned(file=file, numbers=[1], reason="x", by=cashier)

        assert "取消匯款檔" not in page_of(desk("cashier-refund-file", file.pk))
        assert "已經登記過結果" in page_of(press("cashier-refund-file-give-up", file.pk))
        assert fresh(file).state == RefundFile.State.OPEN


def test_another_school_has_no_part_in_it(client, file):
    stranger = cashier_of(SchoolClassFactory(school__slug="elsewhere").school)
    log_in(client, stranger)

    for name, *more in (
        ("file",), ("file-take", "xlsx"), ("file-paid",), ("file-returned",), ("file-give-up",),
    ):  # fmt: skip
        address = reverse(f"billing:cashier-refund-{name}", args=[stranger.school.slug, file.pk, *more])
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert fresh(file).state == RefundFile.State.OPEN
