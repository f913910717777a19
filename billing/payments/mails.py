"""Mails about money that came and went. Both parents hear that a bill is paid, neither hears who paid."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from billing.bills.models import Bill
from billing.payments.models import Payment, Refund, Settlement
from notifications.mails import Draft, Reader, mail, name_of


@mail()
def bill_paid(settlement: Settlement, *, to: Reader) -> Draft:
    """「已收到繳費」 to the parents bound to the child."""
    return _of_money(settlement, to, paid_on=timezone.localdate(settlement.paid_at))


@mail()
def payment_duplicate(settlement: Settlement, *, to: Reader) -> Draft:
    """「多收的款項會退還」 to who paid twice, where that is known; else to the parents."""
    return _of_money(settlement, to, paid_on=timezone.localdate(settlement.paid_at))


@mail()
def payment_refunded(refund: Refund, *, to: Reader) -> Draft:
    """「已退款」 to who paid, where that is known; else to the parents."""
    # Called when the mail is written, in the reader's language.
    return _of_money(refund.settlement, to, amount=refund.amount, way=refund.get_way_display)


@mail()
def refund_withdrawn(refund: Refund, *, to: Reader) -> Draft:
    """「沒有多收款項」 to who was told of money to come back."""
    return _of_money(refund.settlement, to)


@mail()
def refund_kept(refund: Refund, *, to: Reader) -> Draft:
    """「款項已用來繳清，不會退還」: what it doubled was a mistake of the counter."""
    return _of_money(refund.settlement, to)


@mail()
def payment_code(payment: Payment, bills: Sequence[Bill], *, to: Reader) -> Draft:
    """「繳費代碼」 to who asked for it: what to type or say at the store or the ATM, and until when."""
    context = {"payment": payment, "bills": [(name_of(bill.student, to), bill) for bill in bills]}
    return Draft(to=to, about=payment, school=payment.school, context=context, not_after=payment.pay_until)


def _of_money(settlement: Settlement, to: Reader, **more: Any) -> Draft:
    bill = settlement.bill
    context = {"bill": bill, "title": bill.title_for_reader, "amount": settlement.amount} | more
    return Draft(to=to, about=bill, school=bill.school, student=bill.student, context=context)
