"""What follows from a gateway's notice: money for its bills, a doubt for the cashier's work list, or progress noted."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from audit import log
from billing.ledger import booking
from billing.ledger.models import Account
from billing.payments import notify
from billing.payments.gateways import Notice, Outcome
from billing.payments.models import Payment, Settlement
from billing.payments.settling import NO_SUCH_PAYMENT, WRONG_AMOUNT, WRONG_TIME, Money, apply_settlements, lock_bills

# How far a gateway's clock may be from ours.
CLOCKS_DIFFER = timedelta(minutes=15)
DECIDED = gettext_noop("出納已經處理過這筆付款，金額不同")
CORRECTED = gettext_noop("付款公司之後通知了正確的付款資料，這一筆不是另外的錢")


def take_notice(notice: Notice) -> list[Settlement]:
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
        return _doubt(notice, payment, trouble) if trouble else _apply(notice, payment)
    if payment and notice.outcome in (Outcome.CODE_ISSUED, Outcome.FAILED):
        _note_progress(payment, notice)
    return []


def _money_of(notice, payment):
    """A payment of several bills is a piece of money for each of them."""
    for part in payment.parts.order_by("bill_id"):
        key = f"{notice.gateway}:{notice.reference}:{part.bill_id}"
        about = _told(notice, payment)
        yield Money(key=key, amount=part.amount, bill_id=part.bill_id, **about)


def _apply(notice, payment):
    """The cashier's decision about this payment's money stands; doubts that nobody looked into yet were this same money."""
    pieces = list(_money_of(notice, payment))
    lock_bills(pieces)
    payment = _lock_payment(payment)
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
    """Money that does not fit goes to the work list as one piece; its key names the amount and day, so that a correction counts."""
    if payment is not None:
        payment = _lock_payment(payment)
        if trouble == WRONG_TIME and payment.has_brought_money:
            return []  # the same money, told of once more
    if not notice.amount:
        return []
    key = f"{notice.gateway}:{notice.reference}:{notice.amount}:{notice.at:%Y%m%d}"[:120]
    money = Money(key=key, amount=notice.amount, trouble=trouble, **_told(notice, payment))
    return apply_settlements([money], by=None)


def _told(notice, payment) -> dict[str, Any]:
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
        doubt.move_to(Settlement.State.RESOLVED, is_money=False, resolution=CORRECTED, resolved_at=timezone.now())
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
    payment = _lock_payment(payment)
    issued = notice.outcome == Outcome.CODE_ISSUED
    if issued and payment.state in (Payment.State.STARTED, Payment.State.FAILED):
        payment.code, payment.code_until = notice.code[:80], notice.code_until
        payment.bank_code = notice.bank_code
    elif not issued and not payment.has_brought_money:
        payment.refused_at = payment.refused_at or timezone.now()
    wanted = Payment.State.CODE_ISSUED if issued else Payment.State.FAILED
    if payment.can_move_to(wanted):
        payment.set_state(wanted)
        payment.parts.update(is_live=payment.is_live)
        log.record(f"payment.{wanted}", target=payment, school=payment.school)
        if issued:
            notify.code_issued(payment)
    payment.save(update_fields=["state", "code", "bank_code", "code_until", "refused_at"])


def _lock_payment(payment):
    """Bills are locked before payments, payments before settlements."""
    return Payment.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=payment.pk)
