"""Reminder slips: a class as PDF at once, the whole school by the worker."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.downloads import PDF, ZIP, download
from core.printing import batches
from registry.access import registrars_only
from registry.models import SchoolClass
from review.access import reviewers_only
from review.reminders import printing
from review.reminders.forms import SlipsForm
from review.reminders.models import SlipBatch

REFRESH_SECONDS = "3"


@reviewers_only
def class_slips(request, pk):
    """The slips of one class: families whom no mail reaches, or (?who=all) everybody who is not done."""
    classes = SchoolClass.objects.of_reviewer(request.user).select_related("school")
    school_class = get_object_or_404(classes, pk=pk)
    who = request.GET.get("who", SlipBatch.Who.UNREACHABLE)
    if who not in SlipBatch.Who:
        raise Http404
    try:
        pdf = printing.print_class(school_class=school_class, who=who, by=request.user)
    except batches.NobodyToPrint:
        messages.info(request, _("沒有需要印提醒單的家庭。"))
        return redirect("review:class", request.school.slug, pk)
    return download(pdf, _("提醒單-%s.pdf") % school_class.name, PDF)


@require_POST
@registrars_only
def slips_make(request):
    form = SlipsForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("請選擇要印給誰。"))
        return redirect("review:reminders", request.school.slug)
    try:
        batch = printing.request_batch(school=request.school, by=request.user, **form.cleaned_data)
    except batches.NobodyToPrint:
        messages.info(request, _("沒有需要印提醒單的家庭。"))
        return redirect("review:reminders", request.school.slug)
    return redirect("review:slips", request.school.slug, batch.pk)


@registrars_only
def slips(request, pk):
    """How far a batch is; the page asks again by itself while there is something to wait for."""
    batch = _find(request, pk)
    response = render(request, "review/reminders/slips.html", {"batch": batch})
    if batch.is_alive:
        response["Refresh"] = REFRESH_SECONDS
    return response


@registrars_only
def slips_file(request, pk):
    batch = _find(request, pk)
    if not batch.has_file:
        raise Http404
    return download(batch.read(), _("提醒單-%s.zip") % request.school.short_name, ZIP)


@require_POST
@registrars_only
def slips_again(request, pk):
    try:
        printing.start_again(batch=_find(request, pk), by=request.user)
    except batches.StillAtWork:
        messages.info(request, _("這一批不需要重新製作。"))
    return redirect("review:slips", request.school.slug, pk)


def _find(request, pk):
    mine = SlipBatch.objects.select_related("school", "made_by")
    return get_object_or_404(mine, school=request.school, pk=pk)
