"""Money at the counter: find the bill, see whose it is, then take the money."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.bills import notify
from billing.bills.models import Bill
from billing.collection import counter
from billing.collection.forms import CashForm
from billing.payments.models import Settlement
from core.identity import may_be_in
from registry.access import cashiers_only
from registry.for_pages import dollars
from registry.search import find_students, typed

PAGE = 50
LATEST = 10


@cashiers_only
def cash(request):
    """Open bills by what stands on the slip, or whose they are."""
    text = typed(request)
    if may_be_in(text):
        messages.warning(request, _("請不要在這裡輸入證號，請用學號、姓名或銷帳編號查詢。"))
        return redirect("billing:cashier-cash", request.school.slug)
    if text and (bill := Bill.objects.filter(school=request.school).find_number(text)):
        return redirect("billing:cashier-cash-take", request.school.slug, bill.pk)
    page_obj = Paginator(_open_bills(request.school, text), PAGE).get_page(request.GET.get("page"))
    today = Settlement.objects.filter(
        school=request.school, channel=counter.CHANNEL, told_at__date=timezone.localdate()
    )
    latest = today.select_related("bill__student__school_class").order_by("-pk")[:LATEST]
    context = {"q": text, "query": urlencode({"q": text}), "page_obj": page_obj, "latest": latest}
    return render(request, "billing/collection/cash.html", context)


def _open_bills(school, text):
    if not text:
        return Bill.objects.none()
    students = find_students(school, text=text).order_by().values("pk")
    found = Bill.objects.filter(school=school, state=Bill.State.ISSUED, student__in=students)
    return found.select_related("student__school_class").in_seating_order("due_on")


@cashiers_only
def cash_take(request, pk):
    shown = get_object_or_404(Bill.objects.for_desk(request.school), pk=pk)
    form = CashForm(request.POST or None, bill=shown)
    if request.method == "POST" and form.is_valid():
        try:
            account, receipt = form.cleaned_data["account"], form.cleaned_data["receipt"]
            counter.take_cash(bill=shown, amount=shown.amount, receipt=receipt, account=account, by=request.user)
            messages.success(request, _taken(shown, receipt))
            return redirect("billing:cashier-cash", request.school.slug)
        except counter.NotOpen:
            shown.refresh_from_db(fields=["state"])
            messages.warning(request, shown.refused_in_words)
            return redirect("billing:cashier-cash-take", request.school.slug, pk)
    context = {"bill": shown, "form": form, "successor": getattr(shown, "replaced_by", None)}
    return render(request, "billing/collection/cash_take.html", context)


def _taken(bill, receipt):
    words = _("已收 %(student)s「%(title)s」%(amount)s 元（收據 %(receipt)s）並銷帳。%(told)s")
    return words % {
        "student": bill.student.name,
        "title": bill.title,
        "amount": dollars(bill.amount),
        "receipt": receipt,
        "told": notify.how_told(bill),
    }
