"""Mails about money that came and went. Both parents hear that a bill is paid, neither hears who paid.

Only who is bound to the child today is written to, when a mail is written and again when it goes out. Who paid hears of
the own money as long as nobody has cut this person off from the child.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.languages import language_of
from billing.models import Settlement
from binding.models import Binding, CourtOrder
from notifications.outbox import draft, enqueue_all

TO_PAYERS = ("payment-duplicate", "payment-refunded", "refund-withdrawn")
KINDS = ("bill-issued", "bill-voided", "bill-due-soon", "bill-overdue", "bill-paid", *TO_PAYERS)


@dataclass(frozen=True)
class Reader:
    """Where to write, and in which language."""

    email: str
    language: str

    @classmethod
    def of(cls, binding):
        return cls(binding.account.user.email, binding.language)


def issued(bills):
    """To the bound parents: a new bill; of a bill that takes another's place it says so."""
    _of_bills("bill-issued", bills)


def voided(bills):
    """To the bound parents: nothing is owed any more, and the paper slip is worth nothing."""
    _of_bills("bill-voided", bills)


def _of_bills(kind, bills):
    parents = bindings_of({one.student_id for one in bills})
    enqueue_all([about_bill(kind, one, bound) for one in bills for bound in parents[one.student_id]])


def bindings_of(students):
    """{key of the student: bindings of today}, with all that a mail needs."""
    found = defaultdict(list)
    bound = Binding.objects.active().filter(student__in=students, account__user__is_active=True)
    for binding in bound.with_language().select_related("student").order_by("pk"):
        found[binding.student_id].append(binding)
    return found


def about_bill(kind, bill, binding, *, not_after=None):
    """The mail to one parent: which bill, how much, until when; the child's name masked, no codes."""
    with translation.override(binding.language):
        left = bill.left_in_words
    return draft(
        kind,
        to=binding.account.user.email,
        about=bill,
        school=bill.school,
        student=binding.student,
        language=binding.language,
        context={
            "school": bill.school,
            "student_name": binding.student.masked_name,
            "title": bill.title,
            "amount": f"{bill.amount:,}",
            "due_on": bill.due_on,
            "left": left,
            "bill": bill.pk,
            "owes": bill.amount > 0,
            "is_replacement": bill.replaces_id is not None,
        },
        not_after=not_after,
    )


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
    is_cut_off = _is_cut_off(settlement.bill.student_id, about_own_money=True, account__user=payer)
    return [] if is_cut_off else [Reader(payer.email, language_of(payer))]


def _is_cut_off(student, *, about_own_money, **person):
    """Whether the person was bound to the child and is not today. Who paid hears of the own money after the child left."""
    known = Binding.objects.filter(student=student, **person).select_related("account__user").order_by("-pk")
    last = known.first()
    if last is None or known.active().filter(account__user__is_active=True).exists():
        return False
    return not (about_own_money and _was_let_go(last))


def _was_let_go(binding):
    """The binding ended because the child left, and no court keeps the person from the child."""
    if binding.end_reason not in (Binding.EndReason.GRADUATED, Binding.EndReason.LEFT):
        return False
    orders = CourtOrder.objects.standing().filter(student=binding.student_id, account=binding.account_id)
    return binding.account.user.is_active and not orders.exists()


def how_told(bill):
    """In words, whether parents hear of what just happened to `bill`; to the cashier, at the end of a message."""
    told = len(bindings_of({bill.student_id})[bill.student_id])
    if told:
        return _("已寄信通知 %(count)d 位家長。") % {"count": told}
    return _("這名學生沒有已綁定的家長，沒有寄信，請另行告知。")


def objection_to(message):
    """Why a mail of ours must not go out any more: its recipient was bound to the child and is not today.

    An address that no binding of the child has is one that its owner has changed since: it is left to the owner.
    """
    if message.kind in KINDS and _is_cut_off(
        message.student_id, about_own_money=message.kind in TO_PAYERS, account__user__email=message.to
    ):
        return "its recipient is not bound to the child any longer"
    return ""


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
