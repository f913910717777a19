"""The registrar's desk: the roster."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.access import staff_only
from registry.forms import RosterForm
from registry.models import RosterImport, Student
from registry.roles import Role
from registry.roster import apply_import, check_roster, keep_for_preview, leave_import
from registry.roster.previewing import SHOWN, AlreadyDecided, changes_of
from registry.roster.template import build_template

SHOWN_ERRORS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only(Role.REGISTRAR)
def roster_import(request):
    """Upload a roster: a good one is shown before it is written, of a bad one every row is named."""
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    errors = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        # One byte past the limit is enough for the check to refuse the file.
        data = file.read(settings.ROSTER_MAX_BYTES + 1)
        result = check_roster(school=request.school, data=data)
        if result.is_good:
            kept = keep_for_preview(
                school=request.school, data=data, name=file.name, counts=result.plan.counts, by=request.user
            )
            return redirect("registry:roster-preview", request.school.slug, kept.pk)
        errors = result.errors
    return _draw_upload(request, form, errors)


def _draw_upload(request, form, errors):
    context = {
        "form": form,
        "errors": errors[:SHOWN_ERRORS],
        "error_count": len(errors),
        "enrolled": Student.objects.enrolled().filter(school=request.school).count(),
        "imports": RosterImport.objects.filter(school=request.school).select_related("uploaded_by")[:10],
    }
    return render(request, "registry/roster_import.html", context)


@staff_only(Role.REGISTRAR)
def roster_preview(request, pk):
    """What an import would do: new, changed, missing from the file."""
    kept = get_object_or_404(RosterImport, school=request.school, pk=pk, state=RosterImport.State.CHECKED)
    result = check_roster(school=request.school, data=kept.read())
    if not result.is_good:
        return _draw_upload(request, RosterForm(), result.errors)
    plan = result.plan
    context = {
        "kept": kept,
        "counts": plan.counts,
        "new": [row for _student, row in plan.new[:SHOWN]],
        "changed": [(student, changes_of(student, row)) for student, row in plan.changed[:SHOWN]],
        "missing": plan.missing[:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "registry/roster_preview.html", context)


@require_POST
@staff_only(Role.REGISTRAR)
def roster_apply(request, pk):
    kept = get_object_or_404(RosterImport, school=request.school, pk=pk)
    try:
        result = apply_import(roster_import=kept, by=request.user)
    except AlreadyDecided:
        messages.info(request, _("這份名冊已經處理過了。"))
        return redirect("registry:roster-import", request.school.slug)
    if not result.is_good:
        return _draw_upload(request, RosterForm(), result.errors)
    messages.success(
        request,
        _(
            "匯入完成：新增 %(new)d 人，更新 %(changed)d 人，沒有變動 %(unchanged)d 人，名冊上沒有 %(missing)d 人。"
        )
        % result.plan.counts,
    )
    return redirect("registry:roster-import", request.school.slug)


@require_POST
@staff_only(Role.REGISTRAR)
def roster_leave(request, pk):
    kept = get_object_or_404(RosterImport, school=request.school, pk=pk)
    try:
        leave_import(roster_import=kept, by=request.user)
        messages.info(request, _("已放棄這份名冊，學籍沒有任何改變。"))
    except AlreadyDecided:
        messages.info(request, _("這份名冊已經處理過了。"))
    return redirect("registry:roster-import", request.school.slug)


@staff_only(Role.REGISTRAR)
def roster_template(request):
    response = HttpResponse(build_template(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="roster.xlsx"'
    return response
