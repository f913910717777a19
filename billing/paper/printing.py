"""Printing slips at the cashier's desk: one bill at once, a class (one PDF) or a school (a ZIP) by the worker."""

from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django_tasks import task

from accounts.models import User
from audit import log
from billing.bills.models import Bill, BillBatch
from billing.paper import slips
from billing.paper.models import BillSlipBatch
from core.printing import batches
from registry.models import SchoolClass


def print_slip(*, bill: Bill, by: User) -> bytes:
    """The PDF of one bill (of `for_paper`). Raises slips.NoSlip."""
    return _recorded(slips.slip_pdf(bill), "bill_slips.printed", bill, by)


def print_receipt(*, bill: Bill, by: User) -> bytes:
    """The PDF of one bill's receipt (of `for_paper`). Raises slips.NoReceipt."""
    return _recorded(slips.receipt_pdf(bill), "receipt.printed", bill, by)


@transaction.atomic
def _recorded(pdf, event, bill, by):
    log.record(event, by=by, target=bill, school=bill.school)
    return pdf


@transaction.atomic
def request_batch(*, batch: BillBatch, school_class: SchoolClass | None, by: User) -> BillSlipBatch:
    """Have the worker set the slips of `batch`, of one class or (None) all; the same wish twice is one.

    Only open bills within their time are printed. Raises NobodyToPrint.
    """
    wish = {"school": batch.school, "batch": batch, "school_class": school_class}
    if same := batches.alive(BillSlipBatch, **wish).first():
        return same
    bills = Bill.objects.with_codes(batch, school_class)
    names = bills.on_paper().values_list("student__name", flat=True)
    left_out = bills.count() - len(names)
    made = batches.create(BillSlipBatch, names=names, by=by, left_out=left_out, **wish)
    class_name = school_class.name if school_class else ""
    data = {"slips": made.total, "left_out": left_out, "class": class_name}
    return batches.enqueue(batch=made, task=set_batch, by=by, data=data)


@task()
def set_batch(pk):
    """Set the batch's slips. A second run of the task finds nothing to do."""
    with translation.override(settings.LANGUAGE_CODE):
        batches.run(BillSlipBatch, pk=pk, make=file_of)


def file_of(batch):
    """The PDF of a class, or the ZIP of all. A bill that was paid since the request is left out, and counted so."""
    bills = Bill.objects.with_codes(batch.batch, batch.school_class)
    keys = list(bills.on_paper().in_seating_order().values_list("student__school_class__name", "pk"))
    _count(batch, printed=len(keys), issued=bills.count())
    classes = facts_of_classes(keys, batch)
    if batch.school_class_id:
        data = _pdf_of(batch, classes)
    else:
        data = batches.zip_of(batch, classes, slips.set_slips, name="繳費單")
    batch.refresh_from_db(fields=["done"])
    _count(batch, printed=batch.done, issued=bills.count())
    return data


def _count(batch, *, printed, issued):
    mine = BillSlipBatch.objects.filter(pk=batch.pk, attempt=batch.attempt)
    mine.update(total=printed, left_out=max(issued - printed, 0))


def facts_of_classes(keys, batch):
    """(class, how many slips, what stands on them) for each class; asked of the database when its turn comes."""
    for name, group in groupby(keys, key=lambda one: one[0]):
        bills = Bill.objects.filter(pk__in=[pk for _name, pk in group]).on_paper()
        if found := list(bills.for_paper().in_seating_order()):
            yield name, len(found), slips.facts_of_slips(found, batch.school)


def _pdf_of(batch, classes):
    for _name, sheets, facts in classes:
        data = slips.set_slips(facts)
        batches.count_done(batch=batch, sheets=sheets)
        return data
    raise batches.NobodyToPrint
