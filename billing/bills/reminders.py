"""Mails about open bills: three days before the last day, and on the day after it.

A chunk of bills is one transaction with its mails. It holds the bills' rows, so that two runs follow each other and a
payment comes before a chunk or after it; the rows of `BillNotice` say what is done already.
"""

import logging
from datetime import datetime, time, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from billing.bills import mails, notify
from billing.bills.models import Bill, BillNotice
from core.failures import log_failure
from notifications import outbox
from notifications.models import Message

logger = logging.getLogger(__name__)
Kind = BillNotice.Kind
CHUNK = 500  # bills that are looked at in one transaction
DAYS_BEFORE = 3
DAYS_TO_CATCH_UP = 7  # a mail about a bill that is overdue for longer comes as a surprise


class SomeFailed(Exception):
    """Of some bills nobody was reminded; the log says where it failed."""


def send_due(*, today=None, should_stop=lambda: False):
    """Write to the outbox what is due today; safe to run again, and twice at once. Returns how many mails.

    A bill that can't be written of keeps no other from its turn; raises SomeFailed at the end.
    """
    today = today or timezone.localdate()
    mails, failed = 0, 0
    for kind in (Kind.DUE_SOON, Kind.OVERDUE):
        after, size = 0, CHUNK
        while after is not None and not should_stop():
            try:
                written, after = send_chunk(kind, after, today, size)
                mails += written
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001 – said in the log and by the caller
                if size == 1:
                    log_failure(logger, "a reminder of a bill after %s failed", after, error=error)
                    after, failed = _next_of(kind, after, today), failed + 1
                size = 1  # one bill at a time, so that the others of its chunk have their turn
    if failed:
        raise SomeFailed(f"{failed} bills")
    return mails


def _next_of(kind, after, today):
    waiting = due(kind, today).filter(pk__gt=after).order_by("pk")
    return waiting.values_list("pk", flat=True).first()


def due(kind, today):
    """Open bills whose families get the reminder `kind`. A bill that was sent after that day needs none yet."""
    bills = Bill.objects.filter(state=Bill.State.ISSUED, amount__gt=0, school__is_active=True)
    bills = bills.filter(batch__reminders_stopped_at__isnull=True)
    if kind == Kind.OVERDUE:
        return bills.filter(due_on__lt=today, due_on__gte=today - timedelta(days=DAYS_TO_CATCH_UP))
    near = Q()
    for days in range(DAYS_BEFORE + 1):
        due_on = today + timedelta(days=days)
        near |= Q(due_on=due_on, issued_at__lt=moment(due_on - timedelta(days=DAYS_BEFORE), time.min))
    return bills.filter(near)


@transaction.atomic
def send_chunk(kind, after, today, size=CHUNK):
    """(mails written, key to go on after); None in its place when there are no more bills."""
    waiting = due(kind, today).filter(pk__gt=after).select_related("school", "batch")
    bills = list(waiting.locked()[:size])
    if not bills:
        return 0, None
    parents = notify.bindings_of({bill.student_id for bill in bills})
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
    if kind == Kind.OVERDUE:
        return mails.bill_overdue.compose(bill, binding)
    return mails.bill_due_soon.compose(bill, binding, not_after=moment(bill.due_on, time.max))


def stop(bills):
    """These bills are paid or cancelled: reminders of them that still wait don't go out."""
    return outbox.stop(Message.objects.filter(bill_notice__bill__in=[bill.pk for bill in bills]))


def moment(day, hour):
    return datetime.combine(day, hour, tzinfo=timezone.get_current_timezone())
