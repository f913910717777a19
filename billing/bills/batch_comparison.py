"""What a cashier looks at before a batch is issued: its ends, and what differs from the batch before."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from billing.bills import batch_figures
from billing.bills.models import Bill, BillBatch
from registry.models import Student

ENDS = 3


@dataclass(frozen=True)
class Totals:
    """Of a batch: how many students, whole dollars, and the average of a student."""

    count: int
    total: int

    @property
    def average(self):
        return round(self.total / self.count) if self.count else 0


@dataclass(frozen=True)
class Comparison:
    """`last` is the batch of before; items are names; `missing` students had a bill then, are still here, and have none."""

    last: BillBatch
    now: Totals
    before: Totals
    new_items: list
    missing_items: list
    missing: object


def ends_of(batch):
    """(the largest bills, the smallest bills), three each at most, with their students."""
    bills = _bills(batch).select_related("student__school_class")
    return list(bills.order_by("-amount", "pk")[:ENDS]), list(bills.order_by("amount", "pk")[:ENDS])


def last_before(batch):
    """The batch to compare with: the last issued of the same name, else the last issued; None for a first one."""
    issued = BillBatch.objects.issued().filter(school=batch.school).exclude(pk=batch.pk)
    issued = issued.order_by("-issued_at", "-pk")
    return issued.filter(title=batch.title).first() or issued.first()


def compare(batch):
    """A Comparison, or None where nothing was issued before. Six queries, however many bills."""
    last = last_before(batch)
    if last is None:
        return None
    items, former = (_names(one) for one in (batch, last))
    return Comparison(
        last=last,
        now=totals_of(batch),
        before=totals_of(last),
        new_items=[one for one in items if one not in former],
        missing_items=[one for one in former if one not in items],
        missing=_billed_then_and_not_now(batch, last),
    )


def totals_of(batch):
    found = _bills(batch).aggregate(count=Count("student", distinct=True), total=Sum("amount", default=0))
    return Totals(found["count"], found["total"])


def _names(batch):
    return [one["name"] for one in batch_figures.items_of(batch)]


def _billed_then_and_not_now(batch, last):
    now, then = (_bills(one).order_by().values("student") for one in (batch, last))
    students = Student.objects.of_this_year().filter(school=batch.school, pk__in=then).exclude(pk__in=now)
    return students.select_related("school_class").in_seating_order()


def _bills(batch):
    return Bill.objects.filter(batch=batch).exclude(state=Bill.State.VOID)
