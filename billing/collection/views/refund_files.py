"""Refunds that the bank pays together: where each goes to, the file, and what the bank answered."""

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import log
from billing.collection import lists, refund_files, refund_layouts, refunding
from billing.collection.forms import ReturnedForm
from billing.collection.payee_form import PayeeForm
from billing.payments.models import Refund, RefundFile, RefundLine
from core.downloads import download
from core.languages import comma
from core.listing import Filter, Listing
from core.way_back import redirect_back
from registry.access import cashiers_only
from registry.for_pages import dollars
from registry.lists import show_list

MOST_NAMED = 10


@cashiers_only
def payee(request, pk):
    due = get_object_or_404(Refund.objects.for_desk(request.school), pk=pk)
    form = PayeeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refunding.keep_payee(refund=due, payee=form.payee(), by=request.user)
            messages.success(request, _("已記下退款帳戶，可以列入匯款檔。"))
        except refunding.NotDue:
            messages.info(request, _("這筆退款已經處理，或已列入匯款檔。"))
        return redirect_back(request, "billing:cashier-refunds", request.school.slug)
    return render(request, "billing/collection/payee.html", {"refund": due, "form": form})


@cashiers_only
def files(request):
    listing = Listing(
        request,
        RefundFile.objects.for_desk(request.school),
        name="refund-files",
        title=_("匯款檔"),
        columns=lists.REFUND_FILES,
        filters=[Filter("state", lists.STATE, "state", RefundFile.State.choices)],
        sort="-made",
    )
    return show_list(request, "billing/collection/refund_files.html", listing)


@require_POST
@cashiers_only
def make(request):
    chosen = [int(one) for one in request.POST.getlist("refunds") if one.isascii() and one.isdigit() and len(one) < 19]
    try:
        key = request.POST.get("key", "")[:60] or f"{timezone.now():%Y%m%d%H%M%S%f}"
        made = refund_files.make(school=request.school, refunds=chosen, key=key, by=request.user)
        return redirect("billing:cashier-refund-file", request.school.slug, made.pk)
    except refund_files.NobodyToPay as unknown:
        whose = [lists.student_of(one) for one in unknown.refunds]
        named = comma().join(whose[:MOST_NAMED]) + ("…" if whose[MOST_NAMED:] else "")
        messages.warning(request, _("沒有製作匯款檔：還沒有填退款帳戶的有 %(named)s。") % {"named": named})
    except refund_files.NotDue:
        words = _("沒有製作匯款檔：請勾選待退款的款項，一次最多 %(most)s 筆；已處理的請重新整理後再勾選。")
        messages.warning(request, words % {"most": dollars(refund_files.MOST)})
    return redirect_back(request, "billing:cashier-refunds", request.school.slug)


@cashiers_only
def file(request, pk):
    shown = _file(request, pk)
    listing = Listing(
        request,
        shown.lines.select_related("refund__bill__student__school_class", "refund__settlement"),
        name="refund-lines",
        title=_("匯款檔"),
        columns=lists.REFUND_LINES,
        filters=[Filter("state", lists.STATE, "state", RefundLine.State.choices)],
        sort="number",
    )
    waiting = shown.lines.filter(state=RefundLine.State.WAITING).aggregate(count=Count("pk"), total=Sum("amount"))
    context = {
        "file": shown,
        "waiting": waiting,
        "layouts": refund_layouts.LAYOUTS.values(),
        "may_be_given_up": waiting["count"] == shown.count,
    }
    return show_list(request, "billing/collection/refund_file.html", listing, context)


@cashiers_only
def take(request, pk, layout):
    """The file itself, with whole accounts."""
    shown = _file(request, pk)
    wanted = refund_layouts.LAYOUTS.get(layout)
    if wanted is None or shown.state != RefundFile.State.OPEN:
        raise Http404
    try:
        content = refund_layouts.written(shown, wanted)
    except refund_layouts.Unwritable as wrong:
        numbers = comma().join(str(one) for one in wrong.numbers)
        words = _("這種檔案寫不出第 %(numbers)s 筆戶名或附言的字，請改用 Excel 或 UTF-8。")
        messages.warning(request, words % {"numbers": numbers})
        return redirect("billing:cashier-refund-file", request.school.slug, pk)
    log.record("refund_file.taken", by=request.user, target=shown, school=request.school, data={"layout": wanted.key})
    return download(content, f"{_('退款匯款')}-{shown.pk}.{wanted.ending}")


@cashiers_only
def paid(request, pk):
    """All that the bank did not send back, at one press."""
    shown = _file(request, pk)
    if request.method != "POST":
        waiting = shown.lines.filter(state=RefundLine.State.WAITING).aggregate(count=Count("pk"), total=Sum("amount"))
        return render(request, "billing/collection/refund_file_paid.html", {"file": shown, "waiting": waiting})
    try:
        count = refund_files.confirm(file=shown, by=request.user)
        messages.success(request, _("已登記 %(count)s 筆退款完成，並寄信通知家長。") % {"count": dollars(count)})
    except refund_files.NotOpen:
        _say_over(request)
    return redirect("billing:cashier-refund-file", request.school.slug, pk)


@cashiers_only
def returned(request, pk):
    """Lines that the bank sent back, with its reason."""
    shown = _file(request, pk)
    form = ReturnedForm(request.POST or None, file=shown)
    if request.method == "POST" and form.is_valid():
        try:
            count = refund_files.take_returned(file=shown, by=request.user, **form.cleaned_data)
            words = _("已登記 %(count)s 筆銀行退回，款項回到待退款，請填新的退款帳戶。")
            messages.success(request, words % {"count": dollars(count)})
        except refund_files.NotOpen:
            _say_over(request)
        return redirect("billing:cashier-refund-file", request.school.slug, pk)
    return render(request, "billing/collection/refund_file_returned.html", {"file": shown, "form": form})


@cashiers_only
def give_up(request, pk):
    shown = _file(request, pk)
    if request.method != "POST":
        return render(request, "billing/collection/refund_file_give_up.html", {"file": shown})
    try:
        refund_files.give_up(file=shown, by=request.user)
        messages.success(request, _("已取消這個匯款檔，款項回到待退款。請勿再把檔案交給銀行。"))
    except refund_files.NotOpen:
        _say_over(request)
    return redirect("billing:cashier-refund-file", request.school.slug, pk)


def _say_over(request):
    messages.info(request, _("這個匯款檔，或其中勾選的款項，已經登記過結果了。"))


def _file(request, pk):
    return get_object_or_404(RefundFile.objects.for_desk(request.school), pk=pk)
