"""What a registrar says of a roster that waits: its columns, its classes, a mended file; the own file with what is wrong in it."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import log
from core.downloads import download
from core.spreadsheets import UnreadableFile
from core.way_back import redirect_on
from registry import tasks
from registry.access import registrars_only
from registry.models import RosterImport, SchoolClass
from registry.roster import AlreadyDecided, choose_again, errors_of, receive_again
from registry.roster.mapping import choose_columns, layout_of
from registry.roster.mending import marked_file
from registry.roster_forms import AgainForm, ColumnsForm, CoversForm


@registrars_only
def roster_columns(request, pk):
    """Each title of the file with the first cells below it, and a choice what it is."""
    roster_import = _find(request, pk)
    if not roster_import.can_be_checked_again:
        messages.info(request, _("這份名冊已經處理過了。"))
        return redirect_on(request, "registry:roster", request.school.slug, pk)
    form = ColumnsForm(request.POST or None, layout=layout_of(roster_import))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        columns, classes = data["chosen_columns"], data["chosen_classes"]
        return _again(
            request, pk, choose_columns, roster_import=roster_import, columns=columns, classes=classes, by=request.user
        )
    context = {
        "roster": roster_import,
        "form": form,
        "errors": errors_of(roster_import) if roster_import.state == RosterImport.State.COLUMNS else [],
        "classes": SchoolClass.objects.current().filter(school=request.school).in_order(),
    }
    return render(request, "registry/roster_columns.html", context)


@require_POST
@registrars_only
def roster_covers(request, pk):
    """The whole school or some classes: compared again."""
    roster_import = _find(request, pk)
    form = CoversForm(request.POST, school=request.school)
    if not form.is_valid() or roster_import.school_year != request.school.school_year:
        messages.warning(request, _("請選擇名冊有哪些學生。"))
        return redirect_on(request, "registry:roster", request.school.slug, pk)
    return _again(request, pk, choose_again, roster_import=roster_import, by=request.user, **form.cleaned_data)


@require_POST
@registrars_only
def roster_again(request, pk):
    """A mended file; what was chosen for the former one stays chosen."""
    form = AgainForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect_on(request, "registry:roster", request.school.slug, pk)
    file = form.cleaned_data["file"]
    data = file.read(settings.ROSTER_MAX_BYTES + 1)
    return _again(request, pk, receive_again, former=_find(request, pk), data=data, name=file.name, by=request.user)


def _again(request, pk, step, **given):
    """Do the step and check what comes of it."""
    try:
        roster_import = step(**given)
    except AlreadyDecided:
        messages.info(request, _("這份名冊已經處理過了。"))
        return redirect_on(request, "registry:roster", request.school.slug, pk)
    tasks.check_soon(roster_import)
    return redirect_on(request, "registry:roster", request.school.slug, roster_import.pk)


@require_POST
@registrars_only
def roster_marked(request, pk):
    """The own file with what is to be mended in its cells; it holds ID numbers, so taking it away is an event."""
    roster_import = _find(request, pk)
    if not roster_import.can_be_checked_again:
        messages.info(request, _("上傳的檔案已經刪除，不能下載。"))
        return redirect_on(request, "registry:roster", request.school.slug, pk)
    try:
        data = marked_file(roster_import)
    except UnreadableFile:
        messages.warning(request, _("這個檔案無法讀取，不能標示。請看頁面上的說明。"))
        return redirect_on(request, "registry:roster", request.school.slug, pk)
    with transaction.atomic():
        log.record("roster.marked_file_taken", by=request.user, target=roster_import, school=request.school)
    return download(data, f"roster-to-mend-{pk}.xlsx")


def _find(request, pk):
    return get_object_or_404(RosterImport.objects.select_related("school"), school=request.school, pk=pk)
