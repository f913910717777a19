"""A bill that was issued is never changed: it is void, and another one takes its place.

Money that comes for a void bill waits on the cashier's work list: nothing is lost, and its codes are dead.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills import notify
from billing.bills.drafting import write_items
from billing.bills.issuing import prepare
from billing.bills.models import Bill, BillBatch
from billing.bills.releasing import release
from billing.ledger import booking
from billing.ledger.models import LedgerEntry
from billing.signals import bills_voided

CHUNK = 200


class NotOpen(Exception):
    """The bill is not owed: paid a moment ago, void already, or not issued yet."""


class BatchClosed(Exception):
    """No bill is added to a batch that is closed."""


@transaction.atomic
def void_bill(*, bill: Bill, reason: str, by: User) -> Bill:
    """The bill is not owed any more, and its family is told. Raises NotOpen."""
    bill = hold(bill)
    void([bill], reason, by)
    notify.voided([bill])
    return bill


@transaction.atomic
def reissue(*, bill: Bill, items: Sequence[tuple[str, int]], due_on: date, reason: str, by: User) -> Bill:
    """Void `bill` and issue another with these items (pairs of name and dollars) until `due_on`; families hear at once.

    Raises NotOpen, BatchClosed and OutOfNumbers. Returns the new bill.
    """
    bill = hold(bill)
    batch = BillBatch.objects.select_for_update(no_key=True).get(pk=bill.batch_id)
    if batch.state != BillBatch.State.ISSUED:
        raise BatchClosed
    void([bill], reason, by)
    new = Bill(
        batch=batch,
        school=bill.school,
        student=bill.student,
        title=bill.title,
        amount=sum(amount for _name, amount in items),
        due_on=due_on,
        replaces=bill,
        part_of_id=bill.part_of_id,
        part=bill.part,
        parts=bill.parts,
    )
    new.remember_student()
    new.save()
    write_items([(new, items)])
    prepare([new])
    release([new])
    data = {"replaces": bill.pk, "amount": new.amount, "due_on": due_on.isoformat()}
    log.record("bill.reissued", by=by, target=new, school=new.school, data=data)
    return new


@transaction.atomic
def begin_closing(*, batch: BillBatch, reason: str, by: User) -> BillBatch:
    """No money is expected for the batch any more: nothing is added to it, and what is open will be void.

    A second press changes nothing. Raises NotOpen for a batch that was not issued.
    """
    batch = BillBatch.objects.select_for_update(of=("self",)).select_related("school").get(pk=batch.pk)
    if batch.state == BillBatch.State.CLOSED:
        return batch
    if batch.state != BillBatch.State.ISSUED:
        raise NotOpen
    batch.move_to(BillBatch.State.CLOSED, closed_at=timezone.now(), closed_by=by, close_reason=reason)
    open_bills = Bill.objects.filter(batch=batch, state=Bill.State.ISSUED).count()
    log.record("bills.closed", by=by, target=batch, school=batch.school, data={"open": open_bills, "reason": reason})
    return batch


def void_what_is_open(batch: BillBatch) -> None:
    """Void the open bills of a closed batch, a chunk at a time."""
    while void_chunk(batch):
        pass


@transaction.atomic
def void_chunk(batch: BillBatch) -> bool:
    """True while there may be more."""
    batch = BillBatch.objects.select_related("closed_by").get(pk=batch.pk)
    if batch.state != BillBatch.State.CLOSED:
        return False
    rows = Bill.objects.locked().filter(batch=batch, state=Bill.State.ISSUED)
    # Locked first, looked at afterwards: one may have been paid while this waited.
    bills = [one for one in rows.select_related("school", "student", "batch")[:CHUNK] if one.state == Bill.State.ISSUED]
    void(bills, batch.close_reason, batch.closed_by)
    notify.voided(bills)
    if bills:
        batch.note_progress()
    return bool(bills)


def hold(bill: Bill) -> Bill:
    """The bill as it is now, held, and before it the one of which it is a part. Raises NotOpen."""
    list(Bill.objects.locked().filter(pk=bill.part_of_id))
    bill = Bill.objects.locked().select_related("school", "student__school_class", "batch").get(pk=bill.pk)
    if bill.state != Bill.State.ISSUED:
        raise NotOpen
    return bill


def void(bills: Sequence[Bill], reason: str, by: User | None) -> None:
    """Bills that are held are owed no longer; nobody is mailed."""
    now = timezone.now()
    for bill in bills:
        bill.set_state(Bill.State.VOID, voided_at=now, voided_by=by, void_reason=reason)
        log.record("bill.voided", by=by, target=bill, school=bill.school, data={"reason": reason})
    Bill.objects.bulk_update(bills, ["state", "voided_at", "voided_by", "void_reason"])
    LedgerEntry.objects.bulk_create([booking.of_void(one) for one in bills if one.amount])
    bills_voided.send(Bill, bills=bills)
