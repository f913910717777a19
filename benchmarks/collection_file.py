"""How long a store's file of 50,000 lines takes to be looked through and settled, and how much memory.

    ENVIRONMENT=development DATABASE_URL=… python -m benchmarks.collection_file --lines 50000

Needs a migrated database of its own, and leaves its rows there: what it measures are real transactions. Of every hundred lines 94 settle a bill, two are
paid twice, two have another amount and two fit no bill. Every fifth student has a bound parent, who is mailed.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import date, timedelta

import django


def make_bills(school, count, *, by):
    """`count` issued bills of the students of a school, with what the ledger says of them."""
    from billing.bills.models import Bill
    from billing.ledger import booking
    from billing.ledger.models import LedgerEntry
    from tests.billing.money import batch_of

    students = list(school.students.all())
    due_on = date.today() + timedelta(days=9)
    batches = [batch_of(school, by=by) for _ in range(0, count, len(students))]
    bills = Bill.objects.bulk_create(
        (
            Bill(
                batch=batches[n // len(students)],
                school=school,
                student=students[n % len(students)],
                title="115 學年度第 1 學期學雜費",
                amount=1000 + n % 977,
                due_on=due_on,
                state=Bill.State.ISSUED,
                write_off_number=f"{n + 1:016}",
                virtual_account="",
            )
            for n in range(count)
        ),
        batch_size=1000,
    )
    LedgerEntry.objects.bulk_create([booking.of_issue(bill) for bill in bills], batch_size=1000)
    return [(bill.write_off_number, bill.amount) for bill in bills]


def bind_parents(school):
    """Every fifth student has a parent, bound without the steps that a family would take."""
    from accounts.sso_accounts import open_sso_account
    from binding.models import Binding
    from tests.registry.factories import make_identity

    ends_on = date.today() + timedelta(days=99)
    for n, student in enumerate(school.students.order_by("pk")[::5]):
        opened = open_sso_account(
            name="王大明",
            identity_number=make_identity(5_000_000 + n),
            mobile="0912345678",
            email=f"parent{n}@example.com",
            by=None,
        )
        Binding.objects.create(
            account=opened.account, student=student, kind="delegated", relationship="father", last_day=ends_on
        )


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


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(count):
    from django.core.files import File
    from django.db.models import Count

    from accounts.models import User
    from benchmarks.roster_import import make_school, roster
    from billing.collection import balance
    from billing.collection.reconciliation.importing import post_file, take_in
    from billing.payments.models import Settlement
    from notifications.models import Message
    from registry.roster import import_roster
    from tests.billing.collection.collection_files import store_file
    from tests.billing.money import agent_of

    school = make_school()
    import_roster(school=school, data=roster(2500), by=None, confirmed=True)
    bind_parents(school)
    agent_of(school)
    cashier = User.objects.create_staff(account="cashier", name="出納", school=school, password="x")  # noqa: S106
    bills = make_bills(school, count, by=cashier)
    data = store_file(lines_of(bills))
    del bills
    print(f"{count:,} lines, {len(data) / 1e6:.1f} MB; memory before {peak()} MB")
    with tempfile.TemporaryFile() as file:
        file.write(data)
        del data
        started = time.perf_counter()
        taken = take_in(school=school, upload=File(file, name="bench.txt"), profile="store", by=cashier)
        looked = time.perf_counter()
        print(f"looked through and kept in {looked - started:.1f} s")
        busy = time.process_time()
        post_file(taken)
    own = time.process_time() - busy
    print(f"settled in {time.perf_counter() - looked:.1f} s, {own:.1f} s of it here; memory after {peak()} MB")
    for one in Settlement.objects.values("state").annotate(n=Count("pk")).order_by("state"):
        print(f"  {one['state']}: {one['n']:,}")
    print(f"  mails: {Message.objects.count():,}; books differ: {balance.differences() or 'no'}")
    taken.file.delete(save=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=50_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    measure(options.lines)


if __name__ == "__main__":
    main()
