"""Mails about open bills: three days before the last day, and on the day after it.

A chunk of bills is one transaction with its mails. It holds the bills' rows, so that two runs follow each other and a
payment comes before a chunk or after it; the rows of `BillNotice` say what is done already.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing import letters
from billing.models import Bill, BillNotice
from notifications import outbox
from notifications.models import Message

Kind = BillNotice.Kind
CHUNK = 500  # bills that are looked at in one transaction
DAYS_BEFORE = 3
DAYS_TO_CATCH_UP = 7  # a mail about a bill that is overdue for longer comes as a surprise
MAILS = {Kind.DUE_SOON: "bill-due-soon", Kind.OVERDUE: "bill-overdue"}


def send_due(*, today=None, should_stop=lambda: False):
    """Write to the outbox what is due today; safe to run again, and twice at once. Returns how many mails."""
    today = today or timezone.localdate()
    mails = 0
    for kind in Kind:
        after = 0
        while after is not None and not should_stop():
            written, after = send_chunk(kind, after, today)
            mails += written
    return mails


def due(kind, today):
    """Open bills of which `kind` is to be told. Who was sent a bill after that day has just heard of it."""
    bills = Bill.objects.filter(state=Bill.State.ISSUED, amount__gt=0, school__is_active=True)
    if kind == Kind.OVERDUE:
        return bills.filter(due_on__lt=today, due_on__gte=today - timedelta(days=DAYS_TO_CATCH_UP))
    near = Q()
    for days in range(DAYS_BEFORE + 1):
        due_on = today + timedelta(days=days)
        near |= Q(due_on=due_on, issued_at__lt=moment(due_on - timedelta(days=DAYS_BEFORE), time.min))
    return bills.filter(near)


@transaction.atomic
def send_chunk(kind, after, today):
    """(mails written, key to go on after); None in its place when there are no more bills."""
    waiting = due(kind, today).filter(pk__gt=after).select_related("school")
    bills = list(waiting.locked()[:CHUNK])
    if not bills:
        return 0, None
    parents = letters.bindings_of({bill.student_id for bill in bills})
    had = set(BillNotice.objects.filter(bill__in=bills, kind=kind).values_list("bill_id", "account_id"))
    rows = [
        BillNotice(bill=bill, kind=kind, account_id=binding.account_id, message=compose(kind, bill, binding))
        for bill in bills
        for binding in parents[bill.student_id]
        if (bill.pk, binding.account_id) not in had
    ]
    outbox.enqueue_all([row.message for row in rows])
    BillNotice.objects.bulk_create(rows)
    return len(rows), bills[-1].pk


def compose(kind, bill, binding):
    not_after = moment(bill.due_on, time.max) if kind == Kind.DUE_SOON else None
    return letters.about_bill(MAILS[kind], bill, binding, not_after=not_after)


def stop(bills):
    """These bills are paid or cancelled: reminders of them that still wait don't go out."""
    return outbox.stop(Message.objects.filter(bill_notice__bill__in=[bill.pk for bill in bills]))


def moment(day, hour):
    return datetime.combine(day, hour, tzinfo=timezone.get_current_timezone())
