"""Who comes and who goes: missing from the roster, on the way out, on the way in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.states import InvalidMove
from core.way_back import redirect_back, redirect_on
from registry import status_changes
from registry.access import registrars_only
from registry.forms import ArrivalForm, MissingForm
from registry.lists import show_list
from registry.missing import decide_missing, missing_list
from registry.models import Student
from registry.moving import arriving_list, leaving_list
from registry.problems import refuse


@registrars_only
def to_decide(request):
    arriving, leaving = arriving_list(request), leaving_list(request)
    context = {"arriving": arriving, "leaving": leaving}
    listing = missing_list(request)
    return show_list(request, "registry/status_changes.html", listing, context, others=[arriving, leaving])


@require_POST
@registrars_only
def missing_decide(request):
    """Students who were ticked, or all that the list shows: looked at, then decided with one answer and one date."""
    rows = missing_list(request).rows
    everyone = bool(request.POST.get("everyone"))
    ticked = [key for key in request.POST.getlist("students") if key.isdecimal() and len(key) < 19]
    students = list(rows if everyone else rows.filter(pk__in=ticked))
    if not students:
        messages.warning(request, _("請先勾選學生；已經處理過的學生不會再列出。"))
        return redirect_back(request, "registry:moves", request.school.slug)
    is_answered = request.POST.get("count") == str(len(students))
    form = MissingForm(request.POST if is_answered else None, initial=request.POST.dict())
    if is_answered and form.is_valid():
        try:
            keys = [student.pk for student in students]
            count = decide_missing(school=request.school, students=keys, by=request.user, **form.decided())
            words = ngettext("已處理 %(count)d 位學生。", "已處理 %(count)d 位學生。", count)
            messages.success(request, words % {"count": count})
            return redirect_back(request, "registry:moves", request.school.slug)
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {
        "form": form,
        "students": students,
        "everyone": everyone,
        "has_changed": "count" in request.POST and not is_answered,
    }
    return render(request, "registry/missing_decide.html", context)


@registrars_only
def arrival(request, pk):
    """A student whom another school of the city sent here gets class, seat and number."""
    student = get_object_or_404(Student.objects.select_related("school"), pk=pk, transfer_to=request.school)
    form = ArrivalForm(request.POST or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        try:
            status_changes.accept_transfer(student=student, school=request.school, by=request.user, **form.cleaned_data)
            messages.success(request, _("已報到。家長用新的帳號登入，密碼不變。"))
            return redirect_on(request, "registry:student", request.school.slug, pk)
        except InvalidMove:
            messages.info(request, _("這位學生已經報到，或原校取消了轉出。"))
            return redirect_back(request, "registry:moves", request.school.slug)
        except ValidationError as error:
            refuse(form, error)
    return render(request, "registry/arrival.html", {"form": form, "student": student})
