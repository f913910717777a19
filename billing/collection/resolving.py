"""The cashier's work list: money that fitted no bill finds its place, always with a reason."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills.models import Bill
from billing.ledger import booking
from billing.ledger.models import Account
from billing.payments import notify
from billing.payments.models import Payment, Refund, Settlement
from billing.payments.settling import close_payments, owe_back
from billing.signals import bills_paid
from registry.models import School

State = Settlement.State


class AlreadyResolved(Exception):
    """A colleague was faster."""


class DoesNotFit(Exception):
    """The bill is not of this school, or not of this amount, or can't be paid."""


@transaction.atomic
def resolve_for_bill(*, settlement: Settlement, bill: Bill, reason: str, by: User) -> Settlement:
    """The money is for `bill`: it pays it, or is owed back where it is paid already. Raises DoesNotFit."""
    bill = Bill.objects.locked().select_related("school", "student").get(pk=bill.pk)
    settlement = _locked(settlement)
    pays = bill.state == Bill.State.ISSUED
    if bill.school_id != settlement.school_id or bill.state in (*Bill.NOT_YET, Bill.State.VOID):
        raise DoesNotFit
    if pays and settlement.amount != bill.amount:
        raise DoesNotFit
    _close(settlement, State.APPLIED if pays else State.DUPLICATE, reason, by, bill=bill)
    if pays:
        bill.move_to(Bill.State.PAID, paid_on=timezone.localdate(settlement.paid_at))
        _book(settlement, Account.SUSPENSE, Account.RECEIVABLE)
        bills_paid.send(Bill, bills=[bill])
    else:
        owe_back([settlement], why=reason)
        _book(settlement, Account.SUSPENSE, Account.REFUNDS)
    close_payments([settlement])
    notify.settled([settlement])
    return settlement


@transaction.atomic
def resolve_by_refund(*, settlement: Settlement, reason: str, by: User) -> Settlement:
    """The money goes back to who paid it."""
    settlement = _locked(settlement)
    _close(settlement, State.RESOLVED, reason, by)
    owe_back([settlement], why=reason)
    _book(settlement, Account.SUSPENSE, Account.REFUNDS)
    return settlement


@transaction.atomic
def resolve_as_no_money(*, settlement: Settlement, reason: str, by: User) -> Settlement:
    """Somebody was mistaken: there was no such money. Its booking is taken back."""
    settlement = _locked(settlement)
    _close(settlement, State.RESOLVED, reason, by, is_money=False)
    _book(settlement, Account.SUSPENSE, Account(settlement.account), what=booking.WITHDRAWN)
    return settlement


@transaction.atomic
def hand_to_school(*, settlement: Settlement, school: School, by: User) -> Settlement:
    """The city found out whose money it is, told of under a reference that nobody knew: that school's cashier goes on.

    Raises AlreadyResolved, also where it is a school's already.
    """
    settlement = _locked(settlement)
    if settlement.school_id:
        raise AlreadyResolved
    _book(settlement, Account.SUSPENSE, Account(settlement.account), what=booking.HANDED_OVER)
    settlement.school = school
    settlement.save(update_fields=["school"])
    _book(settlement, Account(settlement.account), Account.SUSPENSE, what=booking.HANDED_OVER)
    data = {"settlement": settlement.pk, "amount": settlement.amount}
    log.record("settlement.handed_over", by=by, target=settlement, school=school, data=data)
    return settlement


@transaction.atomic
def withdraw_refund(*, refund: Refund, reason: str, by: User) -> Refund:
    """There was no such money: the same payment was told of twice, say by two files of two days. Nothing goes back.

    Raises AlreadyResolved, also for the refund of money that did pay a bill.
    """
    refund = Refund.objects.select_for_update(of=("self",), no_key=True).select_related("settlement").get(pk=refund.pk)
    if not refund.may_be_a_mistake:
        raise AlreadyResolved
    settlement = Settlement.objects.select_for_update(no_key=True).get(pk=refund.settlement_id)
    refund.close(Refund.State.WITHDRAWN, note=reason)
    if settlement.state == State.RESOLVED:
        settlement.is_money = False
        settlement.save(update_fields=["is_money"])
        _record(settlement, reason, by)
    else:
        _close(settlement, State.RESOLVED, reason, by, is_money=False)
    _book(settlement, Account.REFUNDS, Account(settlement.account), what=booking.WITHDRAWN)
    notify.refund_withdrawn(refund)
    return refund


def _locked(settlement):
    """Its payment first: a notice of the gateway may be about to correct it."""
    list(Payment.objects.select_for_update(no_key=True).filter(pk=settlement.payment_id))
    settlement = Settlement.objects.select_for_update(no_key=True).get(pk=settlement.pk)
    if settlement.state not in Settlement.OPEN:
        raise AlreadyResolved
    return settlement


def _close(settlement, state, reason, by, **fields):
    who = {"resolution": reason, "resolved_by": by, "resolved_at": timezone.now()}
    settlement.move_to(state, **who, **fields)
    _record(settlement, reason, by)


def _record(settlement, reason, by):
    log.record(
        "settlement.resolved",
        by=by,
        target=settlement.bill or settlement,
        school=settlement.school,
        data={"settlement": settlement.pk, "state": settlement.state, "amount": settlement.amount, "reason": reason},
    )


def _book(settlement, debit, credit, what=booking.RESOLVED):
    booking.book(
        debit=debit,
        credit=credit,
        amount=settlement.amount,
        what=what,
        school_id=settlement.school_id,
        bill_id=settlement.bill_id,
        settlement=settlement,
    )
