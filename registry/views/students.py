"""Students of the school: find one, see what is known and what was changed, correct it, record a move."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from audit import log
from core import crypto
from core.compiled import compiled
from core.listing import Column, Filter, Listing, Search
from core.states import InvalidMove
from core.way_back import redirect_back, redirect_on
from registry import history, status_changes
from registry.access import registrars_only
from registry.beside import STUDENTS, beside, prepared
from registry.forms import NumberSearchForm, StudentForm
from registry.lists import show_list
from registry.models import SchoolClass, Student
from registry.move_forms import StatusForm
from registry.problems import problems, refuse
from registry.search import BY_SEAT, MISSING, WITHOUT_NUMBER, find_students, of_status, with_words
from registry.students import correct_student

PAGE = 50
SHOWN = ("name", "seat_number", "student_number", "status", "missing_from", "school_class__name")
COLUMNS = (
    Column("pick", gettext_lazy("勾選"), is_silent=True),
    Column("class", gettext_lazy("班級"), lambda one: one.school_class.name, order=BY_SEAT, width=10),
    Column(
        "seat",
        gettext_lazy("座號"),
        lambda one: one.seat_number,
        is_number=True,
        order=("seat_number", *BY_SEAT),
        width=8,
    ),
    Column("name", gettext_lazy("姓名"), lambda one: one.name, order=("name",)),
    Column("number", gettext_lazy("學號"), lambda one: one.student_number, order=("student_number",)),
    Column("status", gettext_lazy("狀態"), lambda one: one.get_status_display(), order=("status", *BY_SEAT)),
)


@registrars_only
def student_list(request):
    """Search by number, name or class; with nothing chosen, all who are enrolled."""
    statuses: list = [*Student.Status.choices, (WITHOUT_NUMBER, _("在學，沒有證號")), (MISSING, _("在學，未列於名冊"))]
    classes = [(one.pk, one.name) for one in _classes(school=request.school.pk)]
    besides = beside(STUDENTS, request.user)
    more = [column for one in besides for column in one.columns]
    listing = Listing(
        request,
        prepared(besides, request.school, find_students(request.school).only(*SHOWN)),
        name="students",
        title=pgettext("many", "學生"),
        columns=[*COLUMNS, *more],
        filters=[
            Filter("class", _("班級"), "school_class", classes),
            Filter("status", _("狀態"), of_status, statuses, default=Student.Status.ENROLLED),
            *(one for given in besides for one in given.filters),
        ],
        search=Search(_("學號、姓名或班級"), with_words, instead=_("請不要在這裡輸入證號。請用下面的「以證號查詢」。")),
        sort="class",
    )
    return show_list(request, "registry/students.html", listing, {"number_form": NumberSearchForm(), "more": more})


@compiled(school=int)
def _classes(school):
    return SchoolClass.objects.current().filter(school=school).in_order()


@require_POST
@registrars_only
def student_by_number(request):
    """The student with this ID number, if the own school has one; the search is an event."""
    form = NumberSearchForm(request.POST)
    found = None
    if form.is_valid():
        fingerprint = crypto.fingerprint(form.cleaned_data["number"])
        found = Student.objects.filter(school=request.school, identity_fingerprint=fingerprint).order_by("-pk").first()
        with transaction.atomic():
            log.record("identity.searched", by=request.user, target=found)
    if found:
        return redirect_on(request, "registry:student", request.school.slug, found.pk)
    words = _("本校沒有學生登錄這個證號。") if form.is_valid() else problems(form["number"])[0]
    messages.warning(request, words)
    return redirect("registry:students", request.school.slug)


@registrars_only
def student(request, pk):
    """One student with guardians on record and every change."""
    one = _find(request, pk)
    changes = one.changes.select_related("by").order_by("-pk")[:PAGE]
    context = {
        "student": one,
        "guardians": [history.shown_guardian(values) for values in history.guardians_of(one)],
        "changes": [(change, history.differences(change.old, change.new)) for change in changes],
        "can_move": status_changes.statuses_for(one),
    }
    return render(request, "registry/student.html", context)


@registrars_only
def student_edit(request, pk):
    one = _find(request, pk)
    form = StudentForm(request.POST or None, student=one)
    if request.method == "POST" and form.is_valid():
        try:
            change = correct_student(student=one, by=request.user, **form.written())
            messages.success(request, _("已更正。") if change else _("沒有任何改變。"))
            return redirect_on(request, "registry:student", request.school.slug, pk)
        except ValidationError as error:
            refuse(form, error)
    return render(request, "registry/student_edit.html", {"form": form, "student": one})


@registrars_only
def student_status(request, pk):
    """休學, 復學, 轉學, 離校, 畢業."""
    one = _find(request, pk)
    form = StatusForm(request.POST or None, student=one)
    if request.method == "POST" and form.is_valid():
        try:
            status_changes.change_status(student=one, by=request.user, **form.values())
            messages.success(request, _("已登記異動。"))
            return redirect_on(request, "registry:student", request.school.slug, pk)
        except InvalidMove:
            messages.warning(request, _("這位學生的狀態剛剛改變了，請再看一次。"))
            return redirect_on(request, "registry:student", request.school.slug, pk)
        except ValidationError as error:
            refuse(form, error)
    return render(request, "registry/student_status.html", {"form": form, "student": one})


@require_POST
@registrars_only
def student_keep(request, pk):
    """Missing from the roster, but still here."""
    status_changes.keep_student(student=_find(request, pk), by=request.user)
    messages.success(request, _("已註明這位學生仍在本校。"))
    return redirect_back(request, "registry:moves", request.school.slug, anchor=f"row-{pk}")


def _find(request, pk):
    students = Student.objects.filter(school=request.school)
    students = students.select_related("school", "school_class", "transfer_to").prefetch_related("guardians")
    return get_object_or_404(students, pk=pk)
