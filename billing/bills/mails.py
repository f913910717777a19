"""Mails about bills, to the parents who are bound to the child when they are written, and again when they go out."""

from collections import defaultdict

from django.utils import translation
from django.utils.translation import gettext as _

from binding.models import Binding, CourtOrder
from notifications.outbox import draft, enqueue_all

TO_PAYERS = ("payment-duplicate", "payment-refunded", "refund-withdrawn")
KINDS = ("bill-issued", "bill-voided", "bill-due-soon", "bill-overdue", "bill-paid", *TO_PAYERS)


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


def is_cut_off(student, *, about_own_money, **person):
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
    if message.kind in KINDS and is_cut_off(
        message.student_id, about_own_money=message.kind in TO_PAYERS, account__user__email=message.to
    ):
        return "its recipient is not bound to the child any longer"
    return ""
