"""Classes of the year, and who teaches them from when to when."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import log
from core.way_back import redirect_back, redirect_on
from registry import homeroom
from registry.access import registrars_only
from registry.class_lists import class_list_of
from registry.forms import ClassForm, DutyForm
from registry.lists import show_list
from registry.models import HomeroomDuty, SchoolClass


@registrars_only
def class_list(request):
    listing, more = class_list_of(request)
    form = ClassForm(request.POST if request.method == "POST" and not listing.is_posted else None)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            _one, created = SchoolClass.objects.get_or_create(
                school=request.school, school_year=request.school.school_year, **form.cleaned_data
            )
            if created:
                log.record("class.created", by=request.user, target=_one)
        messages.success(request, _("已新增班級。") if created else _("這個班級本來就有。"))
        return redirect_back(request, "registry:classes", request.school.slug)
    return show_list(request, "registry/classes.html", listing, {"form": form, "more": more})


@registrars_only
def class_page(request, pk):
    """Give the class a homeroom teacher or a substitute; who it was before."""
    school_class = _find(request, pk)
    form = DutyForm(request.POST or None, school_class=school_class)
    if request.method == "POST" and form.is_valid():
        homeroom.assign(school_class=school_class, by=request.user, **form.values())
        messages.success(request, _("已指派。待審核的申請會出現在新導師的頁面。"))
        return redirect_on(request, "registry:class", request.school.slug, pk)
    context = {"school_class": school_class, "form": form, "duties": school_class.duties.all()[:50]}
    return render(request, "registry/class.html", context)


@require_POST
@registrars_only
def duty_end(request, pk, duty_pk):
    duty = get_object_or_404(
        HomeroomDuty.objects.select_related("school_class__school"), pk=duty_pk, school_class=_find(request, pk)
    )
    homeroom.end_duty(duty=duty, by=request.user)
    messages.success(request, _("這項職務到今天為止。"))
    return redirect_on(request, "registry:class", request.school.slug, pk)


def _find(request, pk):
    classes = SchoolClass.objects.current().filter(school=request.school).select_related("school")
    return get_object_or_404(classes, pk=pk)
