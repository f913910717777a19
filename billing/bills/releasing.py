"""Families hear of a batch that has waited: its bills are owed from now on, in the ledger, by mail, to services.

A chunk is one transaction with its entries, mails and events. The batch's row is held, so that a batch is either taken
back or released, never both; a worker that dies leaves bills that wait, and the next look goes on with them.
"""

from django.db import transaction
from django.utils import timezone

from audit import log
from billing.bills import notify
from billing.bills.models import Bill, BillBatch
from billing.ledger import booking
from billing.ledger.models import LedgerEntry
from billing.signals import bills_issued

CHUNK = 500


def release_due(*, should_stop=lambda: False):
    """Release every batch whose wait is over; safe to run twice at once. Returns how many bills were released."""
    released = 0
    for batch in BillBatch.objects.to_release(timezone.now()).order_by("pk"):
        released += release_batch(batch, should_stop=should_stop)
    return released


def release_batch(batch, *, should_stop=lambda: False):
    """Release what is left of one batch; nothing while it still waits. Returns how many bills were released."""
    released = 0
    while not should_stop() and (chunk := release_chunk(batch)):
        released += chunk
    return released


@transaction.atomic
def release_chunk(batch):
    """How many bills were released; 0 when none is left, or when the batch is not to be released now."""
    batch = BillBatch.objects.select_for_update(of=("self",)).select_related("school", "issued_by").get(pk=batch.pk)
    if batch.state == BillBatch.State.WAITING and batch.wait_until <= timezone.now():
        batch.move_to(BillBatch.State.RELEASING)
    if batch.state != BillBatch.State.RELEASING:
        return 0
    waiting = Bill.objects.locked().filter(batch=batch, state=Bill.State.WAITING)
    bills = list(waiting.select_related("school", "student", "batch")[:CHUNK])
    if not bills:
        batch.move_to(BillBatch.State.ISSUED)
        log.record("bills.issued", by=batch.issued_by, target=batch, school=batch.school)
    else:
        batch.note_progress()
    release(bills)
    return len(bills)


def release(bills, tell=notify.issued):
    """Bills that wait and are held by the transaction: owed from now on, with ledger, mails (`tell`) and events."""
    if not bills:
        return
    now = timezone.now()
    for bill in bills:
        bill.set_state(Bill.State.ISSUED, issued_at=now)
    Bill.objects.filter(pk__in=[one.pk for one in bills]).update(state=Bill.State.ISSUED, issued_at=now)
    _finish_free([one for one in bills if not one.amount])
    owed = [one for one in bills if one.amount]
    LedgerEntry.objects.bulk_create([booking.of_issue(one) for one in owed])
    tell(bills)
    bills_issued.send(Bill, bills=owed)


def _finish_free(bills):
    """Covered by subsidies: there is nothing to wait for."""
    today = timezone.localdate()
    for bill in bills:
        bill.set_state(Bill.State.PAID, paid_on=today)
    Bill.objects.filter(pk__in=[one.pk for one in bills]).update(state=Bill.State.PAID, paid_on=today)
