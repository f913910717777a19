"""監護限制 of a student at the registrar's desk."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from binding.actions import custody as actions
from binding.desk.forms import CustodyForm
from binding.desk.papers import lift, open_paper
from binding.models import CustodyRestriction
from binding.own_family import NotYours
from core.way_back import redirect_on
from registry.access import registrars_only
from registry.models import Student
from registry.waiting_files import Waiting


@registrars_only
def custody(request, student_pk):
    """What is on now, what was before, and the form to set one."""
    students = Student.objects.filter(school=request.school).select_related("school_class")
    student = get_object_or_404(students, pk=student_pk)
    waiting = Waiting(request, "document", f"custody-{student_pk}")
    form = CustodyForm(request.POST or None, waiting.files)
    if request.method == "POST" and form.is_valid():
        try:
            actions.restrict(student=student, by=request.user, **form.cleaned_data)
            waiting.let_go()
            messages.success(request, _("已登錄監護限制。家庭共用的頁面不再顯示申請人的資料。"))
            return redirect_on(request, "binding:custody", request.school.slug, student_pk)
        except actions.AlreadyRestricted:
            messages.info(request, _("這位學生的監護限制已經登錄了。"))
            return redirect_on(request, "binding:custody", request.school.slug, student_pk)
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    waiting.keep(form)
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
    action = partial(actions.lift_restriction, restriction=restriction)
    form, is_lifted = lift(request, action, already=_("這個限制已經屆滿或解除。"))
    if is_lifted:
        messages.success(request, _("已解除監護限制。"))
        return redirect_on(request, "binding:custody", request.school.slug, restriction.student_id)
    return render(request, "binding/desk/custody_lift.html", {"form": form, "restriction": restriction})


@registrars_only
def custody_file(request, pk):
    paper = _find(request, pk)
    return open_paper(paper, event="custody.viewed", about=paper.student, by=request.user, name="custody")


def _find(request, pk):
    restrictions = CustodyRestriction.objects.of_registrar(request.user)
    return get_object_or_404(restrictions.select_related("student__school_class"), pk=pk)
