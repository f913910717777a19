"""A store's file of 20,000 lines is looked through, then settled, beside as many rows written in bulk.

Of every hundred lines 94 settle a bill, two are paid twice, two have another amount, two fit no bill. Goals: CPU at most
so many times the rows', memory.
"""

from datetime import date, timedelta

from benchmarks import people
from benchmarks.measure import Figure, Goal, once, peak_megabytes
from benchmarks.yardsticks import rows

LINES = 20_000
GOALS = {
    "looked through": Goal(times=3, queries=83),
    "settled": Goal(times=99, queries=99999),
    "memory": Goal(most=999),
}


def measure():
    from django.core.files.base import ContentFile

    from billing.collection import balance
    from billing.collection.models import CollectionFile
    from billing.collection.reconciliation.importing import post_file, take_in
    from tests.billing.collection.collection_files import store_file

    school, cashier = people.school_called("large"), people.staff_of("large", "cashier")
    file = ContentFile(store_file(lines_of(make_bills(school, by=cashier))), "benchmark.txt")

    def look():
        take_in(school=school, upload=file, profile="store", by=cashier)

    yield once("looked through", look, rows(LINES))
    yield once("settled", lambda: post_file(CollectionFile.objects.get()), rows(LINES))
    assert not balance.differences()
    yield Figure("memory", peak_megabytes(), unit="MB")


def make_bills(school, *, by):
    """Issued bills of the students in turn, as rows, with what the ledger says of them: their (code, amount)."""
    from billing.bills.models import Bill
    from billing.ledger import booking
    from billing.ledger.models import LedgerEntry
    from tests.billing.money import batch_of

    students = list(school.students.all())
    batches = [batch_of(school, by=by) for _ in range(0, LINES, len(students))]
    bills = Bill.objects.bulk_create(
        (
            Bill(
                batch=batches[n // len(students)],
                school=school,
                student=students[n % len(students)],
                title="115 學年度第 1 學期學雜費",
                amount=1000 + n % 977,
                due_on=date.today() + timedelta(days=9),
                state=Bill.State.ISSUED,
                write_off_number=f"{n + 1:016}",
                virtual_account="",
            )
            for n in range(LINES)
        ),
        batch_size=1000,
    )
    LedgerEntry.objects.bulk_create([booking.of_issue(bill) for bill in bills], batch_size=1000)
    return [(bill.write_off_number, bill.amount) for bill in bills]


def lines_of(bills):
    """Pairs of code and amount, two in a hundred wrong in each of three ways."""
    for n, (code, amount) in enumerate(bills):
        if n % 50 == 1:
            yield bills[n - 1]
        elif n % 50 == 2:
            yield code, amount + 1
        elif n % 50 == 3:
            yield f"8{n:015}", amount
        else:
            yield code, amount
