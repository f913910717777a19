"""Money that goes back: how much of a paid bill is owed back, and that it went.

What is owed back of a bill is counted in the bill (`owed_back`), which the database keeps below what was paid.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills.models import Bill
from billing.ledger import booking
from billing.ledger.models import Account
from billing.payments import notify
from billing.payments.models import Refund, Settlement
from billing.payments.payee import Payee

State = Refund.State
FROM: dict[str, Account] = {
    Refund.Way.CASH: Account.CASH,
    Refund.Way.CARD: Account.GATEWAY,
    Refund.Way.TRANSFER: Account.BANK,
}


class NotRefundable(Exception):
    """The bill is not paid, or less than this can go back of it."""


class OneIsDue(Exception):
    """A refund of this bill is due already: deal with it first."""


class NotDue(Exception):
    """The refund went, or was taken back."""


class AtTheBank(Exception):
    """The bank was asked to pay it: what comes of that is told at the file."""


class AlreadyRefunded(Exception):
    """A colleague wrote down that the money went back in another way; `refund` says how."""

    def __init__(self, refund: Refund) -> None:
        super().__init__()
        self.refund = refund


@transaction.atomic
def give_back(*, bill: Bill, amount: int, reason: str, by: User) -> Refund:
    """Whole dollars of what paid `bill` are owed back to its family. Raises NotRefundable and OneIsDue."""
    bill = Bill.objects.locked().get(pk=bill.pk)
    if bill.state == Bill.State.REFUND_DUE:
        raise OneIsDue
    if not 0 < amount <= bill.refundable:
        raise NotRefundable
    settlement = bill.settlements.get(state=Settlement.State.APPLIED)
    bill.owed_back += amount
    bill.move_to(Bill.State.REFUND_DUE, owed_back=bill.owed_back)
    due = Refund.objects.create(settlement=settlement, bill=bill, amount=amount, why=reason)
    _book(due, Account.INCOME, Account.REFUNDS, booking.CANCELLED)
    log.record("refund.due", by=by, target=bill, school=bill.school, data={"amount": amount, "reason": reason})
    return due


@transaction.atomic
def take_back(*, refund: Refund, reason: str, by: User) -> Refund:
    """The refund was put down wrongly, and nothing of it went: what was paid stays. Raises NotDue.

    Money that came twice is another matter: see `resolving.withdraw_refund`.
    """
    bill = Bill.objects.locked().get(pk=refund.bill_id)
    refund = locked(refund)
    if refund.state != State.REFUND_DUE or refund.settlement.state != Settlement.State.APPLIED:
        raise NotDue
    refund.close(State.WITHDRAWN, note=reason)
    bill.owed_back -= refund.amount
    _settle_state(bill)
    _book(refund, Account.REFUNDS, Account.INCOME, booking.KEPT)
    log.record("refund.taken_back", by=by, target=bill, school=bill.school, data={"amount": refund.amount})
    return refund


@transaction.atomic
def refund(*, refund: Refund, way: str, note: str, by: User) -> Refund:
    """The money went back. Pressed twice, it goes once; raises AlreadyRefunded where a colleague was faster, and AtTheBank."""
    if refund.bill_id:
        Bill.objects.locked().get(pk=refund.bill_id)
    refund = locked(refund)
    if refund.state == State.SENT:
        raise AtTheBank
    if refund.state == State.REFUNDED:
        if (refund.way, refund.note, refund.refunded_by_id) != (way, note, by.pk):
            raise AlreadyRefunded(refund)
        return refund
    write_down(refund, way=way, note=note, by=by)
    return refund


@transaction.atomic
def keep_payee(*, refund: Refund, payee: Payee, by: User) -> Refund:
    """Where the money is to go, while it is due. Raises NotDue."""
    refund = locked(refund)
    if refund.state != State.REFUND_DUE:
        raise NotDue
    refund.payee_cipher = payee.sealed()
    refund.save(update_fields=["payee_cipher"])
    log.record("refund.payee_kept", by=by, target=refund.bill or refund.settlement, school=refund.settlement.school)
    return refund


def write_down(refund: Refund, *, way: str, note: str, by: User) -> None:
    """What follows from money that went: the caller has locked the bill and the refund. Raises InvalidMove."""
    refund.close(State.REFUNDED, way=way, note=note, refunded_at=timezone.now(), refunded_by=by)
    _book(refund, Account.REFUNDS, FROM[way], booking.REFUNDED)
    if refund.bill_id and refund.settlement.state == Settlement.State.APPLIED:
        _settle_state(Bill.objects.locked().get(pk=refund.bill_id))
    data = {"amount": refund.amount, "way": way}
    log.record("refund.made", by=by, target=refund.bill or refund.settlement, data=data)
    notify.refunded(refund)


def locked(refund: Refund) -> Refund:
    """The refund as it is now, held until the transaction ends; the caller has locked its bill before."""
    rows = Refund.objects.select_for_update(of=("self",), no_key=True)
    whose = ("settlement__payment__started_by", "settlement__school", "bill__school", "bill__student")
    return rows.select_related(*whose).get(pk=refund.pk)


def _settle_state(bill):
    """What the bill is when nothing of it is due any more; its row is locked."""
    if not bill.owed_back:
        bill.move_to(Bill.State.PAID, owed_back=0)
    elif bill.owed_back == bill.amount:
        bill.move_to(Bill.State.REFUNDED, owed_back=bill.owed_back)
    else:
        bill.move_to(Bill.State.PART_REFUNDED, owed_back=bill.owed_back)


def _book(refund, debit, credit, what):
    booking.book(
        debit=debit,
        credit=credit,
        amount=refund.amount,
        what=what,
        school_id=refund.settlement.school_id,
        bill_id=refund.bill_id,
        settlement=refund.settlement,
    )
