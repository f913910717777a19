"""How long it takes to draft, issue and release 3,000 bills with their mails, and how much memory.

    ENVIRONMENT=development DATABASE_URL=… python -m benchmarks.issue_bills --bills 3000

Needs a migrated database of its own, and leaves its rows there. Every student has a bound parent, who is mailed.
"""

import argparse
import io
import os
import time
from datetime import date, timedelta

import django

from benchmarks.collection_file import peak


def bind_parents(school):
    from accounts.sso_accounts import open_sso_account
    from binding.models import Binding
    from tests.registry.factories import make_identity

    for n, student in enumerate(school.students.order_by("pk")):
        opened = open_sso_account(
            name="王大明",
            identity_number=make_identity(6_000_000 + n),
            mobile="0912345678",
            email=f"parent{n}@example.com",
            by=None,
        )
        Binding.objects.create(
            account=opened.account,
            student=student,
            kind="delegated",
            relationship="father",
            last_day=date.today() + timedelta(days=99),
        )


def table(students):
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for column, title in enumerate(["學號", "學費", "雜費", "代收代辦費", "減免"]):
            sheet.write_string(0, column, title)
        for row, student in enumerate(students, start=1):
            sheet.write_string(row, 0, student.student_number)
            for column, amount in enumerate((6240, 1740, 1200, -500), start=1):
                sheet.write_number(row, column, amount + row % 7)
    return written.getvalue()


def measure(count):
    from django.utils import timezone

    from accounts.models import User
    from benchmarks.roster_import import make_school, roster
    from billing.bills import drafting, issuing, releasing
    from billing.bills.charges import charges_of, read_charges
    from billing.bills.models import BillBatch
    from billing.collection import balance
    from notifications.models import Message
    from registry.roster import import_roster
    from tests.billing.money import agent_of

    school = make_school()
    import_roster(school=school, data=roster(count), by=None, confirmed=True)
    bind_parents(school)
    agent_of(school)
    cashier = User.objects.create_staff(account="cashier", name="出納", school=school, password="x")  # noqa: S106
    data = table(school.students.all())
    before = Message.objects.count()
    print(f"{count:,} students, {len(data) / 1e3:.0f} kB; memory before {peak()} MB")
    began = time.perf_counter()
    reading = read_charges(data, school=school)
    charges, errors = charges_of(reading.columns, reading.lines, school.students.in_bulk())
    errors += reading.errors
    assert not errors, errors[:3]
    read = time.perf_counter()
    facts = {"title": "學雜費", "school_year": 115, "semester": 1, "due_on": date.today() + timedelta(days=20)}
    batch = drafting.draft_batch(school=school, charges=charges, by=cashier, **facts)
    drafted = time.perf_counter()
    issuing.begin_issuing(batch=batch, by=cashier)
    issuing.issue_all(batch)
    BillBatch.objects.filter(pk=batch.pk).update(wait_until=timezone.now())
    releasing.release_batch(batch)
    issued = time.perf_counter()
    print(
        f"read {read - began:.1f} s, drafted {drafted - read:.1f} s, issued and released {issued - drafted:.1f} s,"
        f" CPU {time.process_time():.1f} s"
    )
    print(f"mails {Message.objects.count() - before:,}; memory after {peak()} MB")
    print(f"states {set(batch.bills.values_list('state', flat=True))}; books differ: {balance.differences() or 'no'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bills", type=int, default=3000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    measure(options.bills)


if __name__ == "__main__":
    main()
