"""Bills and money for the tests of payments: bills that were issued, notices as gateways give them."""

import itertools
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.bills import issuing, releasing
from billing.bills.charge_tables import keep_table
from billing.bills.charges import Column, Kind, Line, Reading
from billing.bills.models import Bill, BillBatch, CollectingAgent
from billing.collection import refund_files, refunding
from billing.collection.counter import take_cash
from billing.ledger import booking
from billing.ledger.models import LedgerEntry
from billing.payments.gateways import Notice, Outcome
from billing.payments.payee import Payee
from billing.payments.paying import start_payment
from registry.roles import Role
from tests.accounts.factories import staff
from tests.registry.factories import StudentFactory

numbers = itertools.count(1)


def batch_of(school, *, by=None, state=BillBatch.State.ISSUED, **fields):
    by = by or cashier_of(school)
    due_on = timezone.localdate() + timedelta(days=10)
    issued = {} if state == BillBatch.State.DRAFT else {"issued_by": by, "issued_at": timezone.now()}
    return BillBatch.objects.create(
        school=school,
        made_by=by,
        state=state,
        **{"school_year": 115, "semester": 1, "title": "學雜費", "due_on": due_on, **issued, **fields},
    )


def charge_table_of(school, *, by, **fields):
    """A table of charges whose columns wait for the cashier: 學費 of one student."""
    student: Any = StudentFactory(school=school)
    column = Column("學費", filled=1, total=5, above=1, kind=Kind.FEE)
    reading = Reading([column], [Line(student.pk, "", 2, (5,))])
    facts = {"title": "學雜費", "school_year": 115, "semester": 1, "due_on": timezone.localdate(), **fields}
    return keep_table(school=school, reading=reading, by=by, **facts)


def agent_of(school, **fields):
    """A school whose bills can be paid at stores (collection code 627) and at the Bank of Taiwan."""
    return CollectingAgent.objects.create(
        school=school,
        **{
            "collection_code": "627",
            "bank_rule": "bot",
            "bank_name": "臺灣銀行公館分行",
            "bank_collection_number": "700602",
            **fields,
        },
    )


def issue(batch, by):
    """Issued, and the wait is over: families have the bills. They come in the order of their keys."""
    issuing.begin_issuing(batch=batch, by=by)
    issuing.issue_all(batch)
    end_wait(batch)
    releasing.release_batch(batch)
    batch.refresh_from_db()
    return list(batch.bills.order_by("pk"))


def end_wait(batch):
    BillBatch.objects.filter(pk=batch.pk, state="waiting").update(wait_until=timezone.now())


def issued_bill(student=None, *, amount=3900, days=10, batch=None, **fields):
    student = student or StudentFactory()
    number = next(numbers)
    with transaction.atomic():
        bill = Bill(
            batch=batch or batch_of(student.school),
            issued_at=timezone.now(),
            school=student.school,
            student=student,
            amount=amount,
            due_on=timezone.localdate() + timedelta(days=days),
            state=Bill.State.ISSUED,
            **{
                "title": "115 學年度第 1 學期學雜費",
                "write_off_number": f"{number:016}",
                "virtual_account": f"9{number:013}",
                **fields,
            },
        )
        bill.remember_student()
        bill.save()
        LedgerEntry.objects.bulk_create([booking.of_issue(bill)])
    return bill


def void(bill):
    with transaction.atomic():
        bill = Bill.objects.locked().get(pk=bill.pk)
        bill.move_to(Bill.State.VOID)
        bill.save()
        LedgerEntry.objects.bulk_create([booking.of_void(bill)])


def cashier_of(school):
    known = User.objects.filter(school=school, account="cashier").first()
    return known or staff(school, Role.CASHIER, account="cashier", name="出納組長")


def begun(bills, by, *, method="card", gateway="sandbox", despite=(), key=None):
    return start_payment(
        bills=bills, gateway=gateway, method=method, key=key or f"k{next(numbers)}", by=by, despite=despite
    )


def notice_of(payment, outcome=Outcome.PAID, **changes):
    return Notice(
        **{
            "gateway": payment.gateway,
            "reference": payment.reference,
            "outcome": outcome,
            "amount": payment.amount,
            "at": timezone.now(),
            "method": payment.method,
            **changes,
        }
    )


def pay(client, *bills, way="sandbox:card", key="k1", **more):
    """Press the button of the page of paying."""
    data = {"bill": [one.pk for one in bills], "way": way, "key": key, **more}
    return client.post(reverse("billing:pay"), data)


def refund_of(bill, by, *, account="00112345678901", receipt=None):
    """A refund that is due of a bill paid in cash, with an account to send it to unless `account` is ""."""
    take_cash(bill=bill, amount=bill.amount, receipt=receipt or f"R{next(numbers)}", by=by)
    due = refunding.give_back(bill=bill, amount=bill.amount, reason="轉學", by=by)
    if account:
        payee = Payee(bank="822", branch="", account=account, holder="王大明")
        refunding.keep_payee(refund=due, payee=payee, by=by)
    return due


def refund_file_of(*refunds, by):
    """A file for the bank with these refunds of one school."""
    keys = [one.pk for one in refunds]
    return refund_files.make(school=by.school, refunds=keys, key=f"f{next(numbers)}", by=by)
