"""Money that a cashier takes at the counter, and money that goes back."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills.models import Bill
from billing.ledger import booking
from billing.ledger.models import Account, LedgerEntry
from billing.payments import notify
from billing.payments.models import Refund, Settlement
from billing.payments.models.settlement import COUNTER
from billing.payments.settling import Money, apply_settlements

CHANNEL = COUNTER


class NotOpen(Exception):
    """The bill is not one that money is owed for, or somebody was faster."""


@transaction.atomic
def take_cash(*, bill: Bill, amount: int, receipt: str, account: Account = Account.CASH, by: User) -> Settlement:
    """Cash, or a transfer that the cashier saw on the account; `receipt` is the number on the paper.

    Raises NotOpen: at the counter nobody takes money for a bill that is paid.
    """
    locked = Bill.objects.locked().get(pk=bill.pk)
    key = f"counter:{bill.school_id}:{receipt}:{bill.pk}"
    if Settlement.objects.filter(key=key).exists():
        return Settlement.objects.get(key=key)
    if locked.state != Bill.State.ISSUED or amount != locked.amount:
        raise NotOpen
    money = Money(
        key=key, account=account, amount=amount, paid_at=timezone.now(), bill_id=bill.pk, channel=CHANNEL, code=receipt
    )
    return apply_settlements([money], by=by)[0]


class AlreadyRefunded(Exception):
    """A colleague wrote down that the money went back in another way; `refund` says how."""

    def __init__(self, refund):
        super().__init__()
        self.refund = refund


@transaction.atomic
def refund(*, refund: Refund, way: str, note: str, by: User) -> Refund:
    """The money went back. Pressed twice, it goes once; raises AlreadyRefunded where a colleague was faster."""
    refund = (
        Refund.objects.select_for_update(of=("self",), no_key=True)
        .select_related("settlement__payment__started_by", "bill__school", "bill__student")
        .get(pk=refund.pk)
    )
    if refund.state == Refund.State.REFUNDED:
        if (refund.way, refund.note, refund.refunded_by_id) != (way, note, by.pk):
            raise AlreadyRefunded(refund)
        return refund
    refund.move_to(Refund.State.REFUNDED, way=way, note=note, refunded_at=timezone.now(), refunded_by=by)
    from_account = Account.CASH if way == Refund.Way.CASH else Account.BANK
    if way == Refund.Way.CARD:
        from_account = Account.GATEWAY
    booking.book(
        debit=Account.REFUNDS,
        credit=from_account,
        amount=refund.amount,
        what=booking.REFUNDED,
        school_id=refund.settlement.school_id,
        bill_id=refund.bill_id,
        settlement=refund.settlement,
    )
    _finish_bill(refund)
    log.record(
        "refund.made", by=by, target=refund.bill or refund.settlement, data={"amount": refund.amount, "way": way}
    )
    notify.refunded(refund)
    return refund


def _finish_bill(refund):
    """A bill whose own money goes back is refunded; one that was paid twice stays paid."""
    if refund.bill_id and refund.settlement.state == Settlement.State.APPLIED:
        bill = Bill.objects.locked().get(pk=refund.bill_id)
        bill.move_to(Bill.State.REFUNDED)


@transaction.atomic
def cancel_paid(*, bill: Bill, reason: str, by: User) -> Refund:
    """A paid bill is owed back as a whole: the child left, the fee was charged wrongly."""
    bill = Bill.objects.locked().get(pk=bill.pk)
    if bill.state != Bill.State.PAID or not bill.amount:
        raise NotOpen
    bill.move_to(Bill.State.REFUND_DUE)
    settlement = bill.settlements.get(state=Settlement.State.APPLIED)
    due = Refund.objects.create(settlement=settlement, bill=bill, amount=bill.amount, why=reason)
    LedgerEntry.objects.create(
        school_id=bill.school_id,
        debit=Account.INCOME,
        credit=Account.REFUNDS,
        amount=bill.amount,
        what=booking.CANCELLED,
        bill=bill,
        settlement=settlement,
    )
    log.record("refund.due", by=by, target=bill, data={"amount": bill.amount, "reason": reason})
    return due
