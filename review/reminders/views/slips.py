"""Reminder slips: a class as PDF at once, the whole school by the worker."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.downloads import download
from core.printing.batches import NobodyToPrint
from core.printing.pages import batch_again, batch_file, batch_page
from core.way_back import redirect_back
from registry.access import registrars_only
from registry.models import SchoolClass
from review.access import reviewers_only
from review.reminders import printing
from review.reminders.forms import SlipsForm
from review.reminders.models import ReminderSlipBatch


@reviewers_only
def class_slips(request, pk):
    """The slips of one class: families whom no mail reaches, or (?who=all) everybody who is not done."""
    classes = SchoolClass.objects.of_reviewer(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=pk)
    who = request.GET.get("who", ReminderSlipBatch.Who.UNREACHABLE)
    if who not in ReminderSlipBatch.Who:
        raise Http404
    try:
        pdf = printing.print_class(school_class=school_class, who=who, by=request.user)
    except NobodyToPrint:
        messages.info(request, _("沒有需要印提醒單的家庭。"))
        return redirect_back(request, "review:class", request.school.slug, pk)
    return download(pdf, _("提醒單-%s.pdf") % school_class.name)


@require_POST
@registrars_only
def slips_make(request):
    form = SlipsForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("請選擇要印給誰。"))
        return redirect("review:reminders", request.school.slug)
    try:
        batch = printing.request_batch(school=request.school, by=request.user, **form.cleaned_data)
    except NobodyToPrint:
        messages.info(request, _("沒有需要印提醒單的家庭。"))
        return redirect("review:reminders", request.school.slug)
    return redirect("review:slips", request.school.slug, batch.pk)


@registrars_only
def slips(request, pk):
    return batch_page(request, _find(request, pk), "review/reminders/slips.html")


@registrars_only
def slips_file(request, pk):
    return batch_file(_find(request, pk), _("提醒單-%s.zip") % request.school.short_name)


@require_POST
@registrars_only
def slips_again(request, pk):
    return batch_again(request, _find(request, pk), printing.set_batch, page="review:slips")


def _find(request, pk):
    mine = ReminderSlipBatch.objects.select_related("school", "made_by")
    return get_object_or_404(mine, school=request.school, pk=pk)
