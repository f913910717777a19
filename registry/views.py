"""The registrar's desk: the roster."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from registry.access import staff_only
from registry.forms import RosterForm
from registry.models import Student
from registry.roles import Role
from registry.roster import import_roster
from registry.roster.template import build_template

SHOWN_ERRORS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only(Role.REGISTRAR)
def roster_import(request):
    """Upload a roster: all of it is written, or every bad row is named and nothing is."""
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    errors = []
    if request.method == "POST" and form.is_valid():
        # One byte past the limit is enough for the import to refuse the file.
        data = form.cleaned_data["file"].read(settings.ROSTER_MAX_BYTES + 1)
        result = import_roster(school=request.school, data=data, by=request.user)
        if result.is_good:
            messages.success(
                request,
                _(
                    "匯入完成：新增 %(new)d 人，更新 %(changed)d 人，沒有變動 %(unchanged)d 人，名冊上沒有 %(missing)d 人。"
                )
                % result.plan.counts,
            )
            return redirect("registry:roster-import", request.school.slug)
        errors = result.errors
    context = {
        "form": form,
        "errors": errors[:SHOWN_ERRORS],
        "error_count": len(errors),
        "enrolled": Student.objects.enrolled().filter(school=request.school).count(),
    }
    return render(request, "registry/roster_import.html", context)


@staff_only(Role.REGISTRAR)
def roster_template(request):
    response = HttpResponse(build_template(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="roster.xlsx"'
    return response
