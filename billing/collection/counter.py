"""Money that a cashier takes at the counter, and the correction of what was written down wrongly.

Nothing is edited: a mistake is reversed by bookings of the day on which it is found, and the right entry is another one.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills import notify, tasks
from billing.bills.models import Bill, BillBatch
from billing.collection import receipts
from billing.collection.models import CounterPayment
from billing.ledger import booking
from billing.ledger.models import Account
from billing.payments import notify as money_notify
from billing.payments.models import Refund, Settlement
from billing.payments.models.settlement import COUNTER
from billing.payments.settling import Money, apply_settlements
from billing.signals import bills_reopened

State = Settlement.State
NOT_TWICE = "改為繳清這張繳費單，不必退款"


class NotOpen(Exception):
    """A bill is not one that money is owed for, or somebody was faster; `bill` where one is to blame."""

    def __init__(self, bill: Bill | None = None) -> None:
        super().__init__()
        self.bill = bill


class NotEnough(Exception):
    """The cash that was given is less than the bills."""


class AlreadyReversed(Exception):
    """A colleague was faster."""


def take_cash(*, bill: Bill, amount: int, receipt: str, account: Account = Account.CASH, by: User) -> Settlement:
    """One bill under one number of a receipt; the same again is the same. Raises as `take_money`."""
    key = f"{bill.school_id}:{receipt}:{bill.pk}"
    payment = take_money(bills=[bill], amount=amount, code=receipt, account=account, key=key, by=by)
    return payment.settlements.get()


@transaction.atomic
def take_money(
    *,
    bills: Sequence[Bill],
    amount: int,
    code: str,
    account: Account = Account.CASH,
    key: str,
    given: int | None = None,
    one_each: bool = False,
    by: User,
    replaces: CounterPayment | None = None,
    untold: Sequence[int] = (),
) -> CounterPayment:
    """Cash, or a transfer that the cashier saw on the account, for bills of one school. Pressed twice, it is once.

    `amount`: what the page showed, whole dollars. `code`: the number of the (first) receipt, or of the transfer.
    `one_each`: a receipt a bill, numbered on from there. `given`: the cash that was put on the desk.
    Raises NotOpen, NotEnough, receipts.NoNumber and receipts.ReceiptTaken; then nothing is taken.
    """
    locked = list(Bill.objects.locked().filter(pk__in=[one.pk for one in bills]).select_related("school"))
    known = CounterPayment.objects.filter(key=key).first()
    if known is not None:
        return known
    _check(locked, bills, amount, given)
    payment = CounterPayment.objects.create(
        school=locked[0].school, key=key, account=account, amount=amount, given=given, code=code[:40], taken_by=by,
        replaces=replaces,
    )  # fmt: skip
    codes = [code] * len(locked)
    if account == Account.CASH:
        first = receipts.read_number(code)
        handed = receipts.hand_out(payment=payment, first=first, count=len(locked) if one_each else 1, by=by)
        codes = [one.written for one in handed] if one_each else codes
    now = timezone.now()
    pieces = [
        Money(
            key=f"counter:{payment.pk}:{bill.pk}", account=account, amount=bill.amount, paid_at=now, bill_id=bill.pk,
            channel=COUNTER, code=number[:40], counter_id=payment.pk,
        )
        for bill, number in zip(locked, codes, strict=True)
    ]  # fmt: skip
    apply_settlements(pieces, by=by, untold=untold)
    return payment


def _check(locked, wanted, amount, given):
    """At the counter nobody takes money for a bill that is paid, or another sum than the page showed."""
    if not locked or len(locked) != len({one.pk for one in wanted}) or len({one.school_id for one in locked}) > 1:
        raise NotOpen
    for bill in locked:
        if bill.state != Bill.State.ISSUED or not bill.amount:
            raise NotOpen(bill)
    if sum(one.amount for one in locked) != amount:
        raise NotOpen
    if given is not None and given < amount:
        raise NotEnough


@transaction.atomic
def reverse(*, payment: CounterPayment, reason: str, by: User, untold: Sequence[int] = ()) -> CounterPayment:
    """沖正: all that was taken at this press was a mistake. Its bills are owed again, its receipts are void.

    Booked today, so that no day that was closed is changed. Money that came twice for such a bill pays it now.
    Raises AlreadyReversed, and NotOpen where money of a bill goes back already.
    """
    keys = payment.settlements.values_list("bill_id", flat=True)
    rows = Bill.objects.locked().filter(pk__in=list(keys)).select_related("school", "student", "batch")
    bills = {one.pk: one for one in rows}
    payment = CounterPayment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if payment.state != CounterPayment.State.TAKEN:
        raise AlreadyReversed
    done = {"reversed_at": timezone.now(), "reversed_by": by, "reason": reason}
    payment.move_to(CounterPayment.State.REVERSED, **done)
    for one in payment.settlements.select_for_update(no_key=True).order_by("pk"):
        _reverse_one(one, bills[one.bill_id], reason, by)
    receipts.void_receipts(payment=payment, reason=reason, by=by)
    _tell_reopened([one for one in bills.values() if one.state == Bill.State.ISSUED], untold)
    data = {"payment": payment.pk, "amount": payment.amount, "reason": reason}
    log.record("counter.reversed", by=by, target=payment, school=payment.school, data=data)
    return payment


def _reverse_one(settlement, bill, reason, by):
    if settlement.state != State.APPLIED or bill.state != Bill.State.PAID:
        raise NotOpen(bill)
    told = {"resolution": reason, "resolved_by": by, "resolved_at": timezone.now()}
    settlement.move_to(State.REVERSED, is_money=False, **told)
    bill.move_to(Bill.State.ISSUED, paid_on=None)
    _book(settlement, Account.RECEIVABLE, Account(settlement.account), booking.REVERSED)
    _pay_by_what_came_twice(bill, by)


def _pay_by_what_came_twice(bill, by):
    """The family paid in earnest as well, and was promised that money back: now it pays the bill."""
    due = Refund.objects.select_for_update(of=("self",), no_key=True).select_related("settlement")
    twice = due.filter(bill=bill, state=Refund.State.REFUND_DUE, settlement__state=State.DUPLICATE)
    refund = twice.order_by("pk").first()
    if refund is None or refund.settlement.amount != bill.amount:
        return
    refund.close(Refund.State.WITHDRAWN, note=NOT_TWICE)
    money = Settlement.objects.select_for_update(no_key=True).get(pk=refund.settlement_id)
    money.move_to(State.APPLIED)
    bill.move_to(Bill.State.PAID, paid_on=timezone.localdate(money.paid_at))
    _book(money, Account.REFUNDS, Account.RECEIVABLE, booking.RESOLVED)
    money_notify.refund_kept(refund)
    log.record("settlement.applied", by=by, target=bill, school=bill.school, data={"settlement": money.pk})


def _tell_reopened(bills, untold):
    news = [one for one in bills if one.pk not in untold]
    notify.reopened(news)
    if news:
        bills_reopened.send(Bill, bills=news)
    for batch in {one.batch for one in bills if one.batch.state == BillBatch.State.CLOSED}:
        transaction.on_commit(partial(_close_again, batch.pk))


def _close_again(batch):
    """Nothing is open in a batch that is closed."""
    tasks.close_batch.enqueue(batch)


@transaction.atomic
def correct(
    *, payment: CounterPayment, bills: Sequence[Bill], amount: int, code: str, account: Account, reason: str, by: User
) -> CounterPayment:
    """更正: the wrong entry is reversed and the right one made, together or not at all. Raises as both of them."""
    before = list(payment.settlements.values_list("bill_id", flat=True))
    # All rows at once, in the order of their keys.
    list(Bill.objects.locked().filter(pk__in=[*before, *(one.pk for one in bills)]))
    same = [one.pk for one in bills if one.pk in before]
    wrong = reverse(payment=payment, reason=reason, by=by, untold=same)
    key = f"correct:{payment.pk}"
    return take_money(
        bills=bills, amount=amount, code=code, account=account, key=key, by=by, replaces=wrong, untold=same,
        one_each=payment.receipts.count() > 1,
    )  # fmt: skip


def _book(settlement, debit, credit, what):
    booking.book(
        debit=debit,
        credit=credit,
        amount=settlement.amount,
        what=what,
        school_id=settlement.school_id,
        bill_id=settlement.bill_id,
        settlement=settlement,
    )
