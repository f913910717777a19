"""Who is written to about money: who paid it hears of the own money as long as nobody cut this person off from the child."""

from dataclasses import replace

from accounts.languages import reader_of
from billing.bills.models import Bill
from billing.bills.notify import bindings_of, is_cut_off
from billing.payments import mails
from billing.payments.models import Settlement
from notifications import outbox

TO_PAYERS = {
    mail.kind for mail in (mails.payment_duplicate, mails.payment_refunded, mails.refund_withdrawn, mails.refund_kept)
}


def settled(settlements):
    """Mail the bound parents: paid. Of money that came twice, mail who paid it, or else the parents."""
    settlements = [one for one in settlements if one.bill_id]
    bound = bindings_of({one.bill.student_id for one in settlements})
    messages = []
    for one in settlements:
        parents = [binding.reader for binding in bound[one.bill.student_id]]
        if one.state == Settlement.State.APPLIED:
            messages += [mails.bill_paid.compose(one, to=parent) for parent in parents]
        else:
            messages += [mails.payment_duplicate.compose(one, to=person) for person in _payers(one, parents)]
    outbox.enqueue_all(messages)


def code_issued(payment):
    """Mail who asked for it the code of a store or an ATM."""
    bills = Bill.objects.filter(payment_parts__payment=payment).select_related("batch", "student").order_by("pk")
    return mails.payment_code(payment, list(bills), to=_reader_of_payer(payment.started_by))


def refunded(refund):
    """Mail who paid that the money went back."""
    _write_payers(mails.payment_refunded, refund)


def refund_withdrawn(refund):
    """Mail who was told of money to come back that there was none."""
    _write_payers(mails.refund_withdrawn, refund)


def refund_kept(refund):
    """Mail who was told of money to come back that it pays the bill instead."""
    _write_payers(mails.refund_kept, refund)


def _write_payers(mail, refund):
    """To who paid, where that is known; else to the bound parents; to nobody for money of an unknown bill."""
    settlement = refund.settlement
    if settlement.bill_id is None:
        return
    student = settlement.bill.student_id
    parents = [binding.reader for binding in bindings_of({student})[student]]
    outbox.enqueue_all([mail.compose(refund, to=person) for person in _payers(settlement, parents)])


def _payers(settlement, parents):
    """Readers who hear of this money: who paid it, where that is known, else the `parents` bound today."""
    if settlement.payment_id is None:
        return parents
    payer = settlement.payment.started_by
    is_cut = is_cut_off(settlement.bill.student_id, about_own_money=True, account__user=payer)
    return [] if is_cut else [_reader_of_payer(payer)]


def _reader_of_payer(payer):
    return replace(reader_of(payer), is_proved=payer.sso_account.email_proved_at is not None)


def objection_to(message):
    """Why a mail about a bill must not go out any more: its recipient was bound to the child and is not today.

    An address that no binding of the child has is one that its owner has changed since: it is left to the owner.
    """
    if message.about_type == Bill._meta.label_lower and is_cut_off(
        message.student_id, about_own_money=message.kind in TO_PAYERS, account__user__email=message.to
    ):
        return "its recipient is not bound to the child any longer"
    return ""
