"""A parent's paper: the slip and the receipt of a bill, and its codes on the phone."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from billing.bills.codes import bank_account, store_codes
from billing.bills.models import Bill
from billing.paper import slips
from billing.paper.code39 import shown_codes
from billing.payments import attempts
from core.downloads import download
from registry.access import parent_only


@parent_only
def slip(request, pk):
    bill = _own(request, pk)
    if bill.state == Bill.State.PAID:
        return redirect("billing:bill-receipt", pk)
    try:
        return download(slips.slip_pdf(bill), slips.name_of(_("繳費單"), bill))
    except slips.NoSlip:
        return _back(request, bill)


@parent_only
def receipt(request, pk):
    bill = _own(request, pk)
    try:
        return download(slips.receipt_pdf(bill), slips.name_of(_("收據"), bill))
    except slips.NoReceipt:
        return _back(request, bill, _("這張繳費單還沒有繳清，繳清後才有收據。") if bill.is_payable else None)


@parent_only
def phone_codes(request, pk):
    """The barcodes for the scanner of a store, and the account to transfer to."""
    bill = get_object_or_404(attempts.with_attempts(_of_parent(request)), pk=pk)
    if not bill.is_payable:
        return _back(request, bill)
    attempts.note([bill], request.user)
    context = {
        "bill": bill,
        "barcodes": shown_codes(store_codes(bill)),
        "account": bank_account(bill),
        "limit": bill.agent.store_limit if bill.agent and bill.agent.collection_code else None,
    }
    return render(request, "billing/family/codes.html", context)


def _own(request, pk):
    return get_object_or_404(_of_parent(request), pk=pk)


def _of_parent(request):
    return Bill.objects.of_parent(request.user).for_paper()


def _back(request, bill, words=None):
    messages.warning(request, words or slips.why_no_slip(bill))
    return redirect("billing:home")
