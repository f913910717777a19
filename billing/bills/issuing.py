"""Bills get their codes: the cashier says so once, the worker prepares them a chunk at a time.

A chunk is one transaction. A worker that dies leaves drafts; who goes on issues those, and nothing twice. What is issued
waits (BILL_MAIL_WAIT_MINUTES) before families hear of it (`releasing`); until then the whole batch can be taken back.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills.models import Bill, BillBatch
from billing.bills.numbering import give_codes, left_for
from registry.models import Student

CHUNK = 500
GONE = "學生已不在學"  # why a draft is void that was never issued


class PastDue(Exception):
    """The last day to pay is over before families hear of it: they could not pay."""


class TooFewAccounts(Exception):
    """The bank's accounts name the last day to pay, and only `left` more can be given for this one."""

    def __init__(self, left: int):
        super().__init__()
        self.left = left


class TooLate(Exception):
    """Families hear of the batch already: it can't be taken back any more."""


def time_to_wait() -> timedelta:
    return timedelta(minutes=settings.BILL_MAIL_WAIT_MINUTES)


@transaction.atomic
def begin_issuing(*, batch: BillBatch, by: User) -> BillBatch:
    """The cashier's press; a second one changes nothing. Raises PastDue and TooFewAccounts."""
    batch = _locked(batch)
    if batch.state != BillBatch.State.DRAFT:
        return batch
    if batch.due_on < timezone.localdate(timezone.now() + time_to_wait()):
        raise PastDue
    left = left_for(batch)
    if left is not None and left < batch.bills.filter(state=Bill.State.DRAFT).count():
        raise TooFewAccounts(max(left, 0))
    batch.move_to(BillBatch.State.ISSUING, issued_by=by, issued_at=timezone.now())
    log.record("bills.issuing", by=by, target=batch, school=batch.school)
    return batch


def issue_all(batch: BillBatch) -> None:
    """Issue what is left of a batch."""
    while issue_chunk(batch):
        pass


@transaction.atomic
def issue_chunk(batch: BillBatch) -> bool:
    """True while there may be more. Two workers take turns: the batch's row is held."""
    batch = _locked(batch)
    if batch.state != BillBatch.State.ISSUING:
        return False
    drafts = Bill.objects.locked().filter(batch=batch, state=Bill.State.DRAFT)
    bills = list(drafts.select_related("school", "student__school_class", "agent")[:CHUNK])
    if not bills:
        batch.move_to(BillBatch.State.WAITING, wait_until=timezone.now() + time_to_wait())
        return False
    batch.note_progress()
    prepare([one for one in bills if one.student.status == Student.Status.ENROLLED])
    _leave_out([one for one in bills if one.student.status != Student.Status.ENROLLED], batch)
    return True


def _locked(batch):
    return BillBatch.objects.select_for_update(of=("self",)).select_related("school", "issued_by").get(pk=batch.pk)


def _leave_out(bills, batch):
    """Students who left school since the draft get no bill; no family ever saw it."""
    now = timezone.now()
    for bill in bills:
        bill.set_state(Bill.State.VOID, voided_at=now, voided_by=batch.issued_by, void_reason=GONE)
    Bill.objects.bulk_update(bills, ["state", "voided_at", "voided_by", "void_reason"])


def prepare(bills):
    """Give drafts of one school (locked, with their agents) their codes; they wait to be released.

    Who has codes from before its batch was taken back keeps them, as long as the settings are the same: nothing of
    the bill has changed, and the codes may be on paper. Numbers are never given to another bill.
    """
    if not bills:
        return
    new = [one for one in bills if one.agent is None or one.agent.retired_at]
    if new:
        give_codes(new)
    for bill in bills:
        bill.set_state(Bill.State.WAITING)
        bill.remember_student()
    Bill.objects.bulk_update(bills, ["state", "agent", "write_off_number", "virtual_account", *Bill.THEN])


@transaction.atomic
def take_back(*, batch: BillBatch, by: User) -> BillBatch:
    """The whole batch is a draft again, as if it had not been issued; a second press changes nothing.

    Nothing was booked, mailed or told to services yet: `releasing` does that. Raises TooLate.
    """
    batch = _locked(batch)
    if batch.state == BillBatch.State.DRAFT and batch.taken_back_at:
        return batch
    if not batch.can_be_taken_back:
        raise TooLate
    # Money locks a bill without its batch: whoever holds one now has it, and looks at its state afterwards.
    list(Bill.objects.locked().filter(batch=batch, state=Bill.State.WAITING).values_list("pk", flat=True))
    waiting = Bill.objects.filter(batch=batch, state=Bill.State.WAITING)
    count = waiting.update(state=Bill.State.DRAFT)
    back = {"taken_back_at": timezone.now(), "taken_back_by": by}
    batch.move_to(BillBatch.State.DRAFT, issued_at=None, wait_until=None, **back)
    log.record("bills.taken_back", by=by, target=batch, school=batch.school, data={"bills": count})
    return batch
