"""The cashier prints: one bill at once, a class or the school by the worker."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.bills.models import Bill
from billing.paper import batches as printing
from billing.paper import slips as paper
from billing.paper.forms import FindBillForm, SlipsForm
from billing.paper.models import SlipBatch
from core.downloads import PDF, ZIP, download
from core.printing import batches
from registry.access import cashiers_only

SHOWN = 10
REFRESH_SECONDS = "3"


@cashiers_only
def bill_slip(request, pk):
    bill = _bill(request, pk)
    if bill.state == Bill.State.PAID:
        return redirect("billing:cashier-bill-receipt", request.school.slug, pk)
    try:
        pdf = printing.print_slip(bill=bill, by=request.user)
        return download(pdf, paper.name_of(_("繳費單"), bill), PDF)
    except paper.NoSlip:
        return _back(request, bill)


@cashiers_only
def bill_receipt(request, pk):
    bill = _bill(request, pk)
    try:
        pdf = printing.print_receipt(bill=bill, by=request.user)
        return download(pdf, paper.name_of(_("收據"), bill), PDF)
    except paper.NoReceipt:
        return _back(request, bill, _("這張繳費單還沒有繳清，沒有收據。") if bill.is_payable else None)


def _bill(request, pk):
    return get_object_or_404(paper.for_paper(Bill.objects.filter(school=request.school)), pk=pk)


def _back(request, bill, words=None):
    messages.warning(request, words or paper.why_no_slip(bill))
    return redirect("billing:cashier-slips", request.school.slug)


@cashiers_only
def slips(request):
    """Choose a batch of bills and a class or all; or find one bill."""
    form = SlipsForm(request.POST if request.method == "POST" else None, school=request.school)
    if form.is_bound and form.is_valid():
        try:
            made = printing.request_batch(by=request.user, **form.cleaned_data)
            return redirect("billing:cashier-slip-batch", request.school.slug, made.pk)
        except batches.NobodyToPrint:
            form.add_error(None, _("這個範圍沒有可以印的繳費單：都已經繳清、作廢或超過期限。"))
    made = SlipBatch.objects.filter(school=request.school).select_related("batch", "school_class", "made_by")
    finder = FindBillForm(request.GET if "code" in request.GET else None, school=request.school)
    context = {"form": form, "finder": finder, "found": finder.found, "batches": made[:SHOWN]}
    return render(request, "billing/paper/slips.html", context)


@cashiers_only
def slip_batch(request, pk):
    """How far it is; the page asks again by itself while there is something to wait for."""
    batch = _find(request, pk)
    response = render(request, "billing/paper/slip_batch.html", {"batch": batch})
    if batch.is_alive:
        response["Refresh"] = REFRESH_SECONDS
    return response


@cashiers_only
def slip_batch_file(request, pk):
    batch = _find(request, pk)
    if not batch.has_file:
        raise Http404
    if batch.batch.issued_at is None:
        messages.warning(request, _("這一批繳費單已經收回，印好的檔案不能再用；已經印出的請作廢。"))
        return redirect("billing:cashier-slips", request.school.slug)
    what = batch.school_class.name if batch.school_class else request.school.short_name
    kind, ending = (PDF, "pdf") if batch.school_class else (ZIP, "zip")
    return download(batch.read(), _("繳費單-%(what)s") % {"what": what} + f".{ending}", kind)


@require_POST
@cashiers_only
def slip_batch_again(request, pk):
    try:
        printing.start_again(batch=_find(request, pk), by=request.user)
    except batches.StillAtWork:
        messages.info(request, _("這一批不需要重新製作。"))
    return redirect("billing:cashier-slip-batch", request.school.slug, pk)


def _find(request, pk):
    mine = SlipBatch.objects.select_related("school", "batch", "school_class", "made_by")
    return get_object_or_404(mine, school=request.school, pk=pk)
