"""Slips for tests: bills with items and codes, what stands on their paper, and what a scanner reads of it."""

import re
from datetime import timedelta

import pypdfium2
import zxingcpp
from django.utils import timezone

from billing.bills import codes
from billing.bills.models import BillItem, CollectingAgent
from billing.paper import printing
from billing.paper.models import BillSlipBatch
from tests.billing.money import agent_of, issued_bill


def coded_bill(student, *, items=(("學費", 15_720), ("減免學雜費", -1_200)), serial=46_271, agent=None, **fields):
    """An open bill with items that can be paid at stores and at the bank, as its school's agent lays it out."""
    amount = sum(one for _name, one in items)
    agent = agent or CollectingAgent.objects.filter(school=student.school).first() or agent_of(student.school)
    number, account = codes.numbers_for(agent, serial, amount, timezone.localdate() + timedelta(days=10))
    bill = issued_bill(
        student, amount=amount, **{"agent": agent, "write_off_number": number, "virtual_account": account, **fields}
    )
    BillItem.objects.bulk_create(
        BillItem(bill=bill, position=place, name=name, amount=one) for place, (name, one) in enumerate(items)
    )
    return bill


def finished_bill_slips(batch, *, by, school_class=None):
    """Slips that the worker made."""
    made = printing.request_batch(batch=batch, school_class=school_class, by=by)
    printing.set_batch.func(made.pk)
    return BillSlipBatch.objects.get(pk=made.pk)


def pages_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def words_of(pdf):
    """All text of the pages, without spaces."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s|\u200b", "", text)


def scanned(pdf, page=0):
    """(kind, text) of every code on a page, from top to bottom, as a scanner at 200 dpi reads it."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[page].render(scale=200 / 72).to_pil()
    found = zxingcpp.read_barcodes(picture)
    return [(one.format.name, one.text) for one in sorted(found, key=lambda one: one.position.top_left.y)]
