"""A school's bills: 3,000 read from a table and drafted, then issued and released with their mails.

Yardstick: as many rows written in bulk. Goals: CPU at most so many times theirs, at most so many statements, memory.
"""

import io
from datetime import date, timedelta

from benchmarks import people
from benchmarks.measure import Figure, Goal, once, peak_megabytes
from benchmarks.yardsticks import rows

GOALS = {
    "3,000 drafted": Goal(times=10, queries=13),
    "3,000 issued and released": Goal(times=62, queries=92),
    "memory": Goal(most=170),
}


def measure():
    from billing.bills import drafting
    from billing.bills.charges import charges_of, read_charges
    from billing.collection import balance
    from notifications.models import Message
    from tests.billing.money import issue

    school, cashier = people.school_called("large"), people.staff_of("large", "cashier")
    data = table(school.students.all())
    facts = {"title": "學雜費", "school_year": 115, "semester": 1, "due_on": date.today() + timedelta(days=20)}
    batches = []

    def draft():
        reading = read_charges(data, school=school)
        charges, errors = charges_of(reading.columns, reading.lines, school.students.in_bulk())
        assert not errors + reading.errors, errors[:3]
        batches.append(drafting.draft_batch(school=school, charges=charges, by=cashier, **facts))

    yield once("3,000 drafted", draft, rows(people.LARGE))
    before = Message.objects.count()
    yield once("3,000 issued and released", lambda: issue(batches[-1], cashier), rows(people.LARGE))
    assert Message.objects.count() - before == people.LARGE
    assert not balance.differences()
    yield Figure("memory", peak_megabytes(), unit="MB")


def table(students):
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["學號", "學費", "雜費", "代收代辦費", "減免"])
        for row, student in enumerate(students, start=1):
            sheet.write_row(row, 0, [student.student_number, *(one + row % 7 for one in (6240, 1740, 1200, -500))])
    return written.getvalue()
