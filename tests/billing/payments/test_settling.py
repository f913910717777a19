"""Money that came: applied once, whatever told of it, and never dropped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from billing.bills.models import Bill
from billing.collection import balance
from billing.collection.counter import NotOpen, take_cash
from billing.collection.refunding import give_back, refund
from billing.collection.resolving import (
    AlreadyResolved,
    DoesNotFit,
    resolve_as_no_money,
    resolve_by_refund,
    resolve_for_bill,
    withdraw_refund,
)
from billing.ledger.models import Account, LedgerEntry
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from billing.payments.models import Payment, Refund, Settlement
from billing.payments.paying import LiveAttempt, NotPayable
from notifications.models import Message
from tests.accounts.factories import registrar_of, sso_parent
from tests.billing.money import begun, cashier_of, issued_bill, notice_of, void
from tests.registry.factories import StudentFactory
from tests.support.words import without_addresses

pytestmark = pytest.mark.django_db
State = Settlement.State


@pytest.fixture
def bill():
    return issued_bill()


@pytest.fixture
def parent(bill):
    return sso_parent(by=registrar_of(bill.school))


@pytest.fixture
def cashier(bill):
    return cashier_of(bill.school)


@pytest.fixture(autouse=True)
def _books_agree():
    yield
    assert balance.differences() == []


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_paid_notice_settles_the_bill_and_books_the_money(bill, parent):
    payment = begun([bill], parent)

    (settlement,) = take_notice(notice_of(payment))

    assert settlement.state == State.APPLIED
    assert fresh(bill).state == Bill.State.PAID
    assert fresh(bill).paid_on == timezone.localdate()
    assert fresh(payment).state == Payment.State.SETTLED
    assert LedgerEntry.objects.balances()[Account.GATEWAY] == bill.amount


def test_the_same_notice_again_changes_nothing(bill, parent):
    payment = begun([bill], parent)
    take_notice(notice_of(payment))

    later = [take_notice(notice_of(payment, at=timezone.now())) for _repeat in range(3)]

    assert later == [[]] * 3
    assert Settlement.objects.count() == 1


@pytest.mark.parametrize("late", [Outcome.CODE_ISSUED, Outcome.FAILED, Outcome.UNDECIDED])
def test_what_comes_after_the_money_changes_nothing(bill, parent, late):
    payment = begun([bill], parent, method="store_code")
    take_notice(notice_of(payment))
    take_notice(notice_of(payment, late, code="GW1"))

    assert fresh(payment).state == Payment.State.SETTLED
    assert fresh(payment).code == ""
    assert fresh(bill).state == Bill.State.PAID


def test_a_code_is_not_money(bill, parent):
    payment = begun([bill], parent, method="store_code")

    take_notice(notice_of(payment, Outcome.CODE_ISSUED, code="GW123"))

    assert fresh(payment).state == Payment.State.CODE_ISSUED
    assert fresh(payment).code == "GW123"
    assert fresh(bill).state == Bill.State.ISSUED
    assert not Settlement.objects.exists()


def test_money_for_an_attempt_that_failed_still_counts(bill, parent):
    payment = begun([bill], parent)
    take_notice(notice_of(payment, Outcome.FAILED))
    assert fresh(payment).state == Payment.State.FAILED

    take_notice(notice_of(payment))

    assert fresh(bill).state == Bill.State.PAID
    assert fresh(payment).state == Payment.State.SETTLED


def test_the_second_money_is_owed_back(bill, parent, cashier):
    payment = begun([bill], parent)
    take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)

    (settlement,) = take_notice(notice_of(payment))

    assert settlement.state == State.DUPLICATE
    assert fresh(payment).state == Payment.State.DUPLICATE
    assert fresh(bill).state == Bill.State.PAID
    due = Refund.objects.get()
    assert (due.state, due.amount, due.bill) == (Refund.State.REFUND_DUE, bill.amount, bill)
    mail = Message.objects.get(kind="payment-duplicate")
    assert mail.to == parent.email
    assert "F2" not in without_addresses(mail.text)


def test_money_that_went_back_is_booked_and_told(bill, parent, cashier):
    take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)
    take_notice(notice_of(begun_before(bill, parent)))
    due = Refund.objects.get()

    for _double_click in range(2):
        refund(refund=due, way="transfer", note="匯款 123", by=cashier)

    assert fresh(due).state == Refund.State.REFUNDED
    assert fresh(bill).state == Bill.State.PAID
    assert Message.objects.filter(kind="payment-refunded").count() == 1
    assert LedgerEntry.objects.balances()[Account.BANK] == -bill.amount


def begun_before(bill, parent):
    """A payment begun before the bill was paid otherwise."""
    Bill.objects.filter(pk=bill.pk).update(state="issued")
    payment = begun([bill], parent)
    Bill.objects.filter(pk=bill.pk).update(state="paid")
    return payment


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"amount": 3899}, State.MISMATCH),
        ({"amount": 39000}, State.MISMATCH),
        ({"at": timezone.now() - timedelta(days=30)}, State.MISMATCH),
        ({"at": timezone.now() + timedelta(days=2)}, State.MISMATCH),
        ({"reference": "P0000000000000000"}, State.UNKNOWN),
    ],
)
def test_what_does_not_fit_goes_to_the_work_list(bill, parent, changes, state):
    payment = begun([bill], parent)

    (settlement,) = take_notice(notice_of(payment, **changes))
    again = take_notice(notice_of(payment, **changes))

    assert settlement.state == state
    assert settlement.why
    assert again == []
    assert fresh(bill).state == Bill.State.ISSUED
    assert Settlement.objects.work_list().get() == settlement


def test_one_payment_covers_several_bills_of_which_one_is_paid_meanwhile(bill, parent, cashier):
    second = issued_bill(bill.student, amount=500)
    payment = begun([bill, second], parent)
    take_cash(bill=second, amount=500, receipt="A1", by=cashier)

    take_notice(notice_of(payment))

    assert payment.amount == 4400
    assert fresh(bill).state == fresh(second).state == Bill.State.PAID
    assert fresh(payment).state == Payment.State.SETTLED
    assert Refund.objects.get().amount == 500


def test_money_for_a_void_bill_is_looked_into(bill, parent):
    payment = begun([bill], parent)
    void(bill)

    (settlement,) = take_notice(notice_of(payment))

    assert settlement.state == State.MISMATCH
    assert fresh(bill).state == Bill.State.VOID


def test_a_double_click_is_one_payment(bill, parent):
    first, second = (begun([bill], parent, key="same") for _click in range(2))

    assert first == second
    assert Payment.objects.count() == 1


def test_a_live_attempt_warns_before_another(bill, parent):
    first = begun([bill], parent, method="store_code")
    take_notice(notice_of(first, Outcome.CODE_ISSUED, code="GW1"))

    with pytest.raises(LiveAttempt) as warned:
        begun([bill], parent)
    second = begun([bill], parent, despite=[one.pk for one in warned.value.payments])

    assert fresh(first).state == Payment.State.FAILED
    take_notice(notice_of(second))
    take_notice(notice_of(first))
    assert fresh(bill).state == Bill.State.PAID
    assert fresh(first).state == Payment.State.DUPLICATE
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "waiting", "paid", "void", "refund_due", "refunded"])
def test_only_an_open_bill_is_payable(bill, parent, state):
    issued_at = bill.issued_at
    back = bill.amount if state in ("refund_due", "refunded") else 0
    known = None if state in ("draft", "waiting") else issued_at
    Bill.objects.filter(pk=bill.pk).update(state=state, owed_back=back, issued_at=known)

    with pytest.raises(NotPayable):
        begun([bill], parent)
    Bill.objects.filter(pk=bill.pk).update(state="issued", issued_at=issued_at, owed_back=0)


def test_an_overdue_bill_is_not_payable(parent):
    with pytest.raises(NotPayable):
        begun([issued_bill(days=-1)], parent)


def test_at_the_counter_nobody_takes_money_twice(bill, cashier):
    first = take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)

    assert take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier) == first
    with pytest.raises(NotOpen):
        take_cash(bill=bill, amount=bill.amount, receipt="A2", by=cashier)


def test_at_the_counter_the_amount_is_exact(bill, cashier):
    with pytest.raises(NotOpen):
        take_cash(bill=bill, amount=bill.amount - 1, receipt="A1", by=cashier)


def test_a_paid_bill_that_is_cancelled_is_refunded(bill, cashier):
    take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)
    due = give_back(bill=bill, amount=bill.amount, reason="轉學", by=cashier)
    assert fresh(bill).state == Bill.State.REFUND_DUE

    refund(refund=due, way="cash", note="", by=cashier)

    assert fresh(bill).state == Bill.State.REFUNDED
    assert LedgerEntry.objects.balances()[Account.CASH] == 0


@pytest.fixture
def stray(bill, parent):
    """Money with a wrong reference, on this school's work list."""
    payment = begun([bill], parent)
    (settlement,) = take_notice(notice_of(payment, at=timezone.now() + timedelta(days=1)))
    return settlement


def test_stray_money_finds_its_bill(stray, bill, cashier):
    resolve_for_bill(settlement=stray, bill=bill, reason="公司時鐘有誤", by=cashier)

    assert fresh(bill).state == Bill.State.PAID
    assert fresh(stray).state == State.APPLIED
    assert fresh(stray).resolved_by == cashier
    with pytest.raises(AlreadyResolved):
        resolve_by_refund(settlement=stray, reason="x", by=cashier)


def test_stray_money_for_a_paid_bill_is_owed_back(stray, bill, cashier):
    take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)

    resolve_for_bill(settlement=stray, bill=bill, reason="公司時鐘有誤", by=cashier)

    assert fresh(stray).state == State.DUPLICATE
    assert Refund.objects.get().amount == bill.amount


def test_stray_money_goes_back_or_never_was(stray, bill, cashier, parent):
    resolve_by_refund(settlement=stray, reason="找不到是誰", by=cashier)
    assert Refund.objects.get().settlement == stray

    (other,) = take_notice(notice_of(stray.payment, amount=5))
    resolve_as_no_money(settlement=other, reason="公司更正", by=cashier)

    assert not Settlement.objects.work_list().exists()
    assert not fresh(other).is_money


def test_stray_money_fits_only_its_own_school_and_amount(stray, cashier):
    for wrong in (issued_bill(), issued_bill(StudentFactory(school=stray.school), amount=1)):
        with pytest.raises(DoesNotFit):
            resolve_for_bill(settlement=stray, bill=wrong, reason="x", by=cashier)


class TestMoneyToldOfTwice:
    """The same payment in two files of two days is not two payments: the cashier compares with the bank's statement."""

    @pytest.fixture
    def due(self, bill, parent, cashier):
        take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)
        take_notice(notice_of(begun_before(bill, parent)))
        return Refund.objects.get()

    def test_is_withdrawn_and_told(self, due, bill, parent, cashier):
        withdraw_refund(refund=due, reason="對帳單沒有這一筆", by=cashier)

        assert (fresh(due).state, fresh(due).note) == ("withdrawn", "對帳單沒有這一筆")
        assert fresh(bill).state == Bill.State.PAID
        assert not fresh(due.settlement).is_money
        assert LedgerEntry.objects.balances()[Account.GATEWAY] == 0
        assert balance.differences() == []
        assert Message.objects.get(kind="refund-withdrawn").to == parent.email
        assert Event.objects.filter(event="settlement.resolved", actor_id=cashier.pk).exists()

    def test_once(self, due, cashier):
        withdraw_refund(refund=due, reason="x", by=cashier)
        with pytest.raises(AlreadyResolved):
            withdraw_refund(refund=due, reason="x", by=cashier)

    def test_not_after_it_went_back(self, due, cashier):
        refund(refund=due, way="cash", note="1", by=cashier)
        with pytest.raises(AlreadyResolved):
            withdraw_refund(refund=due, reason="x", by=cashier)

    def test_not_the_money_that_paid_the_bill(self, bill, cashier):
        take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)
        due = give_back(bill=bill, amount=bill.amount, reason="轉學", by=cashier)
        with pytest.raises(AlreadyResolved):
            withdraw_refund(refund=due, reason="x", by=cashier)


class TestAGatewayThatCorrectsItself:
    """One reference is one payment: its money may be told of wrongly, but it came once."""

    @pytest.fixture
    def doubt(self, bill, parent):
        payment = begun([bill], parent)
        (doubt,) = take_notice(notice_of(payment, at=timezone.now() + timedelta(hours=2)))
        assert doubt.state == State.MISMATCH
        return doubt

    def test_the_right_time_afterwards_settles_the_bill_once(self, bill, doubt):
        (settlement,) = take_notice(notice_of(doubt.payment))

        assert settlement.state == State.APPLIED
        assert (fresh(doubt).state, fresh(doubt).is_money) == (State.RESOLVED, False)
        assert LedgerEntry.objects.balances()[Account.GATEWAY] == bill.amount
        with pytest.raises(AlreadyResolved):
            resolve_by_refund(settlement=doubt, reason="退還", by=bill.batch.made_by)

    def test_the_right_amount_afterwards_settles_the_bill_once(self, bill, parent):
        payment = begun([bill], parent)
        (doubt,) = take_notice(notice_of(payment, amount=bill.amount + 1))

        take_notice(notice_of(payment))

        assert not fresh(doubt).is_money
        assert LedgerEntry.objects.balances()[Account.GATEWAY] == bill.amount

    def test_a_wrong_time_after_the_money_is_the_same_money(self, bill, parent):
        payment = begun([bill], parent)
        take_notice(notice_of(payment))

        assert take_notice(notice_of(payment, at=timezone.now() + timedelta(hours=2))) == []
        assert Settlement.objects.count() == 1

    def test_what_the_cashier_decided_stands(self, bill, doubt, cashier):
        resolve_for_bill(settlement=doubt, bill=bill, reason="時間差", by=cashier)
        assert fresh(doubt.payment).state == Payment.State.SETTLED

        assert take_notice(notice_of(doubt.payment)) == []
        assert not Refund.objects.exists()

    def test_another_amount_after_the_cashiers_decision_waits_for_the_cashier(self, bill, parent, cashier):
        payment = begun([bill], parent)
        (doubt,) = take_notice(notice_of(payment, amount=bill.amount + 1))
        resolve_by_refund(settlement=doubt, reason="退還", by=cashier)

        for _again in range(2):
            take_notice(notice_of(payment))

        waiting = Settlement.objects.work_list().get()
        assert (waiting.amount, waiting.why) == (bill.amount, "出納已經處理過這筆付款，金額不同")
        assert fresh(bill).state == Bill.State.ISSUED

    def test_money_that_the_cashier_did_not_find_may_come_after_all(self, bill, doubt, cashier):
        resolve_as_no_money(settlement=doubt, reason="查無", by=cashier)

        take_notice(notice_of(doubt.payment))

        assert fresh(bill).state == Bill.State.PAID
