"""A bill is split into instalments, and they are put together again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from billing.bills import instalments, notify
from billing.bills.models import Bill
from billing.bills.split_form import JoinForm, SplitForm
from billing.bills.virtual_accounts import OutOfNumbers
from billing.bills.voiding import BatchClosed, NotOpen
from billing.payments.paying import live_attempts
from registry.access import cashiers_only


@cashiers_only
def bill_split(request, pk):
    shown = _find(request, pk)
    if shown.state != Bill.State.ISSUED or shown.part_of_id or shown.amount < instalments.FEWEST:
        return _not_now(request, shown)
    form = SplitForm(request.POST or None, bill=shown)
    if request.method == "POST" and form.is_valid() and "reckon" not in request.POST and not form.is_laid_anew:
        reason = form.cleaned_data["reason"]
        try:
            instalments.split(bill=shown, parts=form.parts, reason=reason, by=request.user)
            told = {"count": len(form.parts), "told": notify.how_told(shown)}
            messages.success(request, _("已分成 %(count)d 期。%(told)s") % told)
            return redirect("billing:cashier-bill", request.school.slug, pk)
        except (NotOpen, instalments.NotToSplit):
            return _not_now(request, shown)
        except BatchClosed:
            return _closed(request, shown)
        except OutOfNumbers:
            form.add_error(None, _("銀行的虛擬帳號用完了，這些期限不能再發。請換日期，或請銀行改用其他帳號格式。"))
    context = {"bill": shown, "form": form, "live": live_attempts([shown])}
    return render(request, "billing/collection/bill_split.html", context)


@cashiers_only
def bill_join(request, pk):
    shown = _find(request, pk)
    parts = list(instalments.parts_of(shown).select_related("student__school_class"))
    if not shown.part_of_id or shown.state != Bill.State.ISSUED:
        return _not_now(request, shown)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = instalments.join(bill=shown, by=request.user, **form.cleaned_data)
            messages.success(request, _("已併回一張。%(told)s") % {"told": notify.how_told(new)})
            return redirect("billing:cashier-bill", request.school.slug, new.pk)
        except instalments.PartSettled:
            messages.warning(request, _("已經有一期繳了，不能併回一張。"))
            return redirect("billing:cashier-bill", request.school.slug, pk)
        except NotOpen:
            return _not_now(request, shown)
        except BatchClosed:
            return _closed(request, shown)
        except OutOfNumbers:
            form.add_error("due_on", _("銀行的虛擬帳號用完了，這個期限不能再發。請換一天，或請銀行改用其他帳號格式。"))
    context = {"bill": shown, "parts": parts, "form": form, "live": live_attempts(parts)}
    return render(request, "billing/collection/bill_join.html", context)


def _not_now(request, bill):
    bill.refresh_from_db(fields=["state"])
    messages.warning(request, bill.refused_in_words)
    return redirect("billing:cashier-bill", request.school.slug, bill.pk)


def _closed(request, bill):
    messages.warning(request, _("這一批已經結束收款，不能再發。"))
    return redirect("billing:cashier-bill", request.school.slug, bill.pk)


def _find(request, pk):
    return get_object_or_404(Bill.objects.for_desk(request.school), pk=pk)
