"""One bill at the cashier's desk: what it says, what money came, and what can be done."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from billing.bills import codes, instalments, notify, voiding
from billing.bills.forms import ReissueForm
from billing.bills.models import Bill
from billing.bills.virtual_accounts import OutOfNumbers
from billing.collection import refunding
from billing.collection.give_back_form import GiveBackForm
from billing.forms import ReasonForm
from billing.payments.paying import live_attempts
from registry.access import cashiers_only
from registry.for_pages import dollars


@cashiers_only
def bill(request, pk):
    shown = _find(request, pk)
    context = {
        "bill": shown,
        "items": shown.items.all(),
        "store": codes.store_codes(shown),
        "money": shown.settlements.select_related("bill__student__school_class").order_by("-pk"),
        "parts": shown.payment_parts.select_related("payment").order_by("-pk"),
        "refunds": shown.refunds.order_by("pk"),
        "successor": getattr(shown, "replaced_by", None),
        "instalments": instalments.parts_of(shown) if shown.part_of_id or shown.state == Bill.State.VOID else (),
    }
    return render(request, "billing/collection/bill.html", context)


@cashiers_only
def bill_void(request, pk):
    return _with_reason(
        request,
        _find(request, pk),
        Bill.State.ISSUED,
        "billing/collection/bill_void.html",
        voiding.void_bill,
        _("繳費單已作廢。%(told)s"),
    )


@cashiers_only
def bill_give_back(request, pk):
    """How much of a paid bill goes back: worked out first, then put down."""
    shown = _find(request, pk)
    if not shown.refundable:
        return _not_any_more(request, shown)
    form = GiveBackForm(request.POST or None, bill=shown)
    if request.method == "POST" and form.is_valid() and "reckon" not in request.POST:
        try:
            data = form.cleaned_data
            refunding.give_back(bill=shown, amount=data["amount"], reason=form.why, by=request.user)
            messages.success(
                request, _("已列入待退款 %(amount)s 元。退款之後請登記。") % {"amount": dollars(data["amount"])}
            )
            return redirect("billing:cashier-bill", request.school.slug, pk)
        except refunding.OneIsDue:
            form.add_error(None, _("這張繳費單已經有一筆待退款，請先退款或撤銷那一筆。"))
        except refunding.NotRefundable:
            return _not_any_more(request, shown)
    return render(request, "billing/collection/bill_give_back.html", {"bill": shown, "form": form})


def _with_reason(request, shown, state, template, action, words):
    """Ask why, and do it; a bill that is in another state than `state` by now goes back to its page."""
    if shown.state != state:
        return _not_any_more(request, shown)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            action(bill=shown, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, words % {"told": notify.how_told(shown)})
        except voiding.NotOpen:
            return _not_any_more(request, shown)
        return redirect("billing:cashier-bill", request.school.slug, shown.pk)
    return render(request, template, {"bill": shown, "form": form, "live": live_attempts([shown])})


@cashiers_only
def bill_reissue(request, pk):
    shown = _find(request, pk)
    if shown.state != Bill.State.ISSUED:
        return _not_any_more(request, shown)
    form = ReissueForm(request.POST or None, bill=shown)
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        try:
            data = {name: form.cleaned_data[name] for name in ("items", "due_on", "reason")}
            new = voiding.reissue(bill=shown, by=request.user, **data)
            words = _("已作廢原來的繳費單，這是新的一張。%(told)s")
            messages.success(request, words % {"told": notify.how_told(new)})
            return redirect("billing:cashier-bill", request.school.slug, new.pk)
        except voiding.NotOpen:
            return _not_any_more(request, shown)
        except OutOfNumbers:
            form.add_error("due_on", _("銀行的虛擬帳號用完了，這個期限不能再發。請換一天，或請銀行改用其他帳號格式。"))
        except voiding.BatchClosed:
            messages.warning(request, _("這一批已經結束收款，不能再發。"))
            return redirect("billing:cashier-bill", request.school.slug, pk)
    context = {"bill": shown, "form": form, "live": live_attempts([shown])}
    return render(request, "billing/collection/bill_reissue.html", context)


def _not_any_more(request, bill):
    bill.refresh_from_db(fields=["state"])
    messages.warning(request, bill.refused_in_words)
    return redirect("billing:cashier-bill", request.school.slug, bill.pk)


def _find(request, pk):
    return get_object_or_404(Bill.objects.for_desk(request.school), pk=pk)
