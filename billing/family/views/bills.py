"""A parent's bills."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from billing.bills import codes, instalments
from billing.bills.models import Bill
from billing.family import calendar_entry
from billing.family.overview import heading_of, history_of, overview_of
from billing.payments import attempts
from billing.payments.models import Refund
from core.downloads import download
from registry.access import parent_only

PAGE = 30


@parent_only
def home(request):
    return render(request, "billing/family/home.html", {"overview": overview_of(request.user)})


@parent_only
def history(request):
    page_obj = Paginator(history_of(request.user), PAGE).get_page(request.GET.get("page"))
    for bill in page_obj:
        bill.semester_heading = heading_of(bill.batch.school_year, bill.batch.semester)
    return render(request, "billing/family/history.html", {"page_obj": page_obj})


@parent_only
def bill(request, pk):
    """One bill, and what can be done about it. Who paid it is nobody's business here."""
    related = ("school", "student__school_class", "batch", "agent", "replaced_by")
    mine = attempts.with_attempts(Bill.objects.of_parent(request.user).select_related(*related))
    shown = get_object_or_404(mine, pk=pk)
    attempts.note([shown], request.user)
    context = {
        "bill": shown,
        "semester": heading_of(shown.batch.school_year, shown.batch.semester),
        "items": shown.items.all(),
        "refunds": Refund.objects.of_parent(request.user)
        .exclude(state=Refund.State.WITHDRAWN)
        .filter(bill=shown)
        .order_by("pk"),
        "successor": successor_of(shown),
        "instalments": instalments.parts_of(shown).select_related("batch") if shown.state == Bill.State.VOID else (),
        "has_codes": bool(codes.store_codes(shown) or codes.bank_account(shown)),
    }
    return render(request, "billing/family/bill.html", context)


def successor_of(bill):
    """The bill that was issued in its place, once it was."""
    successor = getattr(bill, "replaced_by", None)
    return successor if successor and successor.state not in Bill.NOT_YET else None


@parent_only
def bill_due(request, pk):
    """The last day as an entry for the parent's own calendar; of an open bill only."""
    due = (
        Bill.objects.of_parent(request.user)
        .filter(state=Bill.State.ISSUED)
        .select_related("school", "student", "batch")
    )
    found = get_object_or_404(due, pk=pk)
    return download(calendar_entry.of_bill(found), f"bill-{found.pk}.ics")
