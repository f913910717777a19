"""Mails about money that came and went. Both parents hear that a bill is paid, neither hears who paid."""

from collections import defaultdict

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.models import Settlement
from binding.models import Binding
from notifications.outbox import draft, enqueue_all


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
    related = ("account__user", "applicant__application", "student")
    for binding in bound.select_related(*related).order_by("pk"):
        found[binding.student_id].append(binding)
    return found


def about_bill(kind, bill, binding, *, not_after=None):
    """The mail to one parent: which bill, how much, until when; the child's name masked, no codes."""
    language = binding.applicant.application.language if binding.applicant else settings.LANGUAGE_CODE
    with translation.override(language):
        left = bill.left_in_words
    return draft(
        kind,
        to=binding.account.user.email,
        about=bill,
        school=bill.school,
        student=binding.student,
        language=language,
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
    parents = addresses_of({one.bill.student_id for one in settlements})
    mails = []
    for one in settlements:
        if one.state == Settlement.State.APPLIED:
            mails += [_mail("bill-paid", address, one) for address in parents[one.bill.student_id]]
        else:
            own = [one.payment.started_by.email] if one.payment_id else parents[one.bill.student_id]
            mails += [_mail("payment-duplicate", address, one) for address in own]
    enqueue_all(mails)


def refunded(refund):
    _to_payer("payment-refunded", refund.settlement, way=refund.get_way_display())


def refund_withdrawn(refund):
    """Who was told of money to come back is told that there was none."""
    _to_payer("refund-withdrawn", refund.settlement)


def _to_payer(kind, settlement, **more):
    """Who paid, where that is known; else the bound parents; nobody for money of an unknown bill."""
    if settlement.bill_id is None:
        return
    student = settlement.bill.student_id
    own = [settlement.payment.started_by.email] if settlement.payment_id else addresses_of({student})[student]
    enqueue_all([_mail(kind, address, settlement, **more) for address in own])


def how_told(bill):
    """In words, whether parents hear of what just happened to `bill`; to the cashier, at the end of a message."""
    told = len(set(addresses_of({bill.student_id})[bill.student_id]))
    if told:
        return _("已寄信通知 %(count)d 位家長。") % {"count": told}
    return _("這名學生沒有已綁定的家長，沒有寄信，請另行告知。")


def addresses_of(students):
    """{key of the student: addresses of the parents bound today}"""
    found = defaultdict(list)
    bound = Binding.objects.active().filter(student__in=students).select_related("account__user")
    for binding in bound.order_by("pk"):
        found[binding.student_id].append(binding.account.user.email)
    return found


def _mail(kind, address, settlement, **more):
    bill = settlement.bill
    return draft(
        kind,
        to=address,
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
