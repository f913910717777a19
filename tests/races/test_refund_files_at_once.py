"""Two cashiers and one heap of refunds, with real threads on PostgreSQL: each goes once, and the books agree."""

import pytest

from billing.collection import balance, refund_files, refunding
from billing.payments.models import Refund, RefundFile, RefundLine
from notifications.models import Message
from tests.billing.money import cashier_of, issued_bill, refund_file_of, refund_of
from tests.races.threads import at_once, kinds_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def due():
    first = issued_bill()
    cashier = cashier_of(first.school)
    bills = [first, *(issued_bill(first.student, title=f"費用 {n}", amount=500) for n in range(5))]
    return [refund_of(one, cashier) for one in bills]


@pytest.fixture
def cashier(due):
    return cashier_of(due[0].bill.school)


def make(refunds, cashier, key):
    keys = [one.pk for one in refunds]
    return refund_files.make(school=cashier.school, refunds=keys, key=key, by=cashier)


def test_twenty_presses_of_one_page_make_one_file(due, cashier):
    outcomes = at_once(*[lambda: make(due, cashier, "k")] * 20)

    assert kinds_of(outcomes) == ["RefundFile"] * 20
    assert RefundFile.objects.count() == 1
    assert RefundLine.objects.count() == len(due)


def test_two_pages_with_some_of_the_same_make_one_file(due, cashier):
    heaps = [due, list(reversed(due[2:]))]

    outcomes = at_once(*[lambda n=n: make(heaps[n % 2], cashier, f"k{n}") for n in range(10)])

    assert kinds_of(outcomes).count("RefundFile") == 1
    assert set(kinds_of(outcomes)) == {"RefundFile", "NotDue"}
    assert RefundLine.objects.count() in {len(due), len(due) - 2}
    assert balance.differences() == []


def test_a_refund_in_cash_beside_a_file_goes_once(due, cashier):
    jobs = [lambda: make(due, cashier, "k")] * 5
    jobs += [lambda: refunding.refund(refund=due[0], way="cash", note="1", by=cashier)] * 5

    at_once(*jobs)

    first = Refund.objects.get(pk=due[0].pk)
    assert (first.state == Refund.State.SENT) == RefundFile.objects.exists()
    assert first.state in {Refund.State.SENT, Refund.State.REFUNDED}
    assert balance.differences() == []


def test_paid_sent_back_and_given_up_at_once_is_one_answer_a_line(due, cashier):
    file = refund_file_of(*due, by=cashier)
    jobs = [lambda: refund_files.confirm(file=file, by=cashier)] * 5
    jobs += [lambda: refund_files.take_returned(file=file, numbers=[1], reason="帳號錯誤", by=cashier)] * 5
    jobs += [lambda: refund_files.give_up(file=file, by=cashier)] * 5

    at_once(*jobs)

    went = Refund.objects.filter(state=Refund.State.REFUNDED).count()
    assert RefundLine.objects.filter(state="paid").count() == went
    assert Message.objects.filter(kind="payment-refunded").count() == 0  # nobody is bound to the child
    assert not Refund.objects.filter(state=Refund.State.SENT).exists()
    assert RefundFile.objects.get().state != RefundFile.State.OPEN
    assert balance.differences() == []
