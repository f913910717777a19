"""A batch of bills before anybody sees it: made from a table or for whole classes, looked at, let go."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills import words
from billing.bills.charges import Charge
from billing.bills.models import Bill, BillBatch, BillItem
from registry.models import School, SchoolClass, Student

CHUNK = 1000
TAKEN_BACK = "整批收回，沒有發出"  # why bills are void that no family saw


class NobodyToCharge(Exception):
    """There is no student in these classes."""


class AlreadyIssued(Exception):
    """The batch is no draft any more."""


@transaction.atomic
def draft_batch(*, school: School, charges: Sequence[Charge], by: User, **facts: Any) -> BillBatch:
    """A draft with a bill for each of `charges`; `facts`: school_year, semester, title and due_on."""
    if not charges:
        raise NobodyToCharge
    batch = BillBatch.objects.create(school=school, made_by=by, translations=words.known_at(school), **facts)
    for start in range(0, len(charges), CHUNK):
        _write(batch, charges[start : start + CHUNK])
    log.record(
        "bills.drafted",
        by=by,
        target=batch,
        school=school,
        data={"bills": len(charges), "total": sum(one.amount for one in charges)},
    )
    return batch


def _write(batch, charges):
    bills = [
        Bill(
            batch=batch,
            school_id=batch.school_id,
            student=one.student,
            title=batch.title,
            amount=one.amount,
            due_on=batch.due_on,
        )
        for one in charges
    ]
    models.prefetch_related_objects([one.student for one in charges], "school_class")
    for bill in bills:
        bill.remember_student()
    Bill.objects.bulk_create(bills)
    write_items(zip(bills, (one.items for one in charges), strict=True))


def write_items(pairs):
    """`pairs` of a bill and its items, which are pairs of a name and whole dollars; zero keeps a place and is not written."""
    BillItem.objects.bulk_create(
        (
            BillItem(bill=bill, position=place, name=name, amount=amount)
            for bill, items in pairs
            for place, (name, amount) in enumerate(items, start=1)
            if amount
        ),
        batch_size=2000,
    )


def draft_for_classes(
    *, school: School, classes: Iterable[SchoolClass], items: Iterable[tuple[str, int]], by: User, **facts: Any
) -> BillBatch:
    """A draft with the same items for every student of `classes`. Raises NobodyToCharge."""
    students = Student.objects.of_this_year().filter(school=school, school_class__in=classes)
    charges = [Charge(one, tuple(items)) for one in students.in_seating_order()]
    return draft_batch(school=school, charges=charges, by=by, **facts)


@transaction.atomic
def translate(*, batch: BillBatch, translations: dict[str, dict[str, str]], by: User) -> None:
    """What the batch and its items are called in other languages; of no weight for what is owed, so at any time."""
    batch.translations = translations
    batch.save(update_fields=["translations"])
    log.record("bills.translated", by=by, target=batch, school=batch.school, data={"languages": sorted(translations)})


@transaction.atomic
def discard_draft(*, batch: BillBatch, by: User) -> None:
    """Nothing of a draft stays but the event; one that was taken back is closed. Raises AlreadyIssued."""
    batch = BillBatch.objects.select_for_update(of=("self",)).select_related("school").get(pk=batch.pk)
    if batch.state != BillBatch.State.DRAFT:
        raise AlreadyIssued
    data = {"title": batch.title, "made_at": timezone.localtime(batch.made_at).isoformat(timespec="minutes")}
    log.record("bills.discarded", by=by, target=batch, school=batch.school, data=data)
    if batch.taken_back_at:
        _close_taken_back(batch, by)
    else:
        Bill.objects.filter(batch=batch).delete()
        batch.delete()


def _close_taken_back(batch, by):
    """Its codes may be on paper: money that comes for them finds a void bill, and so the cashier's work list."""
    void = {"state": Bill.State.VOID, "voided_at": timezone.now(), "voided_by": by, "void_reason": TAKEN_BACK}
    Bill.objects.filter(batch=batch, state=Bill.State.DRAFT).update(**void)
    batch.move_to(BillBatch.State.CLOSED, closed_at=timezone.now(), closed_by=by, close_reason=TAKEN_BACK)
