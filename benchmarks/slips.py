"""How long a school's slips take, and how much memory: the worker's whole run, up to the encrypted file.

    ENVIRONMENT=development DATABASE_URL=… python -m benchmarks.slips --bills 1000

Needs a migrated database of its own; everything is rolled back. Each bill has nine items, three barcodes and an
account; names, items and numbers are all different, so that nothing set before can be used again.
"""

import argparse
import io
import os
import resource
import time
import zipfile

import django


def make_batch(size):
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import User
    from benchmarks.paper_forms import make_school
    from billing.bills import codes
    from billing.bills.models import Bill, BillBatch, BillItem, CollectingAgent

    school = make_school(size)
    user = User.objects.create_staff(account="benchmark", name="-", school=school, password=None)
    due_on = timezone.localdate() + timedelta(days=14)
    batch = BillBatch.objects.create(
        school=school, school_year=115, semester=1, title="學雜費", due_on=due_on, state="issued",
        made_by=user, issued_by=user, issued_at=timezone.now(),
    )  # fmt: skip
    agent = CollectingAgent.objects.create(
        school=school, collection_code="627", bank_rule="bot", bank_name="臺灣銀行公館分行", bank_code="004",
        bank_collection_number="700602",
    )  # fmt: skip
    bills = []
    for serial, student in enumerate(school.students.all(), start=1):
        amount = 10_000 + serial
        number, account = codes.numbers_for(agent, serial, amount)
        bills.append(
            Bill(
                batch=batch,
                school=school,
                student=student,
                title="學雜費",
                amount=amount,
                due_on=due_on,
                state="issued",
                agent=agent,
                write_off_number=number,
                virtual_account=account,
                issued_at=timezone.now(),
            )  # fmt: skip
        )
    Bill.objects.bulk_create(bills, batch_size=500)
    BillItem.objects.bulk_create(
        (
            BillItem(bill=bill, position=n, name=f"代收代辦費第 {n} 項", amount=1_000 + n + bill.amount)
            for bill in bills
            for n in range(9)
        ),
        batch_size=1000,
    )
    return batch, user


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=1000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.db import transaction

    from billing.paper.models import BillSlipBatch
    from billing.paper.printing import file_of, request_batch
    from core import crypto
    from core.printing import batches

    with transaction.atomic():
        batch, user = make_batch(options.bills)
        made = request_batch(batch=batch, school_class=None, by=user)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.perf_counter()
        data = file_of(batches.begin(BillSlipBatch, pk=made.pk))
        stored = crypto.encrypt_bytes(data)
        seconds = time.perf_counter() - started
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = len(archive.namelist())
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.bills} slips in {files} files: {seconds:.1f} s, {options.bills / seconds:.0f} slips/s")
    print(f"{len(stored) / 2**20:.1f} MB encrypted; peak {peak:.0f} MB, {before:.0f} MB before")


if __name__ == "__main__":
    main()
