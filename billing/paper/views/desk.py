"""The cashier prints: one bill at once, a class or the school by the worker."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.bills.models import Bill
from billing.paper import printing, slips
from billing.paper.forms import SlipsForm
from billing.paper.lists import list_of_batches, list_of_found
from billing.paper.models import BillSlipBatch
from core.downloads import download
from core.printing.batches import NobodyToPrint
from core.printing.pages import batch_again, batch_file, batch_page
from core.way_back import redirect_back
from registry.access import cashiers_only
from registry.lists import show_list


@cashiers_only
def bill_slip(request, pk):
    bill = _bill(request, pk)
    if bill.state == Bill.State.PAID:
        return redirect("billing:cashier-bill-receipt", request.school.slug, pk)
    try:
        pdf = printing.print_slip(bill=bill, by=request.user)
        return download(pdf, slips.name_of(_("繳費單"), bill))
    except slips.NoSlip:
        return _back(request, bill)


@cashiers_only
def bill_receipt(request, pk):
    bill = _bill(request, pk)
    try:
        pdf = printing.print_receipt(bill=bill, by=request.user)
        return download(pdf, slips.name_of(_("收據"), bill))
    except slips.NoReceipt:
        return _back(request, bill, _("這張繳費單還沒有繳清，沒有收據。") if bill.is_payable else None)


def _bill(request, pk):
    return get_object_or_404(Bill.objects.filter(school=request.school).for_paper(), pk=pk)


def _back(request, bill, words=None):
    messages.warning(request, words or slips.why_no_slip(bill))
    return redirect_back(request, "billing:cashier-slips", request.school.slug)


@cashiers_only
def slip_list(request):
    """Choose a batch of bills and a class or all; or find one bill."""
    listing, found = list_of_batches(request, _batches(request.school)), list_of_found(request)
    asks = request.method == "POST" and not (listing.is_posted or found.is_posted)
    form = SlipsForm(request.POST if asks else None, school=request.school)
    if form.is_bound and form.is_valid():
        try:
            made = printing.request_batch(by=request.user, **form.cleaned_data)
            return redirect("billing:cashier-slip-batch", request.school.slug, made.pk)
        except NobodyToPrint:
            form.add_error(None, _("這個範圍沒有可以印的繳費單：都已經繳清、作廢或超過期限。"))
    context = {"form": form, "found": found}
    return show_list(request, "billing/paper/slips.html", listing, context, others=[found])


@cashiers_only
def slip_batch(request, pk):
    return batch_page(request, _find(request, pk), "billing/paper/slip_batch.html")


@cashiers_only
def slip_batch_file(request, pk):
    """Not of bills that were taken back meanwhile: what was printed of them is void."""
    batch = _find(request, pk)
    if batch.has_file and batch.batch.issued_at is None:
        messages.warning(request, _("這一批繳費單已經收回，印好的檔案不能再用；已經印出的請作廢。"))
        return redirect_back(request, "billing:cashier-slips", request.school.slug)
    what = batch.school_class.name if batch.school_class else request.school.short_name
    ending = "pdf" if batch.school_class else "zip"
    return batch_file(batch, _("繳費單-%(what)s") % {"what": what} + f".{ending}")


@require_POST
@cashiers_only
def slip_batch_again(request, pk):
    return batch_again(request, _find(request, pk), printing.set_batch, page="billing:cashier-slip-batch")


def _batches(school):
    batches = BillSlipBatch.objects.filter(school=school)
    return batches.select_related("school", "batch", "school_class", "made_by")


def _find(request, pk):
    return get_object_or_404(_batches(request.school), pk=pk)
