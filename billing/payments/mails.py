"""Mails about money that came and went. Both parents hear that a bill is paid, neither hears who paid.

Who paid hears of the own money as long as nobody has cut this person off from the child.
"""

from dataclasses import dataclass

from django.utils import timezone

from accounts.languages import language_of
from billing.bills.mails import bindings_of, is_cut_off
from billing.payments.models import Settlement
from notifications.outbox import draft, enqueue_all


@dataclass(frozen=True)
class Reader:
    """Where to write, and in which language."""

    email: str
    language: str

    @classmethod
    def of(cls, binding):
        return cls(binding.account.user.email, binding.language)


def settled(settlements):
    """To the bound parents: paid. Of money that came twice: to who paid it, or else to the parents."""
    settlements = [one for one in settlements if one.bill_id]
    bound = bindings_of({one.bill.student_id for one in settlements})
    mails = []
    for one in settlements:
        parents = [Reader.of(binding) for binding in bound[one.bill.student_id]]
        if one.state == Settlement.State.APPLIED:
            mails += [_mail("bill-paid", parent, one) for parent in parents]
        else:
            mails += [_mail("payment-duplicate", person, one) for person in _payers(one, parents)]
    enqueue_all(mails)


def refunded(refund):
    # Called when the mail is written, in the reader's language.
    _to_payer("payment-refunded", refund.settlement, way=refund.get_way_display)


def refund_withdrawn(refund):
    """Who was told of money to come back is told that there was none."""
    _to_payer("refund-withdrawn", refund.settlement)


def _to_payer(kind, settlement, **more):
    """Who paid, where that is known; else the bound parents; nobody for money of an unknown bill."""
    if settlement.bill_id is None:
        return
    student = settlement.bill.student_id
    parents = [Reader.of(binding) for binding in bindings_of({student})[student]]
    people = _payers(settlement, parents)
    enqueue_all([_mail(kind, person, settlement, **more) for person in people])


def _payers(settlement, parents):
    """Readers who hear of this money: who paid it, where that is known, else the `parents` bound today."""
    if settlement.payment_id is None:
        return parents
    payer = settlement.payment.started_by
    is_cut = is_cut_off(settlement.bill.student_id, about_own_money=True, account__user=payer)
    return [] if is_cut else [Reader(payer.email, language_of(payer))]


def _mail(kind, reader, settlement, **more):
    bill = settlement.bill
    return draft(
        kind,
        to=reader.email,
        language=reader.language,
        about=bill,
        school=bill.school,
        student=bill.student,
        context={
            "school": bill.school,
            "student_name": bill.student.masked_name,
            "title": bill.title,
            "amount": f"{settlement.amount:,}",
            "paid_on": timezone.localdate(settlement.paid_at),
            **more,
        },
    )
