"""One move for several students, ticked in the list: filled in, looked at, confirmed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.states import InvalidMove
from core.way_back import redirect_back
from registry import status_changes
from registry.access import registrars_only
from registry.models import Student
from registry.move_forms import StatusesForm
from registry.signals import endings_asked

MOST = 200  # students at once; a page of the list has 50


@registrars_only
def move_several(request):
    """Nothing is written before `confirm`, and then only for those whom the page before showed."""
    students = _ticked(request)
    if not students:
        messages.warning(request, _("請先勾選學生，再登記異動。"))
        return redirect_back(request, "registry:students", request.school.slug)
    form = StatusesForm(request.POST or None, school=request.school)
    preview = None
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        preview = _look(request, form, students)
        if "confirm" in request.POST and form.is_understood() and _move(request, form, preview["going"]):
            return redirect_back(request, "registry:students", request.school.slug)
    context = {"form": form, "students": students, "preview": preview}
    return render(request, "registry/several.html", context)


def _ticked(request):
    keys = (request.POST if request.method == "POST" else request.GET).getlist("students")
    if len(keys) > MOST or not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
        raise Http404
    students = Student.objects.filter(school=request.school, pk__in=keys).select_related("school", "school_class")
    found = list(students.in_seating_order())
    if len(found) != len(set(keys)):
        raise Http404
    return found


def _look(request, form, students):
    going, staying = status_changes.look_at(students, form.cleaned_data["status"], request.user)
    endings = None
    if going and form.ends:
        [(_receiver, endings)] = endings_asked.send(Student, students=[one.pk for one in going])
    return {"going": going, "staying": staying, "endings": endings}


def _move(request, form, going):
    """Whether all were moved; else the page says why, and none was."""
    seen = set(request.POST.getlist("going"))
    if not going or seen != {str(one.pk) for one in going}:
        messages.warning(request, _("名單上有學生的狀態剛剛改變了，請再看一次。"))
        return False
    try:
        moved = status_changes.change_statuses(students=going, by=request.user, **form.values())
    except InvalidMove:
        messages.warning(request, _("名單上有學生的狀態剛剛改變了，請再看一次。"))
    except ValidationError as error:
        form.add_error(None, error)
    else:
        words = ngettext("已登記 %(count)d 位學生的異動。", "已登記 %(count)d 位學生的異動。", len(moved))
        messages.success(request, words % {"count": len(moved)})
        return True
    return False
