"""Bills become owed: the cashier says so once, the worker issues them a chunk at a time.

A chunk is one transaction with its codes, its entries in the ledger and its mails. A worker that dies leaves drafts;
who goes on issues those, and nothing twice.
"""

from django.db import transaction
from django.utils import timezone

from audit import log
from billing import codes, ledger, letters
from billing.models import Bill, BillBatch, CollectingAgent, LedgerEntry
from billing.models.agent import Retired
from billing.signals import bills_issued
from registry.models import Student

CHUNK = 500
GONE = "學生已不在學"  # why a draft is void that was never issued


class PastDue(Exception):
    """The last day to pay is over: families could not pay any more."""


@transaction.atomic
def begin_issuing(*, batch, by):
    """The cashier's press; a second one changes nothing. Raises PastDue."""
    batch = BillBatch.objects.select_for_update().select_related("school").get(pk=batch.pk)
    if batch.state != BillBatch.State.DRAFT:
        return batch
    if batch.due_on < timezone.localdate():
        raise PastDue
    batch.move_to(BillBatch.State.ISSUING)
    batch.issued_by, batch.issued_at = by, timezone.now()
    batch.save(update_fields=["state", "issued_by", "issued_at"])
    log.record("bills.issuing", by=by, target=batch, school=batch.school)
    return batch


def issue_all(batch):
    """Issue what is left of a batch."""
    while issue_chunk(batch):
        pass


@transaction.atomic
def issue_chunk(batch):
    """True while there may be more. Two workers take turns: the batch's row is held."""
    batch = (
        BillBatch.objects.select_for_update(of=("self",))
        .select_related("school", "issued_by")
        .get(pk=batch.pk)
    )
    if batch.state != BillBatch.State.ISSUING:
        return False
    drafts = Bill.objects.locked().filter(batch=batch, state=Bill.State.DRAFT)
    bills = list(drafts.select_related("school", "student")[:CHUNK])
    if not bills:
        batch.move_to(BillBatch.State.ISSUED)
        batch.save(update_fields=["state"])
        log.record("bills.issued", by=batch.issued_by, target=batch, school=batch.school)
        return False
    here = [one for one in bills if one.student.status == Student.Status.ENROLLED]
    _leave_out([one for one in bills if one.student.status != Student.Status.ENROLLED], batch)
    issue(here)
    return True


def _leave_out(bills, batch):
    """Who left school since the draft gets no bill; no family ever saw it."""
    now = timezone.now()
    for bill in bills:
        bill.move_to(Bill.State.VOID)
        bill.voided_at, bill.voided_by, bill.void_reason = now, batch.issued_by, GONE
    Bill.objects.bulk_update(bills, ["state", "voided_at", "voided_by", "void_reason"])


def issue(bills):
    """Drafts of one school that are held by the transaction: owed from now on, with codes, ledger and mails."""
    if not bills:
        return
    agent, first = take_numbers(bills[0].school, len(bills))
    now = timezone.now()
    for serial, bill in enumerate(bills, start=first):
        bill.move_to(Bill.State.ISSUED)
        bill.issued_at, bill.agent = now, agent
        bill.write_off_number, bill.virtual_account = codes.numbers_for(agent, serial, bill.amount)
        if not bill.amount:  # covered by subsidies: there is nothing to wait for
            bill.move_to(Bill.State.PAID)
            bill.paid_on = timezone.localdate()
    Bill.objects.bulk_update(
        bills, ["state", "issued_at", "agent", "write_off_number", "virtual_account", "paid_on"]
    )
    owed = [one for one in bills if one.amount]
    LedgerEntry.objects.bulk_create([ledger.of_issue(one) for one in owed])
    letters.issued(bills)
    bills_issued.send(Bill, bills=owed)


def take_numbers(school, count):
    """(the current agent or None, the first of `count` serial numbers). Changed settings are taken as they are now."""
    while agent := CollectingAgent.objects.current().filter(school=school).first():
        try:
            return agent, agent.take_numbers(count)
        except Retired:
            continue
    return None, 0
