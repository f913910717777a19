"""監護限制 of a student at the registrar's desk."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from audit import log
from binding.actions import custody as actions
from binding.desk.forms import CustodyForm, LiftForm
from binding.models import CustodyRestriction
from binding.permissions import NotYours
from binding.views.files import send_inert
from core.states import InvalidMove
from registry.access import registrars_only
from registry.models import Student


@registrars_only
def custody(request, student_pk):
    """What is on now, what was before, and the form to set one."""
    students = Student.objects.filter(school=request.school).select_related("school_class")
    student = get_object_or_404(students, pk=student_pk)
    form = CustodyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.restrict(student=student, by=request.user, **form.cleaned_data)
            messages.success(request, _("已登錄監護限制。家庭共用的頁面不再顯示申請人的資料。"))
            return redirect("binding:custody", request.school.slug, student_pk)
        except actions.AlreadyRestricted:
            messages.info(request, _("這位學生的監護限制已經登錄了。"))
            return redirect("binding:custody", request.school.slug, student_pk)
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    restrictions = CustodyRestriction.objects.filter(student=student).select_related("set_by")[:20]
    context = {
        "student": student,
        "form": form,
        "restrictions": restrictions,
        "current": next((one for one in restrictions if one.is_on), None),
    }
    return render(request, "binding/desk/custody.html", context)


@registrars_only
def custody_lift(request, pk):
    restriction = _find(request, pk)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.lift_restriction(
                restriction=restriction, reason=form.cleaned_data["reason"], by=request.user
            )
            messages.success(request, _("已解除監護限制。"))
            return redirect("binding:custody", request.school.slug, restriction.student_id)
        except InvalidMove:
            form.add_error(None, _("這個限制已經屆滿或解除。"))
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    return render(request, "binding/desk/custody_lift.html", {"form": form, "restriction": restriction})


@registrars_only
def custody_file(request, pk):
    restriction = _find(request, pk)
    with transaction.atomic():
        log.record("custody.viewed", by=request.user, target=restriction.student)
    return send_inert(
        restriction.read(), restriction.content_type, f"custody-{pk}", shown=restriction.is_image
    )


def _find(request, pk):
    restrictions = CustodyRestriction.objects.filter(student__school=request.school)
    return get_object_or_404(restrictions.select_related("student__school_class"), pk=pk)
