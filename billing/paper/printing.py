"""Printing slips at the cashier's desk: one bill at once, a class or a school by the worker."""

from django.db import transaction

from audit import log
from billing.bills.models import Bill
from billing.paper import slips, tasks
from billing.paper.models import SlipBatch
from core.printing import batches, glyphs
from registry.models import School

EVENT = "bill_slips"


def print_slip(*, bill, by):
    """The PDF of one bill (of slips.for_paper). Raises slips.NoSlip."""
    return _recorded(slips.slip_pdf(bill), "bill_slips.printed", bill, by)


def print_receipt(*, bill, by):
    """Raises slips.NoReceipt."""
    return _recorded(slips.receipt_pdf(bill), "receipt.printed", bill, by)


@transaction.atomic
def _recorded(pdf, event, bill, by):
    log.record(event, by=by, target=bill, school=bill.school)
    return pdf


@transaction.atomic
def request_batch(*, batch, school_class, by):
    """Have the worker set the slips of `batch`, of one class or (None) all; the same wish twice is one.

    Only open bills within their time are printed. Raises NobodyToPrint.
    """
    school = School.objects.select_for_update(no_key=True).get(pk=batch.school_id)
    batches.sweep(SlipBatch.objects.filter(school=school))
    wish = {"school": school, "batch": batch, "school_class": school_class}
    if same := SlipBatch.objects.alive().filter(**wish).first():
        return same
    bills = issued_bills(batch, school_class)
    names = payable(bills).values_list("student__name", flat=True)
    if not names:
        raise batches.NobodyToPrint
    made = SlipBatch.objects.create(
        **wish,
        made_by=by,
        total=len(names),
        left_out=bills.count() - len(names),
        missing="".join(sorted(glyphs.missing_in("".join(names))))[:200],
    )
    data = {
        "slips": made.total,
        "left_out": made.left_out,
        "class": school_class.name if school_class else "",
    }
    log.record(f"{EVENT}.requested", by=by, target=made, school=school, data=data)
    tasks.set_slip_batch.enqueue(made.pk)
    return made


def start_again(*, batch, by):
    return batches.start_again(batch=batch, by=by, event=EVENT, task=tasks.set_slip_batch)


def issued_bills(batch, school_class=None):
    """Bills of the batch that have their codes."""
    bills = Bill.objects.filter(batch=batch).exclude(state=Bill.State.DRAFT)
    return bills.filter(student__school_class=school_class) if school_class else bills


def payable(bills):
    return bills.on_paper()
