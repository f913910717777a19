"""More time for a class (registrar) or for one student (registrar, or the homeroom teacher of the class)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from core.way_back import redirect_back
from registry import deadlines
from registry.access import registrars_only
from registry.models import SchoolClass, Student
from review.access import reviewers_only
from review.reminders.forms import ExtensionForm


@registrars_only
def class_deadline(request, pk):
    classes = SchoolClass.objects.current().select_related("school")
    return _page(request, get_object_or_404(classes, school=request.school, pk=pk), pk)


@reviewers_only
def student_deadline(request, pk):
    students = Student.objects.of_reviewer(request.user).enrolled().select_related("school_class", "school")
    student = get_object_or_404(students, pk=pk)
    return _page(request, student, student.school_class_id)


def _page(request, target, class_pk):
    """What holds now, and a form to change it; `target` is a class or a student."""
    extension = deadlines.extension_of(target)
    base = deadlines.deadline_before_extension(target)
    initial = {"until": extension.until, "reason": extension.reason} if extension else {}
    form = ExtensionForm(request.POST or None, initial=initial, base=base) if base else None
    if request.method == "POST":
        if "take_back" in request.POST:
            return _take_back(request, target, class_pk)
        if form and form.is_valid():
            deadlines.extend(target=target, by=request.user, **form.cleaned_data)
            messages.success(request, _("已延長截止日。家長登入後會看到新的日期。"))
            return redirect_back(request, "review:class", request.school.slug, class_pk)
    context = {"form": form, "base": base, "extension": extension, "class_pk": class_pk, "target": target}
    if isinstance(target, SchoolClass):
        context["own"] = deadlines.extensions_within(target)
    return render(request, "review/reminders/deadline.html", context)


def _take_back(request, target, class_pk):
    if deadlines.take_back(target=target, by=request.user):
        messages.success(request, _("已取消展延，恢復原來的截止日。"))
    else:
        messages.info(request, _("目前沒有展延。"))
    return redirect_back(request, "review:class", request.school.slug, class_pk)
