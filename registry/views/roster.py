"""Rosters: upload, look, apply or leave, undo; the roster as it stands to take away."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audit import log
from core.downloads import download
from core.spreadsheets import build_error_list
from core.way_back import redirect_back, redirect_on
from registry import roster_lists, tasks
from registry.access import registrars_only
from registry.lists import show_list
from registry.models import RosterImport, SchoolClass, Student
from registry.roster import (
    AlreadyDecided,
    CannotUndo,
    Outdated,
    Unanswered,
    YearIsOver,
    choose_again,
    decide_to_apply,
    errors_of,
    forget_old_imports,
    leave_import,
    notices_of,
    questions_of,
    receive_roster,
    remember_answers,
    undo_import,
)
from registry.roster.between import changed_students, earlier_than, entries_between, imports_between
from registry.roster.showing import kinds_of
from registry.roster.template import build_export, build_template
from registry.roster.undoing import check_can_undo
from registry.roster_forms import AgainForm, CoversForm, RosterForm
from registry.waiting_files import Waiting

SHOWN_ERRORS = 200


@registrars_only
def roster_list(request):
    """Upload a roster; the ones before, the last first."""
    is_upload = request.method == "POST" and "listing" not in request.POST
    waiting = Waiting(request, "file", "roster")
    form = RosterForm(*([request.POST, waiting.files] if is_upload else []), school=request.school)
    if is_upload and form.is_valid():
        received = _receive(request, form)
        waiting.let_go()
        return redirect_on(request, "registry:roster", request.school.slug, received.pk)
    waiting.keep(form)
    enrolled = Student.objects.enrolled().filter(school=request.school).count()
    context = {"form": form, "enrolled": enrolled}
    return show_list(request, "registry/roster_list.html", roster_lists.rosters(request), context)


def _receive(request, form):
    forget_old_imports(request.school)
    file = form.cleaned_data.pop("file")
    # One byte past the limit is enough for the check to refuse the file.
    data = file.read(settings.ROSTER_MAX_BYTES + 1)
    roster_import = receive_roster(
        school=request.school, data=data, name=file.name, by=request.user, **form.cleaned_data
    )
    tasks.check_soon(roster_import)
    return roster_import


@registrars_only
def roster(request, pk):
    """One roster: how far its check is, what is wrong, what it would change, or what it changed."""
    roster_import = _find(request, pk)
    kinds = kinds_of(roster_import)
    listing = roster_lists.changes(request, roster_import, kinds)
    classes = roster_lists.classes(request, roster_import)
    errors = errors_of(roster_import)
    context = {
        "roster": roster_import,
        "kinds": kinds,
        "classes": classes,
        "errors": errors[:SHOWN_ERRORS],
        "error_count": len(errors),
        "notices": notices_of(roster_import)[:SHOWN_ERRORS],
        "questions": questions_of(roster_import),
        "why_no_undo": _why_no_undo(roster_import),
        "again": AgainForm(),
        "covers": _covers_form(roster_import),
        "covers_words": roster_lists.covers_words(roster_import),
        "same": _same_file(roster_import),
        "watch": 2 if roster_import.is_busy and not roster_import.is_stuck else None,
        **_left_to_do(roster_import),
    }
    return show_list(request, "registry/roster.html", listing, context, others=[classes])


def _covers_form(roster_import):
    if not roster_import.can_be_checked_again or roster_import.school_year != roster_import.school.school_year:
        return None
    now = {"covers": roster_import.covers, "only_classes": roster_import.only_classes}
    return CoversForm(school=roster_import.school, initial=now)


def _same_file(roster_import):
    """An earlier upload of the very same file, while somebody decides."""
    if not roster_import.waits_for_decision:
        return None
    earlier = RosterImport.objects.filter(school=roster_import.school, pk__lt=roster_import.pk)
    return earlier.filter(digest=roster_import.digest).exclude(state=RosterImport.State.LEFT).first()


def _left_to_do(roster_import):
    """What an applied roster leaves to the registrar, and with which earlier ones it can be compared."""
    if roster_import.state != RosterImport.State.APPLIED:
        return {}
    enrolled = Student.objects.enrolled().filter(school=roster_import.school)
    return {
        "undecided": enrolled.filter(missing_from=roster_import).count(),
        "without_number": enrolled.without_number().count(),
        "earlier": earlier_than(roster_import),
    }


def _why_no_undo(roster_import):
    if roster_import.state != RosterImport.State.APPLIED:
        return ""
    try:
        check_can_undo(roster_import)
    except CannotUndo as reason:
        return str(reason)
    return ""


@registrars_only
def roster_compare(request, pk):
    """What changed since an earlier roster, over all that were applied in between."""
    newer = _find(request, pk)
    number = request.GET.get("with", "")
    if newer.state != RosterImport.State.APPLIED or not number.isdecimal() or len(number) > 18:
        raise Http404
    applied = RosterImport.objects.filter(school=request.school, state=RosterImport.State.APPLIED)
    older = get_object_or_404(applied, pk=int(number), decided_at__lt=newer.decided_at)
    imports = imports_between(older, newer)
    listing = roster_lists.compared(request, changed_students(imports), lambda rows: entries_between(rows, imports))
    return show_list(request, "registry/roster_compare.html", listing, {"older": older, "newer": newer})


@registrars_only
def roster_errors(request, pk):
    """All that is wrong with a roster, as a workbook."""
    roster_import = _find(request, pk)
    if not roster_import.errors:
        raise Http404
    return download(build_error_list(errors_of(roster_import), with_students=True), f"roster-errors-{pk}.xlsx")


@require_POST
@registrars_only
def roster_apply(request, pk):
    answers, roster_import = request.POST.getlist("answers"), _find(request, pk)
    try:
        tasks.apply_soon(decide_to_apply(roster_import=roster_import, by=request.user, answers=answers))
    except AlreadyDecided:
        messages.info(request, _("這份名冊已經處理過了。"))
    except Outdated:
        tasks.check_soon(choose_again(roster_import=roster_import, by=request.user))
        words = _("這份名冊比對之後，又有別的名冊匯入或復原，已經重新比對，還沒有匯入。請再看一次變動，確認後再按。")
        messages.warning(request, words)
    except Unanswered as unanswered:
        remember_answers(roster_import=roster_import, answers=answers)
        count = len(unanswered.kinds)
        words = ngettext(
            "還有 %(count)d 項沒有勾選「已核對」，沒有匯入。請核對後再按一次。",
            "還有 %(count)d 項沒有勾選「已核對」，沒有匯入。請核對後再按一次。",
            count,
        )
        messages.warning(request, words % {"count": count})
    except YearIsOver:
        words = _("學校已經升到新的學年度，這份名冊不能再匯入。請放棄這一份，重新上傳新學年度的名冊。")
        messages.warning(request, words)
    return redirect_on(request, "registry:roster", request.school.slug, pk)


@require_POST
@registrars_only
def roster_leave(request, pk):
    try:
        leave_import(roster_import=_find(request, pk), by=request.user)
        messages.info(request, _("已放棄這份名冊，學籍沒有任何改變。"))
    except AlreadyDecided:
        messages.info(request, _("這份名冊已經處理過了。"))
    return redirect_back(request, "registry:roster-list", request.school.slug)


@require_POST
@registrars_only
def roster_undo(request, pk):
    try:
        undo_import(roster_import=_find(request, pk), by=request.user)
        messages.success(request, _("已復原，學籍回到匯入之前的樣子。"))
    except CannotUndo as reason:
        messages.warning(request, _("無法復原：%(reason)s") % {"reason": reason})
    except AlreadyDecided:
        messages.info(request, _("這份名冊已經處理過了。"))
    return redirect_on(request, "registry:roster", request.school.slug, pk)


@registrars_only
def roster_template(request):
    return download(build_template(), "roster-template.xlsx")


@require_POST
@registrars_only
def roster_export(request):
    """The roster as it stands, ID numbers included: taking it away is an event."""
    classes = SchoolClass.objects.filter(school=request.school).with_homeroom()
    by_pk = {one.pk: one for one in classes}
    students = Student.objects.enrolled().filter(school=request.school).select_related("school_class")
    students = students.prefetch_related("guardians").in_seating_order()
    with transaction.atomic():
        log.record("roster.exported", by=request.user, target=request.school, data={"students": students.count()})
    for student in students:
        student.school_class = by_pk[student.school_class_id]
    return download(build_export(students), f"roster-{request.school.slug}.xlsx")


def _find(request, pk):
    imports = RosterImport.objects.select_related("uploaded_by", "decided_by", "school")
    return get_object_or_404(imports, school=request.school, pk=pk)
