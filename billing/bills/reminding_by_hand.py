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


class AtWork(Exception):
    """The worker sends reminders of the batch already."""


class NobodyWaits(Exception):
    """Nothing is open, or all of it was reminded of within a day."""


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
    """Open bills whose turn it is and of which nobody was reminded within a day."""
    lately = BillNotice.objects.filter(bill__batch=batch, sent_at__gt=timezone.now() - PAUSE).values("bill")
    return _open_bills(batch).exclude(due_on__gt=_turn(batch)).exclude(pk__in=lately)


def later_of(batch: BillBatch):
    """Open bills whose turn has not come: parts and bills issued anew with a last day of their own, far ahead."""
    return _open_bills(batch).filter(due_on__gt=_turn(batch))


def _open_bills(batch):
    return Bill.objects.filter(batch=batch, state=Bill.State.ISSUED, amount__gt=0)


def _turn(batch):
    """The last day that is reminded of now: the batch's own, or as near as the mails that go by themselves begin."""
    return max(batch.due_on, timezone.localdate() + timedelta(days=reminders.DAYS_BEFORE))


@transaction.atomic
def begin_reminding(*, batch: BillBatch, by: User) -> BillBatch:
    """What is open of `batch` now is to be reminded of; `remind_all` does it. Raises NotIssued, AtWork and NobodyWaits."""
    batch = _locked(batch)
    if batch.state != BillBatch.State.ISSUED:
        raise NotIssued
    if batch.is_reminding:
        raise AtWork
    count = waiting_of(batch).count()
    if not count:
        raise NobodyWaits
    now = timezone.now()
    _write(batch, remind_from=now, remind_by=by, remind_all=count, remind_done=0, remind_mails=0, remind_ended_at=None,
           moved_at=now)  # fmt: skip
    return batch


def remind_all(batch: BillBatch) -> None:
    """Mail the parents bound to each child of an open bill, a chunk a transaction; begun again it goes on.

    No bill is reminded of twice within a day, whoever runs it how often.
    """
    after = 0
    while (last := _remind_chunk(batch, after)) is not None:
        after = last


@transaction.atomic
def _remind_chunk(batch, after):
    """The key to go on after, or None when no bill is left. The batch's row is held: one worker after another."""
    batch = _locked(batch)
    if not batch.is_reminding:
        return None
    waiting = waiting_of(batch).filter(pk__gt=after).select_related("school", "batch")
    is_open = batch.state == BillBatch.State.ISSUED
    bills = [one for one in waiting.locked()[:CHUNK] if one.state == Bill.State.ISSUED] if is_open else []
    if not bills:
        return _end(batch)
    rows = _notices(bills)
    outbox.enqueue_all([one.message for one in rows])
    BillNotice.objects.bulk_create(rows)
    _write(
        batch,
        remind_done=min(batch.remind_done + len(bills), batch.remind_all),
        remind_mails=batch.remind_mails + len(rows),
        moved_at=timezone.now(),
    )
    return bills[-1].pk


def _notices(bills):
    parents = notify.bindings_of({one.student_id for one in bills})
    return [
        BillNotice(
            bill=bill,
            kind=Kind.BY_HAND,
            account_id=bound.account_id,
            message=reminders.compose(Kind.OVERDUE if bill.is_overdue else Kind.DUE_SOON, bill, bound),
        )
        for bill in bills
        for bound in parents[bill.student_id]
    ]


def _end(batch):
    _write(batch, remind_ended_at=timezone.now())
    log.record(
        "bills.reminded", by=batch.remind_by, target=batch, school=batch.school, data={"mails": batch.remind_mails}
    )


def _locked(batch):
    rows = BillBatch.objects.select_for_update(of=("self",), no_key=True).select_related("school", "remind_by")
    return rows.get(pk=batch.pk)


def _write(batch, **fields):
    for name, value in fields.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(fields))


@transaction.atomic
def switch_reminders(*, batch: BillBatch, stops: bool, by: User) -> BillBatch:
    """Stop the mails that go out by themselves, or let them go on; what is in the outbox goes out."""
    batch = BillBatch.objects.select_for_update(of=("self",)).select_related("school").get(pk=batch.pk)
    batch.reminders_stopped_at, batch.reminders_stopped_by = (timezone.now(), by) if stops else (None, None)
    batch.save(update_fields=["reminders_stopped_at", "reminders_stopped_by"])
    log.record("bills.reminders", by=by, target=batch, school=batch.school, data={"stopped": stops})
    return batch
