"""Hundreds at once for one bill, with real threads on PostgreSQL: it is settled once and all money is accounted for."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.bills.models import Bill
from billing.collection import balance
from billing.collection.counter import NotOpen, take_cash
from billing.collection.reconciliation.importing import post_file, take_in
from billing.collection.refunding import refund
from billing.ledger.models import LedgerEntry
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways import Outcome
from billing.payments.models import Payment, Refund, Settlement
from billing.payments.paying import LiveAttempt
from notifications.models import Message
from tests.accounts.factories import registrar_of, sso_parent
from tests.billing.collection.collection_files import store_file
from tests.billing.money import agent_of, begun, cashier_of, issued_bill, notice_of
from tests.races.threads import at_once, kinds_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bill():
    return issued_bill()


@pytest.fixture
def parent(bill):
    return sso_parent(by=registrar_of(bill.school))


def payments_of(bill, parent, count):
    """Each begun despite the ones before."""
    payments = []
    for _n in range(count):
        payments.append(begun([bill], parent, despite=[one.pk for one in payments[-1:]]))
    return payments


def in_waves(jobs, width=50):
    """As many threads at a time as the test's cluster has connections for, several waves."""
    outcomes = []
    for start in range(0, len(jobs), width):
        outcomes += at_once(*jobs[start : start + width])
    return outcomes


def test_two_hundred_payments_of_one_bill_settle_it_once(bill, parent):
    notices = [notice_of(one) for one in payments_of(bill, parent, 200)]

    outcomes = in_waves([lambda one=one: take_notice(one) for one in notices], width=200)

    assert kinds_of(outcomes) == ["list"] * 200
    assert Settlement.objects.filter(state="applied").count() == 1
    assert Refund.objects.filter(state="refund_due").count() == 199
    assert Payment.objects.filter(state="duplicate").count() == 199
    assert Message.objects.filter(kind="payment-duplicate").count() == 199
    assert Bill.objects.get().state == Bill.State.PAID
    assert balance.differences() == []


def test_a_thousand_repeated_callbacks_settle_it_once(bill, parent):
    notice = notice_of(begun([bill], parent))

    outcomes = in_waves([lambda: take_notice(notice)] * 1000, width=200)

    assert kinds_of(outcomes) == ["list"] * 1000
    assert sum(len(one) for one in outcomes) == 1
    assert Settlement.objects.count() == LedgerEntry.objects.filter(what="settled").count() == 1
    assert not Refund.objects.exists()


def test_unknown_money_told_of_at_once_is_one_item(bill, parent):
    notice = notice_of(begun([bill], parent), reference="P000000")

    outcomes = in_waves([lambda: take_notice(notice)] * 30)

    assert kinds_of(outcomes) == ["list"] * 30
    assert Settlement.objects.count() == 1


def test_two_hundred_presses_begin_one_payment(bill, parent):
    outcomes = in_waves([lambda: begun([bill], parent, key="same")] * 200, width=200)

    assert kinds_of(outcomes) == ["Payment"] * 200
    assert Payment.objects.count() == 1


def test_of_many_who_begin_at_once_one_has_the_live_attempt(bill, parent):
    outcomes = in_waves([lambda n=n: begun([bill], parent, key=f"k-{n}") for n in range(40)])

    assert kinds_of(outcomes).count("Payment") == 1
    assert sum(isinstance(one, LiveAttempt) for one in outcomes) == 39


def test_file_counter_and_gateway_at_once(bill, parent):
    agent_of(bill.school)
    cashier = cashier_of(bill.school)
    payment = begun([bill], parent, method="store_code")
    data = store_file([(bill.write_off_number, bill.amount)])
    taken = take_in(school=bill.school, upload=SimpleUploadedFile("a.txt", data), profile="store", by=cashier)

    outcomes = at_once(
        *[lambda: post_file(taken)] * 3,
        *[lambda: take_notice(notice_of(payment))] * 3,
        *[lambda: take_notice(notice_of(payment, Outcome.CODE_ISSUED))] * 3,
        *[lambda: take_cash(bill=bill, amount=bill.amount, receipt="A1", by=cashier)] * 3,
    )

    assert not [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, NotOpen)]
    assert Settlement.objects.filter(state="applied").count() == 1
    assert Settlement.objects.filter(code=bill.write_off_number).count() == 1
    assert balance.differences() == []


def test_bills_in_any_order_never_wait_for_each_other(bill, parent):
    bills = [bill, *(issued_bill(bill.student) for _n in range(5))]
    payments = []
    for n in range(20):
        shuffled = bills[n % 6 :] + bills[: n % 6]
        payments.append(begun(shuffled, parent, despite=[one.pk for one in payments[-1:]]))

    outcomes = at_once(*[lambda one=one: take_notice(notice_of(one)) for one in payments])

    assert kinds_of(outcomes) == ["list"] * 20
    assert Settlement.objects.filter(state="applied").count() == 6
    assert balance.differences() == []


def test_a_refund_pressed_by_two_goes_once(bill, parent):
    cashier = cashier_of(bill.school)
    first, second = payments_of(bill, parent, 2)
    take_notice(notice_of(first))
    take_notice(notice_of(second))
    due = Refund.objects.get()

    at_once(*[lambda: refund(refund=due, way="cash", note="", by=cashier)] * 5)

    assert LedgerEntry.objects.filter(what="refunded").count() == 1
    assert balance.differences() == []
