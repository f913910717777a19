"""What becomes of a cashier's batch: issued after a look, taken back while it waits, discarded, closed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.bills import batch_comparison, batch_figures, drafting, issuing, tasks, voiding
from billing.bills.forms import IssueForm
from billing.bills.models import BillBatch
from billing.forms import ReasonForm
from core.way_back import redirect_back, redirect_on
from registry.access import cashiers_only

SHOWN = 200


@cashiers_only
def batch_issue(request, pk):
    """GET: what is about to be issued, and what differs from the last time. POST: it is issued."""
    shown = _find(request, pk)
    if shown.state != BillBatch.State.DRAFT:
        return redirect_on(request, "billing:cashier-batch", request.school.slug, pk)
    form = IssueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _issue(request, shown)
    largest, smallest = batch_comparison.ends_of(shown)
    compared = batch_comparison.compare(shown)
    context = {
        "batch": shown,
        "form": form,
        "totals": batch_comparison.totals_of(shown),
        "largest": largest,
        "smallest": smallest,
        "compared": compared,
        "missing": compared.missing[:SHOWN] if compared else (),
        "missing_count": compared.missing.count() if compared else 0,
        "wait_minutes": int(issuing.time_to_wait().total_seconds() // 60),
    }
    return render(request, "billing/bills/batch_issue.html", context)


def _issue(request, shown):
    try:
        issuing.begin_issuing(batch=shown, by=request.user)
        tasks.start(tasks.issue_batch, shown)
    except issuing.PastDue:
        messages.warning(request, _("繳費期限已經過了，不能發出。請刪除這份草稿，用新的期限重做。"))
    except issuing.TooFewAccounts as few:
        words = _(
            "銀行的虛擬帳號不夠：這個繳費期限只能再給 %(left)s 張。請把繳費期限錯開一天，或和銀行改用其他帳號格式。"
        )
        messages.warning(request, words % {"left": f"{few.left:,}"})
    return redirect_on(request, "billing:cashier-batch", request.school.slug, shown.pk)


@require_POST
@cashiers_only
def batch_take_back(request, pk):
    """The whole batch is a draft again, while no family knows of it."""
    shown = _find(request, pk)
    try:
        issuing.take_back(batch=shown, by=request.user)
        messages.success(request, _("整批已收回成為草稿，家長沒有收到通知，也看不到。"))
    except issuing.TooLate:
        messages.warning(
            request, _("家長已經收到通知，這一批不能再整批收回。需要更正時，請逐張「更正後重發」或「結束收款」。")
        )
    return redirect_on(request, "billing:cashier-batch", request.school.slug, pk)


@require_POST
@cashiers_only
def batch_go_on(request, pk):
    """The worker was stopped in the middle: begin again where it stopped."""
    shown = _find(request, pk)
    if shown.state == BillBatch.State.ISSUING:
        tasks.start(tasks.issue_batch, shown)
    elif shown.state in (BillBatch.State.WAITING, BillBatch.State.RELEASING):
        tasks.start(tasks.release_batch, shown)
    elif shown.state == BillBatch.State.CLOSED:
        tasks.start(tasks.close_batch, shown)
    return redirect_on(request, "billing:cashier-batch", request.school.slug, pk)


@require_POST
@cashiers_only
def batch_discard(request, pk):
    shown = BillBatch.objects.filter(school=request.school, pk=pk).first()
    if shown is None:
        return redirect_back(request, "billing:cashier-batches", request.school.slug)
    try:
        drafting.discard_draft(batch=shown, by=request.user)
        messages.success(request, _("草稿已刪除。"))
    except drafting.AlreadyIssued:
        messages.info(request, _("這一批已經發出，不能刪除。"))
        return redirect_on(request, "billing:cashier-batch", request.school.slug, pk)
    return redirect_back(request, "billing:cashier-batches", request.school.slug)


@cashiers_only
def batch_close(request, pk):
    shown = _find(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            voiding.begin_closing(batch=shown, reason=form.cleaned_data["reason"], by=request.user)
            tasks.start(tasks.close_batch, shown)
            messages.success(request, _("這一批已結束收款。"))
        except voiding.NotOpen:
            messages.info(request, _("這一批還沒有發出，不能結束。"))
        return redirect_on(request, "billing:cashier-batch", request.school.slug, pk)
    context = {"batch": shown, "form": form, "figures": batch_figures.figures_of(shown)}
    return render(request, "billing/bills/batch_close.html", context)


def _find(request, pk):
    return get_object_or_404(BillBatch.objects.for_desk(request.school), pk=pk)
