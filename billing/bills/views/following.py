"""How a batch is paid: by class, by who left; and how its families are reminded."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import log
from billing.bills import batch_lists, by_class, reminding_by_hand, tasks
from billing.bills.models import BillBatch
from core.downloads import download
from core.way_back import redirect_on
from registry.access import cashiers_only
from registry.lists import show_list

WATCH_SECONDS = 3


@cashiers_only
def leavers(request):
    """離校、轉出學生的未繳／應退."""
    return show_list(request, "billing/bills/leavers.html", batch_lists.leavers(request))


@cashiers_only
def classes(request, pk):
    shown = _find(request, pk)
    found = by_class.classes_of(shown)
    chart = by_class.chart_of(found, reverse("billing:cashier-batch", args=[request.school.slug, pk]))
    context = {"batch": shown, "classes": found, "chart": chart, "kinds": by_class.kinds_of(found)}
    return render(request, "billing/bills/batch_classes.html", context)


@cashiers_only
def unpaid_file(request, pk):
    """未繳名單, a sheet a class, for the teachers."""
    shown = _find(request, pk)
    data = by_class.unpaid_workbook(shown)
    with transaction.atomic():
        log.record("bills.exported", by=request.user, target=shown, school=request.school)
    return download(data, _("未繳名單") + f"-{shown.title}-{shown.school_year}-{shown.semester}.xlsx")


@cashiers_only
def reminders(request, pk):
    """GET: when families are reminded, how far it is. POST: they are, by the worker; where it stands still, again."""
    shown = _find(request, pk)
    if request.method == "POST":
        _remind(request, shown)
        return redirect_on(request, "billing:cashier-batch-reminders", request.school.slug, pk)
    context = {
        "batch": shown,
        "days": reminding_by_hand.next_days(shown),
        "sent": reminding_by_hand.sent_of(shown),
        "waiting": reminding_by_hand.waiting_of(shown).count(),
        "later": reminding_by_hand.later_of(shown).count(),
        "watch": WATCH_SECONDS if shown.is_reminding else None,
    }
    return render(request, "billing/bills/batch_reminders.html", context)


def _remind(request, shown):
    try:
        reminding_by_hand.begin_reminding(batch=shown, by=request.user)
        tasks.start(tasks.remind_batch, shown)
        messages.success(request, _("提醒開始寄出。"))
    except reminding_by_hand.NotIssued:
        messages.info(request, _("這一批現在不收款，不能提醒。"))
    except reminding_by_hand.NobodyWaits:
        messages.info(request, _("沒有要提醒的家長：都繳清了、期限還沒到，或一天之內已經提醒過。"))
    except reminding_by_hand.AtWork:
        if shown.stands_still:
            tasks.start(tasks.remind_batch, shown)
        messages.info(request, _("正在寄提醒。"))


@require_POST
@cashiers_only
def reminders_switch(request, pk):
    """Stop the mails that go out by themselves, or let them go on."""
    stops = request.POST.get("stops") == "yes"
    reminding_by_hand.switch_reminders(batch=_find(request, pk), stops=stops, by=request.user)
    messages.success(request, _("已停止自動提醒。") if stops else _("自動提醒會再寄出。"))
    return redirect_on(request, "billing:cashier-batch-reminders", request.school.slug, pk)


def _find(request, pk):
    return get_object_or_404(
        BillBatch.objects.for_desk(request.school).select_related("reminders_stopped_by", "remind_by"), pk=pk
    )
