"""1,000 slips of nine items, three barcodes and an account, as the worker makes them, beside as many sheets of one line.

Goals: CPU at most so many times the sheets', memory.
"""

from datetime import timedelta

from benchmarks import people
from benchmarks.measure import Figure, Goal, once, peak_megabytes
from benchmarks.yardsticks import sheets

GOALS = {"1,000 slips": Goal(times=240, queries=87), "memory": Goal(most=330)}
CLASSES = 25  # of forty


def measure():
    from billing.paper import printing
    from billing.paper.models import BillSlipBatch

    cashier = people.staff_of("large", "cashier")
    made = printing.request_batch(batch=issued_batch(cashier), school_class=None, by=cashier)
    yield once("1,000 slips", lambda: printing.set_batch.func(made.pk), sheets(CLASSES * 40))
    assert BillSlipBatch.objects.get(pk=made.pk).done == CLASSES * 40
    yield Figure("memory", peak_megabytes(), unit="MB")


def issued_batch(cashier):
    from django.utils import timezone

    from billing.bills.drafting import draft_for_classes
    from tests.billing.money import issue

    school = people.school_called("large")
    batch = draft_for_classes(
        school=school,
        classes=people.classes(school, CLASSES),
        items=[(f"代收代辦費第 {n} 項", 1_000 + n) for n in range(9)],
        by=cashier,
        title="學雜費",
        school_year=school.school_year,
        semester=1,
        due_on=timezone.localdate() + timedelta(days=14),
    )
    issue(batch, cashier)
    return batch
