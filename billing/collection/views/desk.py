"""The cashier's desk: money that came, what of it waits to be looked into, refunds."""

from functools import partial

from django.contrib import messages
from django.db.models import Count, Sum
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.collection import lists, refunding, resolving
from billing.collection.forms import RefundForm, ResolveForm
from billing.forms import ReasonForm
from billing.ledger.models import Account
from billing.payments.models import PaymentPart, Refund, RefundFile, Settlement
from core.listing import Filter, Listing, Search
from core.states import InvalidMove
from core.way_back import redirect_back
from registry.access import cashiers_only
from registry.lists import show_list


@cashiers_only
def settlements(request):
    """All money that came; what of it waits comes first, with its number."""
    listing = Listing(
        request,
        Settlement.objects.filter(school=request.school).select_related("bill__student__school_class"),
        name="settlements",
        title=pgettext("many", "入帳"),
        columns=lists.SETTLEMENTS,
        filters=[
            Filter("state", lists.STATE, "state", Settlement.State.choices),
            Filter("account", _("入帳科目"), "account", Account.choices),
        ],
        search=Search(
            _("銷帳編號、付款編號、學號或姓名"),
            partial(lists.settlements_with_words, school=request.school),
            instead=_("請不要在這裡輸入證號，請用學號、姓名或銷帳編號查詢。"),
        ),
        sort="-told",
    )
    due = Refund.objects.due().filter(settlement__school=request.school)
    waiting = {
        "open": Settlement.objects.work_list().filter(school=request.school).count(),
        **due.aggregate(due=Count("pk"), due_total=Sum("amount", default=0)),
    }
    return show_list(request, "billing/collection/settlements.html", listing, waiting)


@cashiers_only
def work_list(request):
    waiting = Settlement.objects.work_list().filter(school=request.school)
    listing = Listing(
        request,
        waiting.select_related("bill__student__school_class"),
        name="work-list",
        title=_("待查帳款"),
        columns=lists.SETTLEMENTS,
        sort="told",
    )
    return show_list(request, "billing/collection/work_list.html", listing)


@cashiers_only
def resolve(request, pk):
    money = Settlement.objects.filter(school=request.school).select_related("payment", "bill__student__school_class")
    settlement = get_object_or_404(money, pk=pk)
    form = ResolveForm(request.POST or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        try:
            _resolve(settlement, form, by=request.user)
            messages.success(request, _("已處理，原因留在紀錄裡。"))
            return redirect_back(request, "billing:cashier-work", request.school.slug)
        except resolving.AlreadyResolved:
            messages.info(request, _("這筆款項已經有人處理了。"))
            return redirect_back(request, "billing:cashier-work", request.school.slug)
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
    due = Refund.State.REFUND_DUE
    listing = Listing(
        request,
        Refund.objects.for_desk(request.school).select_related("settlement__payment", "bill__student__school_class"),
        name="refunds",
        title=pgettext("many", "退款"),
        columns=lists.REFUNDS,
        filters=[
            Filter(
                "state",
                lists.STATE,
                _of_state,
                [(due, _("待退款")), (Refund.State.SENT, Refund.State.SENT.label), ("done", _("已處理"))],
                default=due,
                offers_all=False,
                is_links=True,
            )
        ],
        search=Search(
            _("學號、姓名或銷帳編號"),
            partial(lists.refunds_with_words, school=request.school),
            instead=_("請不要在這裡輸入證號，請用學號、姓名或銷帳編號查詢。"),
        ),
        sort="due",
    )
    context = {
        "key": get_random_string(20),
        "open_files": RefundFile.objects.filter(school=request.school, state=RefundFile.State.OPEN).count(),
    }
    return show_list(request, "billing/collection/refunds.html", listing, context)


def _of_state(rows, value):
    return rows.exclude(state__in=Refund.OWED) if value == "done" else rows.filter(state=value)


@cashiers_only
def refund(request, pk):
    due = _refund(request, pk)
    form = RefundForm(request.POST or None, refund=due)
    if request.method == "POST" and form.is_valid():
        try:
            refunding.refund(refund=due, by=request.user, **form.cleaned_data)
            messages.success(request, _("已登記退款。"))
        except refunding.AlreadyRefunded as already:
            words = _("這筆款項已經登記為「%(way)s」退款（%(note)s），請勿再退一次。")
            told = {"way": already.refund.get_way_display(), "note": already.refund.note}
            messages.warning(request, words % told)
        except refunding.AtTheBank:
            messages.warning(request, _("這筆退款已列入匯款檔，請在匯款檔登記銀行的結果。"))
        except InvalidMove:
            messages.info(request, _("這筆退款已經處理，或不能撤銷。"))
        return redirect_back(request, "billing:cashier-refunds", request.school.slug)
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
        return redirect_back(request, "billing:cashier-refunds", request.school.slug)
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
        return redirect_back(request, "billing:cashier-refunds", request.school.slug)
    return render(request, "billing/collection/refund_take_back.html", {"refund": due, "form": form})


def _refund(request, pk):
    return get_object_or_404(Refund.objects.for_desk(request.school), pk=pk)
