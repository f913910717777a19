"""The cashier's desk: what waits, money that came, the work list, refunds, the counter."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from billing.collection import refunding, resolving
from billing.collection.forms import RefundForm, ResolveForm
from billing.collection.models import CollectionFile
from billing.forms import ReasonForm
from billing.payments.models import PaymentPart, Refund, Settlement
from core.identity import may_be_in
from core.states import InvalidMove
from registry.access import cashiers_only
from registry.search import typed

PAGE = 50


@cashiers_only
def desk(request):
    """What waits comes first, with its number."""
    money = Settlement.objects.filter(school=request.school)
    due = Refund.objects.due().filter(settlement__school=request.school)
    context = {
        "open": money.work_list().count(),
        "due": due.count(),
        "due_total": due.aggregate(total=Sum("amount"))["total"] or 0,
        "latest": money.select_related("bill__student__school_class").order_by("-pk")[:10],
        "files": CollectionFile.objects.filter(school=request.school).order_by("-pk")[:5],
    }
    return render(request, "billing/collection/desk.html", context)


@cashiers_only
def settlements(request):
    text, state = typed(request), request.GET.get("state", "")
    found = Settlement.objects.filter(school=request.school).select_related("bill__student__school_class")
    if text and not may_be_in(text):
        found = found.filter(Q(code=text) | Q(bill__write_off_number=text) | Q(bill__student__student_number=text))
    if state in Settlement.State.values:
        found = found.filter(state=state)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page_obj": Paginator(found.order_by("-pk"), PAGE).get_page(request.GET.get("page")),
        "q": text,
        "state": state,
        "states": Settlement.State.choices,
        "query": query.urlencode(),
    }
    return render(request, "billing/collection/settlements.html", context)


@cashiers_only
def work_list(request):
    found = Settlement.objects.work_list().filter(school=request.school).order_by("pk")
    page_obj = Paginator(found.select_related("bill__student__school_class"), PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/collection/work_list.html", {"page_obj": page_obj})


@cashiers_only
def resolve(request, pk):
    money = Settlement.objects.filter(school=request.school).select_related("payment", "bill__student__school_class")
    settlement = get_object_or_404(money, pk=pk)
    form = ResolveForm(request.POST or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        try:
            _resolve(settlement, form, by=request.user)
            messages.success(request, _("已處理，原因留在紀錄裡。"))
            return redirect("billing:cashier-work", request.school.slug)
        except resolving.AlreadyResolved:
            messages.info(request, _("這筆款項已經有人處理了。"))
            return redirect("billing:cashier-work", request.school.slug)
        except resolving.DoesNotFit:
            words = _(
                "這張繳費單不能銷這筆款項：金額不同，或已作廢、尚未發出。金額不同時請退還，請家長依繳費單金額再繳。"
            )
            form.add_error("code", words)
    parts = PaymentPart.objects.none()
    if settlement.payment_id and not settlement.bill_id:
        parts = settlement.payment.parts.select_related("bill__student__school_class")
    context = {"settlement": settlement, "form": form, "parts": parts}
    return render(request, "billing/collection/resolve.html", context)


def _resolve(settlement, form, *, by):
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["what"] == "bill":
        resolving.resolve_for_bill(settlement=settlement, bill=form.bill, reason=reason, by=by)
    elif form.cleaned_data["what"] == "refund":
        resolving.resolve_by_refund(settlement=settlement, reason=reason, by=by)
    else:
        resolving.resolve_as_no_money(settlement=settlement, reason=reason, by=by)


@cashiers_only
def refunds(request):
    mine = Refund.objects.for_desk(request.school)
    is_done = request.GET.get("state") == "done"
    over = mine.exclude(state=Refund.State.REFUND_DUE)
    found = over.order_by("-pk") if is_done else mine.due().order_by("due_at", "pk")
    page_obj = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page_obj, "is_done": is_done, "query": "state=done" if is_done else ""}
    return render(request, "billing/collection/refunds.html", context)


@cashiers_only
def refund(request, pk):
    due = _refund(request, pk)
    form = RefundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refunding.refund(refund=due, by=request.user, **form.cleaned_data)
            messages.success(request, _("已登記退款。"))
        except refunding.AlreadyRefunded as already:
            words = _("這筆款項已經登記為「%(way)s」退款（%(note)s），請勿再退一次。")
            told = {"way": already.refund.get_way_display(), "note": already.refund.note}
            messages.warning(request, words % told)
        except (InvalidMove, refunding.NotDue):
            messages.info(request, _("這筆退款已經處理，或不能撤銷。"))
        return redirect("billing:cashier-refunds", request.school.slug)
    return render(request, "billing/collection/refund.html", {"refund": due, "form": form})


@cashiers_only
def refund_withdraw(request, pk):
    """The money never came: somebody told of it twice."""
    due = _refund(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resolving.withdraw_refund(refund=due, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("已記下沒有這筆錢，不必退款。"))
        except resolving.AlreadyResolved:
            messages.info(request, _("這筆退款已經處理，或不能撤銷。"))
        return redirect("billing:cashier-refunds", request.school.slug)
    return render(request, "billing/collection/refund_withdraw.html", {"refund": due, "form": form})


@cashiers_only
def refund_take_back(request, pk):
    """The refund was put down wrongly: what was paid stays."""
    due = _refund(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refunding.take_back(refund=due, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("已撤銷這筆待退款，繳費單照舊。"))
        except refunding.NotDue:
            messages.info(request, _("這筆退款已經處理，或不能撤銷。"))
        return redirect("billing:cashier-refunds", request.school.slug)
    return render(request, "billing/collection/refund_take_back.html", {"refund": due, "form": form})


def _refund(request, pk):
    return get_object_or_404(Refund.objects.for_desk(request.school), pk=pk)
