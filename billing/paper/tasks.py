"""The worker's part: slips of a class as one PDF, of a school as a ZIP, class by class."""

from itertools import groupby

from django.conf import settings
from django.utils import translation
from django_tasks import task

from billing.bills.models import Bill
from billing.paper import slips
from billing.paper.models import SlipBatch
from core.printing import batches


@task()
def set_slip_batch(pk):
    """Set the batch's slips. A second run of the task finds nothing to do."""
    with translation.override(settings.LANGUAGE_CODE):
        batches.run(SlipBatch, pk=pk, make=file_of, event="bill_slips")


def file_of(batch):
    """The PDF of a class, or the ZIP of all. Who paid since the request is left out, and counted so."""
    from billing.paper.batches import issued_bills, payable

    bills = issued_bills(batch.batch, batch.school_class)
    in_order = payable(bills).order_by(
        "student__school_class__sort_key", "student__school_class__name", "student__seat_number", "pk"
    )
    keys = list(in_order.values_list("student__school_class__name", "pk"))
    count(batch, printed=len(keys), issued=bills.count())
    classes = facts_of_classes(keys, batch)
    if batch.school_class_id:
        data = pdf_of(batch, classes)
    else:
        data = batches.zip_of(batch, classes, slips.set_slips, name="繳費單")
    batch.refresh_from_db(fields=["done"])
    count(batch, printed=batch.done, issued=bills.count())
    return data


def count(batch, *, printed, issued):
    mine = SlipBatch.objects.filter(pk=batch.pk, attempt=batch.attempt)
    mine.update(total=printed, left_out=max(issued - printed, 0))


def facts_of_classes(keys, batch):
    """(class, how many slips, what stands on them) for each class; asked of the database when its turn comes."""
    from billing.paper.batches import payable

    for name, group in groupby(keys, key=lambda one: one[0]):
        chosen = payable(Bill.objects.filter(pk__in=[pk for _name, pk in group]))
        bills = list(slips.for_paper(chosen).order_by("student__seat_number", "pk"))
        if bills:
            yield name, len(bills), slips.facts_of_slips(bills, batch.school)


def pdf_of(batch, classes):
    for _name, sheets, facts in classes:
        data = slips.set_slips(facts)
        if not batches.progress(batch=batch, sheets=sheets):
            raise batches.Replaced
        return data
    raise batches.NobodyToPrint
