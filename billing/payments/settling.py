"""Money that came: each piece is applied once, whatever told of it, in which order and how often.

One place decides for gateways, collection files and the counter. It locks the bills in the order of their keys,
then looks; a bill that is settled already makes the money a refund that is due. What fits no bill goes to the
cashier's work list. Nothing is dropped.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import User
from audit import log
from billing.bills.models import Bill
from billing.ledger import booking
from billing.ledger.models import Account, LedgerEntry
from billing.payments import notify
from billing.payments.models import Payment, Refund, Settlement
from billing.signals import bills_paid

State = Settlement.State

WRONG_AMOUNT = gettext_noop("金額和繳費單不同")
WRONG_TIME = gettext_noop("付款時間不合理")
NO_SUCH_PAYMENT = gettext_noop("沒有這個付款編號")
NO_SUCH_BILL = gettext_noop("找不到這個銷帳編號")
CANNOT_TAKE = gettext_noop("繳費單已作廢或尚未發出")
SAME_NUMBER = gettext_noop("交易序號和先前入帳的一筆相同，日期或金額不同")
REPEATED = gettext_noop("另一個檔案有同一天、同金額的一筆，可能是同一筆錢")
STILL_WAITING = gettext_noop("收到款項時，繳費單還沒有通知家長")
PAID_TWICE = gettext_noop("同一張繳費單已經銷帳")


@dataclass(slots=True)
class Money:
    """One piece of money as somebody told of it. The same `key` is the same piece."""

    key: str
    account: Account
    amount: int
    paid_at: datetime
    bill_id: int | None = None
    payment: Payment | None = None
    school_id: int | None = None
    channel: str = ""
    code: str = ""
    number: str = ""  # the bank's number of the transaction, as it is compared
    counter_id: int | None = None  # the press at the counter that it came by
    trouble: str = ""  # why it can't be for the bill, known before the bill is looked at


@transaction.atomic
def apply_settlements(
    pieces: Sequence[Money], *, by: User | None, notes_paid: bool = True, untold: Collection[int] = ()
) -> list[Settlement]:
    """Apply each piece to its bill where it fits; returns the new settlements. A piece told of before is left out.

    `notes_paid`: what paid its bill has an event of its own; the lines of a file have one together. `untold`: keys of
    bills whose families know already that they are paid.

    Query count does not grow with the number of pieces, but for what is written of online payments.
    """
    bills = lock_bills(pieces)
    known = set(Settlement.objects.filter(key__in=[one.key for one in pieces]).values_list("key", flat=True))
    settlements = []
    for money in pieces:
        if money.key not in known:
            known.add(money.key)
            settlements.append(_settlement_of(money, bills.get(money.bill_id)))
    Settlement.objects.bulk_create(settlements, batch_size=500)
    write_down(settlements, bills, by=by, notes_paid=notes_paid, untold=untold)
    close_payments(settlements)
    return settlements


def lock_bills(pieces):
    keys = {one.bill_id for one in pieces if one.bill_id}
    rows = Bill.objects.locked().filter(pk__in=keys).select_related("school", "student__school_class", "batch")
    return {bill.pk: bill for bill in rows}


def _settlement_of(money, bill):
    state, why = judge(money, bill)
    school_id = bill.school_id if bill else money.school_id
    if bill is None and money.payment is not None:
        school_id = money.payment.school_id
    if state == State.APPLIED:
        bill.set_state(Bill.State.PAID, paid_on=timezone.localdate(money.paid_at))
    return Settlement(
        key=money.key,
        state=state,
        school_id=school_id,
        bill=bill,
        payment=money.payment,
        counter_id=money.counter_id,
        account=money.account,
        amount=money.amount,
        paid_at=money.paid_at,
        channel=money.channel,
        code=money.code,
        number=money.number,
        why=why,
    )


def judge(money, bill):
    """(state, why) of money for a locked bill. The bill's state changes with the first that is applied."""
    if money.trouble:
        unknown = money.trouble in (NO_SUCH_PAYMENT, NO_SUCH_BILL)
        return (State.UNKNOWN if unknown else State.MISMATCH), money.trouble
    if bill is None:
        return State.UNKNOWN, NO_SUCH_BILL
    if money.amount != bill.amount:
        return State.MISMATCH, WRONG_AMOUNT
    if bill.state == Bill.State.ISSUED:
        return State.APPLIED, ""
    if bill.state in Bill.SETTLED:
        return State.DUPLICATE, PAID_TWICE
    return State.MISMATCH, STILL_WAITING if bill.state == Bill.State.WAITING else CANNOT_TAKE


def write_down(settlements, bills, *, by, notes_paid=True, untold=()):
    """What follows from new settlements: bills, ledger, refunds, events, mails; all in bulk."""
    paid = [bills[one.bill_id] for one in settlements if one.state == State.APPLIED]
    for day in {one.paid_on for one in paid}:
        keys = [one.pk for one in paid if one.paid_on == day]
        Bill.objects.filter(pk__in=keys).update(state=Bill.State.PAID, paid_on=day)
    LedgerEntry.objects.bulk_create([_entry_of(one) for one in settlements], batch_size=500)
    duplicates = [one for one in settlements if one.state == State.DUPLICATE]
    owe_back(duplicates, why=PAID_TWICE)
    for one in settlements:
        if one.state != State.APPLIED or notes_paid:
            log.record(
                f"settlement.{one.state}",
                by=by,
                target=one.bill or one,
                school=bills[one.bill_id].school if one.bill_id else None,
                data={"settlement": one.pk, "amount": one.amount, "channel": one.channel},
            )
    news = [one for one in settlements if one.bill_id not in untold]
    notify.settled([one for one in news if one.state in (State.APPLIED, State.DUPLICATE)])
    if paid:
        bills_paid.send(Bill, bills=paid)


def owe_back(settlements: Sequence[Settlement], *, why: str) -> list[Refund]:
    """Put money into the cashier's queue of refunds."""
    return Refund.objects.bulk_create(
        [Refund(settlement=one, bill_id=one.bill_id, amount=one.amount, why=why[:200]) for one in settlements],
        batch_size=500,
    )


def close_payments(settlements: Sequence[Settlement]) -> None:
    """A payment is settled when it paid one of its bills, duplicate when none; it brings nothing more."""
    by_payment: dict[int, list] = {}
    for one in settlements:
        if one.payment_id and one.bill_id:
            by_payment.setdefault(one.payment_id, []).append(one)
    for payment in Payment.objects.select_for_update(no_key=True).filter(pk__in=by_payment).order_by("pk"):
        applied = any(one.state == State.APPLIED for one in by_payment[payment.pk])
        wanted = Payment.State.SETTLED if applied else Payment.State.DUPLICATE
        if payment.can_move_to(wanted):
            payment.move_to(wanted)
            payment.parts.update(is_live=False)


# Where the money of a settlement goes to, by what it is.
GOES_TO = {
    Settlement.State.APPLIED: Account.RECEIVABLE,
    Settlement.State.DUPLICATE: Account.REFUNDS,
    Settlement.State.UNKNOWN: Account.SUSPENSE,
    Settlement.State.MISMATCH: Account.SUSPENSE,
}


def _entry_of(settlement):
    """Money came: it lies in its account, and pays a bill, is owed back, or is looked into."""
    return LedgerEntry(
        school_id=settlement.school_id,
        debit=settlement.account,
        credit=GOES_TO[settlement.state],
        amount=settlement.amount,
        what=booking.SETTLED,
        bill_id=settlement.bill_id,
        settlement=settlement,
    )
