"""A cashier reminds families of a batch now, or stops the mails that go out by themselves."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills import notify, reminders
from billing.bills.models import Bill, BillBatch, BillNotice
from notifications import outbox

Kind = BillNotice.Kind
CHUNK = 500
PAUSE = timedelta(hours=24)  # nobody is reminded of one bill twice within it


class NotIssued(Exception):
    """Families do not know of the batch, or it is closed."""


def next_days(batch: BillBatch) -> list[date]:
    """The days from today on on which families of open bills are reminded by themselves."""
    if batch.reminders_stopped_at:
        return []
    days = [batch.due_on - timedelta(days=reminders.DAYS_BEFORE), batch.due_on + timedelta(days=1)]
    return [day for day in days if day >= timezone.localdate()]


def sent_of(batch: BillBatch) -> list[tuple[str, int]]:
    """(kind in words, mails) of what went out already."""
    counted = BillNotice.objects.filter(bill__batch=batch).order_by().values("kind").annotate(n=Count("pk"))
    by_kind = {one["kind"]: one["n"] for one in counted}
    return [(str(kind.label), by_kind[kind]) for kind in Kind if kind in by_kind]


def waiting_of(batch: BillBatch):
    """Open bills of which nobody was reminded within a day."""
    open_bills = Bill.objects.filter(batch=batch, state=Bill.State.ISSUED, amount__gt=0)
    lately = BillNotice.objects.filter(bill__batch=batch, sent_at__gt=timezone.now() - PAUSE).values("bill")
    return open_bills.exclude(pk__in=lately)


def remind_now(*, batch: BillBatch, by: User) -> int:
    """Mail the parents bound to each child of an open bill; a second press within a day writes nobody again.

    A chunk a transaction. Returns how many mails. Raises NotIssued.
    """
    if batch.state != BillBatch.State.ISSUED:
        raise NotIssued
    sent, after = 0, 0
    while chunk := _remind_chunk(batch, after):
        sent, after = sent + chunk[0], chunk[1]
    with transaction.atomic():
        log.record("bills.reminded", by=by, target=batch, school=batch.school, data={"mails": sent})
    return sent


@transaction.atomic
def _remind_chunk(batch, after):
    """(mails, key to go on after), or None when no bill is left."""
    waiting = waiting_of(batch).filter(pk__gt=after).select_related("school", "batch")
    bills = [one for one in waiting.locked()[:CHUNK] if one.state == Bill.State.ISSUED]
    if not bills:
        return None
    parents = notify.bindings_of({one.student_id for one in bills})
    rows = [
        BillNotice(
            bill=bill,
            kind=Kind.BY_HAND,
            account_id=bound.account_id,
            message=reminders.compose(Kind.OVERDUE if bill.is_overdue else Kind.DUE_SOON, bill, bound),
        )
        for bill in bills
        for bound in parents[bill.student_id]
    ]
    outbox.enqueue_all([one.message for one in rows])
    BillNotice.objects.bulk_create(rows)
    return len(rows), bills[-1].pk


@transaction.atomic
def switch_reminders(*, batch: BillBatch, stops: bool, by: User) -> BillBatch:
    """Stop the mails that go out by themselves, or let them go on; what is in the outbox goes out."""
    batch = BillBatch.objects.select_for_update(of=("self",)).select_related("school").get(pk=batch.pk)
    batch.reminders_stopped_at, batch.reminders_stopped_by = (timezone.now(), by) if stops else (None, None)
    batch.save(update_fields=["reminders_stopped_at", "reminders_stopped_by"])
    log.record("bills.reminders", by=by, target=batch, school=batch.school, data={"stopped": stops})
    return batch
