"""What the counter wrote down wrongly is reversed and made anew; several bills at one press; the receipt book."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.bills import tasks, voiding
from billing.bills.models import Bill
from billing.collection import balance, counter, receipts, refunding
from billing.collection.day_end import day_end
from billing.collection.models import CounterPayment, Receipt
from billing.ledger.models import LedgerEntry
from billing.payments.gateway_notices import take_notice
from billing.payments.models import Refund, Settlement
from notifications.models import Message
from tests.billing.money import begun, cashier_of, issued_bill, notice_of
from tests.binding.factories import approved_application
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db


def take(*bills, code="A0007", by, **more):
    total = sum(one.amount for one in bills)
    return counter.take_money(bills=bills, amount=total, code=code, key=code, by=by, **more)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def second(bill):
    return issued_bill(bill.student, title="冷氣費", amount=700)


class TestSeveralAtOnce:
    def test_one_receipt_pays_all_and_change_is_told(self, press, desk, bill, second):
        page = desk("cashier-cash-take", bill.pk, **{"with": second.pk}).content.decode()
        assert "收 4,600 元並銷帳" in page

        data = {"account": "cash", "receipt": "A0007", "given": "5,000", "bills": [bill.pk, second.pk], "total": 4600}
        page = press("cashier-cash-take", bill.pk, key="k", **data).content.decode()

        assert "已收 2 張繳費單共 4,600 元（收據 A0007）" in page
        assert "收 5,000 元，找 400 元" in page
        assert {one.state for one in Bill.objects.all()} == {Bill.State.PAID}
        assert Receipt.objects.get().written == "A0007"
        press("cashier-cash-take", bill.pk, key="k", **data)
        assert CounterPayment.objects.get().change == 400
        assert balance.differences() == []

    def test_a_sum_that_the_page_did_not_tell_is_asked_again(self, press, bill, second):
        data = {"account": "cash", "receipt": "1", "bills": [bill.pk, second.pk], "total": 3900}

        page = press("cashier-cash-take", bill.pk, **data).content.decode()

        assert "合計改為 4,600 元" in page
        assert "收 4,600 元並銷帳" in page
        assert not Settlement.objects.exists()

    def test_a_receipt_a_bill_is_numbered_on(self, bill, second, cashier):
        payment = take(bill, second, by=cashier, one_each=True)

        assert [one.written for one in payment.receipts.order_by("number")] == ["A0007", "A0008"]
        assert set(payment.settlements.values_list("code", flat=True)) == {"A0007", "A0008"}

    def test_too_little_cash_is_refused(self, press, bill):
        page = press("cashier-cash-take", bill.pk, account="cash", receipt="1", given="3000").content.decode()
        assert "還差 900 元" in page

    def test_siblings_are_offered_and_strangers_are_not(self, desk, bill, parent, school_class):
        brother = StudentFactory(school=bill.school, school_class=school_class, name="尹書誠")
        issued_bill(StudentFactory(school=bill.school, school_class=school_class, name="別人家"))
        issued_bill(brother)
        zoe = {1: {"identity_number": make_identity(901), "email": "zoe@example.com"}}
        teacher = User.objects.get(school=bill.school, account=school_class.homeroom.account)
        approved_application(teacher, brother, people=zoe)

        page = desk("cashier-cash-take", bill.pk).content.decode()

        assert "尹書誠" in page
        assert "別人家" not in page

    def test_one_bill_that_is_paid_meanwhile_stops_all(self, bill, second, cashier):
        take(second, code="1", by=cashier)

        with pytest.raises(counter.NotOpen):
            take(bill, second, code="2", by=cashier)

        assert fresh(bill).state == Bill.State.ISSUED
        assert Receipt.objects.count() == 1


class TestReversal:
    def test_bills_are_owed_again_and_yesterday_stays(self, bill, cashier):
        payment = take(bill, by=cashier)
        yesterday = timezone.localdate() - timedelta(days=1)
        before = day_end(bill.school, yesterday)
        entries = list(LedgerEntry.objects.values_list("pk", "on", "amount"))

        counter.reverse(payment=payment, reason="按錯", by=cashier)

        assert fresh(bill).state == Bill.State.ISSUED
        assert fresh(bill).paid_on is None
        assert Settlement.objects.get().state == Settlement.State.REVERSED
        assert balance.differences() == []
        assert list(LedgerEntry.objects.values_list("pk", "on", "amount"))[: len(entries)] == entries
        assert day_end(bill.school, yesterday).balances == before.balances
        today = day_end(bill.school, timezone.localdate())
        assert (today.came, today.went, today.withdrawn_of_today) == (0, 0, bill.amount)
        assert "沖正櫃檯收款" in [str(one["what"]) for one in today.moves]

    def test_its_receipt_is_void_and_never_free_again(self, bill, cashier):
        counter.reverse(payment=take(bill, by=cashier), reason="按錯", by=cashier)

        receipt = Receipt.objects.get()
        assert (receipt.state, receipt.void_reason) == ("void", "按錯")
        with pytest.raises(receipts.ReceiptTaken):
            take(bill, by=cashier, code="a 7")

    def test_the_family_is_told_that_it_is_owed_still(self, bill, cashier):
        counter.reverse(payment=take(bill, by=cashier), reason="按錯", by=cashier)

        kinds = list(Message.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds[-2:] == ["bill-paid", "bill-reopened"]

    def test_a_second_press_changes_nothing(self, bill, cashier):
        payment = take(bill, by=cashier)
        counter.reverse(payment=payment, reason="按錯", by=cashier)

        with pytest.raises(counter.AlreadyReversed):
            counter.reverse(payment=payment, reason="按錯", by=cashier)

    def test_money_that_goes_back_already_is_not_reversed(self, press, bill, cashier):
        payment = take(bill, by=cashier)
        refunding.give_back(bill=bill, amount=100, reason="x", by=cashier)

        page = press("cashier-counter-correct", payment.pk, what="none", reason="按錯").content.decode()

        assert "請先撤銷待退款" in page
        assert fresh(payment).state == "taken"

    def test_what_came_twice_pays_it_now(self, bill, parent, cashier):
        online = begun([bill], parent)
        payment = take(bill, by=cashier)
        (twice,) = take_notice(notice_of(online))

        counter.reverse(payment=payment, reason="登記到別人的繳費單", by=cashier)

        assert fresh(bill).state == Bill.State.PAID
        assert fresh(twice).state == Settlement.State.APPLIED
        assert Refund.objects.get().state == Refund.State.WITHDRAWN
        assert balance.differences() == []
        assert Message.objects.order_by("pk").last().kind == "refund-kept"

    def test_a_bill_of_a_closed_batch_is_void_after_it(
        self, bill, cashier, django_capture_on_commit_callbacks, monkeypatch
    ):
        at_once = SimpleNamespace(enqueue=tasks.close_batch.call)
        monkeypatch.setattr(tasks, "close_batch", at_once)
        payment = take(bill, by=cashier)
        voiding.begin_closing(batch=bill.batch, reason="學期結束", by=cashier)

        with django_capture_on_commit_callbacks(execute=True):
            counter.reverse(payment=payment, reason="按錯", by=cashier)

        assert fresh(bill).state == Bill.State.VOID
        assert balance.differences() == []


class TestCorrection:
    def test_the_right_bill_is_paid_in_one_step(self, press, bill, cashier, school_class):
        other = issued_bill(StudentFactory(school=bill.school, school_class=school_class), amount=bill.amount)
        payment = take(bill, by=cashier)

        data = {"what": "other", "codes": other.write_off_number, "receipt": "A0008", "reason": "登記到別人的繳費單"}
        page = press("cashier-counter-correct", payment.pk, account="cash", **data).content.decode()

        assert "已沖正" in page
        assert (fresh(bill).state, fresh(other).state) == (Bill.State.ISSUED, Bill.State.PAID)
        right = CounterPayment.objects.get(state="taken")
        assert right.replaces == payment
        assert balance.differences() == []

    def test_another_way_of_paying_writes_no_mails(self, bill, cashier):
        payment = take(bill, by=cashier)
        mails = Message.objects.count()

        right = counter.correct(
            payment=payment, bills=[bill], amount=bill.amount, code="匯9", account="bank", reason="是匯款", by=cashier
        )

        assert fresh(bill).state == Bill.State.PAID
        assert right.account == "bank"
        assert Message.objects.count() == mails
        assert balance.differences() == []

    def test_where_the_right_one_cannot_be_the_wrong_one_stays(self, press, bill, second, cashier):
        payment, _other = take(bill, by=cashier), take(second, code="B1", by=cashier)

        data = {"what": "other", "codes": second.write_off_number, "receipt": "A9", "reason": "x"}
        page = press("cashier-counter-correct", payment.pk, account="cash", **data).content.decode()

        assert "目前是「已繳清」" in page
        assert fresh(payment).state == "taken"
        assert fresh(bill).state == Bill.State.PAID

    def test_a_number_of_before_is_refused_beside_its_field(self, press, bill, cashier):
        payment = take(bill, by=cashier)

        data = {"what": "same", "receipt": "A0007", "reason": "x", "account": "cash"}
        page = press("cashier-counter-correct", payment.pk, **data).content.decode()

        assert "已經登記在" in page
        assert fresh(payment).state == "taken"


class TestTheReceiptBook:
    @pytest.mark.parametrize(
        ("typed", "following"),
        [("A0099", "A0100"), ("北市 字第 0012 號", "北市字第0013號"), ("９", "10"), ("115-1-003", "115-1-004")],
    )
    def test_the_next_number_is_proposed(self, bill, cashier, typed, following):
        take(bill, code=typed, by=cashier)

        assert receipts.next_number(bill.school) == following

    def test_spoilt_numbers_are_kept_with_the_reason(self, press, desk, bill, school):
        press("cashier-receipts", first="A1", count=3, reason="印壞")

        page = desk("cashier-receipts").content.decode()
        assert page.count("印壞") >= 3
        assert receipts.next_number(school) == "A4"
        found = press("cashier-receipts", listing="receipts", q=" a 2 ").context["listing"]
        assert [one.written for one in found.shown] == ["A2"]
        page = press("cashier-cash-take", bill.pk, account="cash", receipt="a2").content.decode()
        assert "已經作廢（印壞）" in page

    def test_a_number_without_digits_is_refused(self, press, bill):
        page = press("cashier-cash-take", bill.pk, account="cash", receipt="收據").content.decode()
        assert "最後要有數字" in page

    def test_another_school_has_its_own_book(self, bill, cashier):
        take(bill, code="A1", by=cashier)
        theirs = issued_bill()
        counter.take_cash(bill=theirs, amount=theirs.amount, receipt="A1", by=cashier_of(theirs.school))

        assert Receipt.objects.filter(written="A1").count() == 2

    def test_another_school_sees_nothing_of_it(self, desk, bill):
        theirs = issued_bill()
        money = counter.take_cash(bill=theirs, amount=theirs.amount, receipt="他校9", by=cashier_of(theirs.school))
        assert desk("cashier-counter-payment", money.counter_id).status_code == 404
        assert "他校9" not in desk("cashier-receipts").content.decode()


class TestSharesThatGoBack:
    def test_a_leaver_gets_two_thirds_back_by_the_date(self, press, desk, bill, cashier):
        bill.items.create(position=1, name="學費", amount=3000)
        bill.items.create(position=2, name="保險費", amount=900)
        take(bill, by=cashier)
        press("cashier-batch-term", bill.batch_id, term_from="115/08/31", term_to="116/01/20")
        tuition = bill.items.get(name="學費")

        data = {"ground": "left", "left_on": "115/10/01", "items": [tuition.pk]}
        page = press("cashier-bill-give-back", bill.pk, reckon="1", **data).content.decode()
        assert 'value="2000"' in page
        assert not Refund.objects.exists()
        press("cashier-bill-give-back", bill.pk, amount="2000", **data)

        due = Refund.objects.get()
        assert (due.amount, due.why) == (2000, "學生離校（民國 115 年 10 月 1 日），退 2/3")
        assert fresh(bill).state == Bill.State.REFUND_DUE
        refunding.refund(refund=due, way="cash", note="1", by=cashier)
        assert fresh(bill).state == Bill.State.PART_REFUNDED
        assert fresh(bill).refundable == 1900
        assert balance.differences() == []

    @pytest.mark.parametrize("amount", ["0", "3901", "-5", "many"])
    def test_an_amount_that_cannot_go_back_is_refused(self, press, bill, cashier, amount):
        take(bill, by=cashier)

        press("cashier-bill-give-back", bill.pk, ground="other", amount=amount)

        assert not Refund.objects.exists()

    def test_the_rest_goes_back_later_and_never_more(self, bill, cashier):
        take(bill, by=cashier)
        due = refunding.give_back(bill=bill, amount=3000, reason="x", by=cashier)
        with pytest.raises(refunding.OneIsDue):
            refunding.give_back(bill=bill, amount=1, reason="x", by=cashier)
        refunding.refund(refund=due, way="cash", note="", by=cashier)
        with pytest.raises(refunding.NotRefundable):
            refunding.give_back(bill=bill, amount=901, reason="x", by=cashier)

        rest = refunding.give_back(bill=bill, amount=900, reason="x", by=cashier)
        refunding.refund(refund=rest, way="transfer", note="", by=cashier)

        assert fresh(bill).state == Bill.State.REFUNDED
        assert balance.differences() == []

    def test_a_mistyped_refund_is_taken_back(self, press, bill, cashier):
        take(bill, by=cashier)
        due = refunding.give_back(bill=bill, amount=3000, reason="x", by=cashier)

        press("cashier-refund-take-back", due.pk, reason="金額打錯")

        assert fresh(bill).state == Bill.State.PAID
        assert fresh(bill).owed_back == 0
        assert balance.differences() == []

    def test_the_mail_says_what_went_back_and_not_what_came(self, bill, cashier):
        take(bill, by=cashier)
        due = refunding.give_back(bill=bill, amount=1300, reason="x", by=cashier)
        refunding.refund(refund=due, way="cash", note="", by=cashier)

        mail = Message.objects.filter(kind="payment-refunded").get()
        assert "1,300" in mail.text
        assert "3,900" not in mail.text

    def test_without_the_days_of_the_semester_nothing_is_reckoned(self, press, bill, cashier):
        bill.items.create(position=1, name="學費", amount=3900)
        take(bill, by=cashier)

        data = {"ground": "left", "left_on": "115/10/01", "items": [bill.items.get().pk]}
        page = press("cashier-bill-give-back", bill.pk, **data).content.decode()

        assert "還沒有填學期的上課日期" in page
        assert reverse("billing:cashier-batch-term", args=[bill.school.slug, bill.batch_id]) in page
