"""Students of the school: find one, see what is known and what was changed, correct it, record a move."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import log
from core import crypto
from core.compiled import compiled
from core.identity import may_be_in
from core.states import InvalidMove
from registry import history, status_changes
from registry.access import registrars_only
from registry.forms import NumberSearchForm, StatusForm, StudentForm
from registry.models import SchoolClass, Student
from registry.problems import problems, refuse
from registry.search import WITHOUT_NUMBER, find_students, typed
from registry.students import correct_student

PAGE = 50
SHOWN = ("name", "seat_number", "student_number", "status", "missing_from", "school_class__name")


@registrars_only
def student_list(request):
    """Search by number, name or class; with nothing typed, all who are enrolled."""
    text, status = typed(request), request.GET.get("status", Student.Status.ENROLLED)
    class_pk = request.GET.get("class", "")
    if may_be_in(text):
        messages.warning(request, _("請不要在這裡輸入證號，證號不可出現在網址上。請用下面的「以證號查詢」。"))
        return redirect("registry:students", request.school.slug)
    found = find_students(
        request.school,
        text=text,
        class_pk=int(class_pk) if class_pk.isdecimal() and len(class_pk) < 19 else None,
        status=status if status in Student.Status or status == WITHOUT_NUMBER else "",
    )
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page_obj": Paginator(found.only(*SHOWN), PAGE).get_page(request.GET.get("page")),
        "q": text,
        "status": status,
        "class_pk": class_pk,
        "statuses": [*Student.Status.choices, (WITHOUT_NUMBER, _("在學，沒有證號"))],
        "classes": _classes(school=request.school.pk),
        "number_form": NumberSearchForm(),
        "query": query.urlencode(),
    }
    return render(request, "registry/students.html", context)


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
        return redirect("registry:student", request.school.slug, found.pk)
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
            return redirect("registry:student", request.school.slug, pk)
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
            return redirect("registry:student", request.school.slug, pk)
        except InvalidMove:
            messages.warning(request, _("這位學生的狀態剛剛改變了，請再看一次。"))
            return redirect("registry:student", request.school.slug, pk)
        except ValidationError as error:
            refuse(form, error)
    return render(request, "registry/student_status.html", {"form": form, "student": one})


@require_POST
@registrars_only
def student_keep(request, pk):
    """Missing from the roster, but still here."""
    status_changes.keep_student(student=_find(request, pk), by=request.user)
    messages.success(request, _("已註明這位學生仍在本校。"))
    return redirect("registry:moves", request.school.slug)


def _find(request, pk):
    students = Student.objects.filter(school=request.school)
    students = students.select_related("school", "school_class", "transfer_to").prefetch_related("guardians")
    return get_object_or_404(students, pk=pk)
