"""A list of schools: uploaded, looked at, written."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from config.city.forms import SchoolFileForm
from core.downloads import download
from core.states import InvalidMove
from registry.access import city_only
from registry.models import SchoolImport
from registry.schools import importing, reading

SHOWN = 200


@city_only
def school_file(request):
    """What is wrong is shown with its place; a good list is kept and shown before anything is written."""
    form = SchoolFileForm(request.POST or None, request.FILES or None)
    checked = reading.Checked([], [], {})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        checked = reading.check_file(file.read(settings.STAFF_FILE_MAX_BYTES))
        if not checked.errors:
            kept = importing.keep_for_preview(checked=checked, name=file.name, by=request.user)
            return redirect("city:school-import", kept.pk)
    context = {"form": form, "errors": checked.errors[:SHOWN], "error_count": len(checked.errors)}
    return render(request, "city/school_file.html", context)


@city_only
def school_import(request, pk):
    """The preview of a list that waits, or what became of it."""
    kept = get_object_or_404(SchoolImport, pk=pk)
    if request.method == "POST":
        _decide(request, kept)
        return redirect("city:school-import", pk)
    return render(request, "city/school_import.html", {"kept": kept, "found": importing.compare(kept.rows)})


def _decide(request, kept):
    try:
        if "leave" in request.POST:
            importing.leave_import(school_import=kept)
        else:
            importing.apply_import(school_import=kept, by=request.user, opens="opens" in request.POST)
    except InvalidMove:
        messages.info(request, _("這份名單已經處理過了。"))
    except ValidationError as error:
        for words in error.messages:
            messages.warning(request, words)


@city_only
def school_template(request):
    return download(reading.build_template(), "schools.xlsx")
