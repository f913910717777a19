"""Money that came: each piece is applied once, whatever told of it, in which order and how often.

One place decides for gateways, collection files and the counter. It locks the bills in the order of their keys,
then looks; a bill that is settled already makes the money a refund that is due. What fits no bill goes to the
cashier's work list. Nothing is dropped.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from audit import log
from billing.bills.models import Bill
from billing.ledger import booking
from billing.ledger.models import Account, LedgerEntry
from billing.payments import notify
from billing.payments.gateways import Notice, Outcome
from billing.payments.models import Payment, Refund, Settlement
from billing.signals import bills_settled

State = Settlement.State
# How far a gateway's clock may be from ours.
CLOCKS_DIFFER = timedelta(minutes=15)

WRONG_AMOUNT = gettext_noop("金額和繳費單不同")
WRONG_TIME = gettext_noop("付款時間不合理")
NO_SUCH_PAYMENT = gettext_noop("沒有這個付款編號")
NO_SUCH_BILL = gettext_noop("找不到這個銷帳編號")
CANNOT_TAKE = gettext_noop("繳費單已作廢或尚未發出")
SAME_NUMBER = gettext_noop("交易序號和先前入帳的一筆相同，日期或金額不同")
REPEATED = gettext_noop("另一個檔案有同一天、同金額的一筆，可能是同一筆錢")
STILL_WAITING = gettext_noop("收到款項時，繳費單還沒有通知家長")
PAID_TWICE = gettext_noop("同一張繳費單已經銷帳")
DECIDED = gettext_noop("出納已經處理過這筆付款，金額不同")
CORRECTED = gettext_noop("付款公司之後通知了正確的付款資料，這一筆不是另外的錢")


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
    trouble: str = ""  # why it can't be for the bill, known before the bill is looked at


def take_notice(notice: Notice):
    """What follows from a verified notice of a gateway. Returns the settlements it brought, usually none or one."""
    try:
        return _take(notice)
    except IntegrityError:
        # Two of the same came at once for money without a bill to lock: the other one has written it.
        return _take(notice)


@transaction.atomic
def _take(notice):
    payment = Payment.objects.filter(reference=notice.reference, gateway=notice.gateway).first()
    if notice.outcome == Outcome.PAID:
        trouble = _trouble_of(notice, payment)
        return _doubt(notice, payment, trouble) if trouble else _settle(notice, payment)
    if payment and notice.outcome in (Outcome.CODE_ISSUED, Outcome.FAILED):
        _note_progress(payment, notice)
    return []


def _money_of(notice, payment):
    """A payment of several bills is a piece of money for each of them."""
    for part in payment.parts.order_by("bill_id"):
        key = f"{notice.gateway}:{notice.reference}:{part.bill_id}"
        about = _told(notice, payment)
        yield Money(key=key, amount=part.amount, bill_id=part.bill_id, **about)


def _settle(notice, payment):
    """What the cashier decided of this payment's money stands; what nobody looked into yet was this same money."""
    pieces = list(_money_of(notice, payment))
    _locked_bills(pieces)
    payment = _locked_payment(payment)
    told = Settlement.objects.filter(payment=payment)
    if not told.filter(key=pieces[0].key).exists():
        decided = told.filter(resolved_by__isnull=False, is_money=True).values_list("amount", flat=True)
        if payment.amount in decided:
            return []
        if decided:
            return _doubt(notice, payment, DECIDED)
        _withdraw_doubts(payment)
    return apply_settlements(pieces, by=None)


def _doubt(notice, payment, trouble):
    """What does not fit is one piece for the work list; its key holds what was told, so that a correction is heard."""
    if payment is not None:
        payment = _locked_payment(payment)
        if trouble == WRONG_TIME and payment.has_brought_money:
            return []  # the same money, told of once more
    if not notice.amount:
        return []
    key = f"{notice.gateway}:{notice.reference}:{notice.amount}:{notice.at:%Y%m%d}"[:120]
    money = Money(key=key, amount=notice.amount, trouble=trouble, **_told(notice, payment))
    return apply_settlements([money], by=None)


def _told(notice, payment):
    return {
        "account": Account.GATEWAY,
        "paid_at": notice.at,
        "channel": f"{notice.gateway} {notice.method}".strip(),
        "code": notice.reference[:40],
        "payment": payment,
    }


def _withdraw_doubts(payment):
    """A gateway corrected itself: what it told of before must not be paid back as other money."""
    doubts = Settlement.objects.select_for_update(no_key=True).filter(payment=payment, bill=None)
    for doubt in doubts.work_list().order_by("pk"):
        doubt.move_to(State.RESOLVED, is_money=False, resolution=CORRECTED, resolved_at=timezone.now())
        booking.book(
            debit=Account.SUSPENSE,
            credit=Account(doubt.account),
            amount=doubt.amount,
            what=booking.WITHDRAWN,
            school_id=doubt.school_id,
            settlement=doubt,
        )
        data = {"settlement": doubt.pk, "state": doubt.state, "amount": doubt.amount, "reason": CORRECTED}
        log.record("settlement.resolved", target=doubt, school=doubt.school, data=data)


def _trouble_of(notice, payment):
    if payment is None:
        return NO_SUCH_PAYMENT
    if notice.amount != payment.amount:
        return WRONG_AMOUNT
    if not payment.started_at - CLOCKS_DIFFER <= notice.at <= timezone.now() + CLOCKS_DIFFER:
        return WRONG_TIME
    return ""


def _note_progress(payment, notice):
    """A code was issued, or the attempt failed; whatever comes after the money changes nothing."""
    payment = _locked_payment(payment)
    issued = notice.outcome == Outcome.CODE_ISSUED
    if issued and payment.state in (Payment.State.STARTED, Payment.State.FAILED):
        payment.code, payment.code_until = notice.code[:80], notice.code_until
    wanted = Payment.State.CODE_ISSUED if issued else Payment.State.FAILED
    if payment.can_move_to(wanted):
        payment.set_state(wanted)
        payment.parts.update(is_live=payment.is_live)
        log.record(f"payment.{wanted}", target=payment, school=payment.school)
    payment.save(update_fields=["state", "code", "code_until"])


def _locked_payment(payment):
    """Bills are locked before payments, payments before settlements."""
    return (
        Payment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=payment.pk)
    )


@transaction.atomic
def apply_settlements(pieces, *, by, tell=True):
    """Settle what can be settled; returns the new settlements. A piece told of before is left out.

    Query count does not grow with the number of pieces, but for what is written of online payments.
    """
    bills = _locked_bills(pieces)
    known = set(Settlement.objects.filter(key__in=[one.key for one in pieces]).values_list("key", flat=True))
    settlements = []
    for money in pieces:
        if money.key not in known:
            known.add(money.key)
            settlements.append(_settlement_of(money, bills.get(money.bill_id)))
    Settlement.objects.bulk_create(settlements, batch_size=500)
    write_down(settlements, bills, by=by, tell=tell)
    close_payments(settlements)
    return settlements


def _locked_bills(pieces):
    keys = {one.bill_id for one in pieces if one.bill_id}
    rows = Bill.objects.locked().filter(pk__in=keys).select_related("school", "student__school_class")
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
    if bill.state in (Bill.State.PAID, Bill.State.REFUND_DUE, Bill.State.REFUNDED):
        return State.DUPLICATE, PAID_TWICE
    return State.MISMATCH, STILL_WAITING if bill.state == Bill.State.WAITING else CANNOT_TAKE


def write_down(settlements, bills, *, by, tell=True):
    """What follows from new settlements: bills, ledger, refunds, events, mails; all in bulk."""
    paid = [bills[one.bill_id] for one in settlements if one.state == State.APPLIED]
    for day in {one.paid_on for one in paid}:
        keys = [one.pk for one in paid if one.paid_on == day]
        Bill.objects.filter(pk__in=keys).update(state=Bill.State.PAID, paid_on=day)
    LedgerEntry.objects.bulk_create([_entry_of(one) for one in settlements], batch_size=500)
    duplicates = [one for one in settlements if one.state == State.DUPLICATE]
    owe_back(duplicates, why=PAID_TWICE)
    for one in settlements:
        if one.state != State.APPLIED or tell:
            log.record(
                f"settlement.{one.state}",
                by=by,
                target=one.bill or one,
                school=bills[one.bill_id].school if one.bill_id else None,
                data={"settlement": one.pk, "amount": one.amount, "channel": one.channel},
            )
    notify.settled([one for one in settlements if one.state in (State.APPLIED, State.DUPLICATE)])
    if paid:
        bills_settled.send(Bill, bills=paid)


def owe_back(settlements, *, why):
    """Put money into the cashier's queue of refunds."""
    return Refund.objects.bulk_create(
        [
            Refund(settlement=one, bill_id=one.bill_id, amount=one.amount, why=why[:200])
            for one in settlements
        ],
        batch_size=500,
    )


def close_payments(settlements):
    """A payment is settled when one of its bills was, duplicate when none; it may bring nothing more."""
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
