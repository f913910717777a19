"""Several bills at one press of the counter, against payments online and colleagues, with real threads on PostgreSQL."""

import pytest

from billing.bills.models import Bill
from billing.collection import balance, counter, receipts
from billing.collection.models import CounterPayment, Receipt
from billing.collection.refunding import NotRefundable, OneIsDue, give_back
from billing.payments.gateway_notices import take_notice
from billing.payments.models import Refund, Settlement
from tests.accounts.factories import registrar_of, sso_parent
from tests.billing.money import begun, cashier_of, issued_bill, notice_of
from tests.races.threads import at_once, kinds_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bills():
    first = issued_bill()
    return [first, issued_bill(first.student, title="冷氣費", amount=700)]


@pytest.fixture
def cashier(bills):
    return cashier_of(bills[0].school)


def take(bills, cashier, key="k", code="A1"):
    total = sum(one.amount for one in bills)
    return counter.take_money(bills=bills, amount=total, code=code, key=key, by=cashier)


def test_twenty_presses_of_one_page_take_the_money_once(bills, cashier):
    outcomes = at_once(*[lambda: take(bills, cashier)] * 20)

    assert kinds_of(outcomes) == ["CounterPayment"] * 20
    assert CounterPayment.objects.count() == 1
    assert Settlement.objects.count() == 2


def test_an_online_payment_of_one_bill_pays_it_once_and_the_counter_all_or_nothing(bills, cashier):
    parent = sso_parent(by=registrar_of(bills[0].school))
    notice = notice_of(begun(bills[1:], parent))

    outcomes = at_once(lambda: take(bills, cashier), lambda: take_notice(notice))

    taken = CounterPayment.objects.count()
    assert sorted(kinds_of(outcomes)) in (["CounterPayment", "list"], ["NotOpen", "list"])
    assert Settlement.objects.filter(state="applied").count() == (2 if taken else 1)
    assert Refund.objects.count() == taken
    assert Receipt.objects.count() == taken
    assert Bill.objects.get(pk=bills[0].pk).state == ("paid" if taken else "issued")
    assert balance.differences() == []


def test_two_cashiers_with_one_number_of_the_receipt_book(bills, cashier):
    outcomes = at_once(*[lambda one=one: take([one], cashier, key=str(one.pk)) for one in bills])

    assert sorted(kinds_of(outcomes)) == ["CounterPayment", receipts.ReceiptTaken.__name__]
    assert Bill.objects.filter(state="paid").count() == 1
    assert balance.differences() == []


def test_a_reversal_and_a_refund_of_the_same_money(bills, cashier):
    payment = take(bills[:1], cashier)

    outcomes = at_once(
        lambda: counter.reverse(payment=payment, reason="按錯", by=cashier),
        lambda: give_back(bill=bills[0], amount=100, reason="x", by=cashier),
    )

    assert sum(kind in ("CounterPayment", "Refund") for kind in kinds_of(outcomes)) == 1
    assert balance.differences() == []


def test_two_cashiers_give_back_the_same_bill(bills, cashier):
    take(bills[:1], cashier)

    outcomes = at_once(*[lambda: give_back(bill=bills[0], amount=3000, reason="x", by=cashier)] * 5)

    kinds = kinds_of(outcomes)
    assert kinds.count("Refund") == 1
    assert set(kinds) <= {"Refund", OneIsDue.__name__, NotRefundable.__name__}
    assert Bill.objects.get(pk=bills[0].pk).owed_back == 3000
