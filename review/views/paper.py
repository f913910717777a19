"""The paper forms that come back: marked one by one, many at once, or by the code at their foot."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.models import Student
from registry.paper_forms.codes import student_for
from review import permissions
from review.census import Census
from review.forms import PaperFormForm, PaperFormsForm, ScanForm
from review.models import PaperForm
from review.paper_register import mark_many, mark_paper_form, take_back
from review.views import undo
from review.views.access import reviewers_only


@require_POST
@reviewers_only
def paper_form_mark(request, student_pk):
    student = get_object_or_404(permissions.students_of(request.user), pk=student_pk)
    form = PaperFormForm(request.POST)
    if form.is_valid():
        mark_paper_form(student=student, by=request.user, **form.said())
    if application := form.cleaned_data.get("application"):
        return redirect("review:application", request.school.slug, application)
    where = redirect("review:class", request.school.slug, student.school_class_id)
    where["Location"] += f"#seat-{student.seat_number}"
    return where


@reviewers_only
def paper_form_return(request, code):
    """The page that the code on a paper form opens: one press registers its return."""
    student = student_for(code, request.school)
    if student is None or not permissions.students_of(request.user).filter(pk=student.pk).exists():
        raise Http404
    form = PaperFormForm(request.POST or None)
    if form.is_bound and form.is_valid():
        mark_paper_form(student=student, by=request.user, **form.said())
        return redirect("review:paper-form", request.school.slug, code)
    paper = PaperForm.objects.select_related("marked_by").filter(student=student).first()
    return render(request, "review/paper_form.html", {"student": student, "paper": paper})


@require_POST
@reviewers_only
def paper_forms_mark(request, pk):
    """One answer for all who were ticked."""
    school_class = _class(request, pk)
    form = PaperFormsForm(request.POST, students=_students(school_class))
    if form.is_valid():
        chosen, answer = form.chosen(), form.cleaned_data["answer"]
        undo.remember(request, school_class, mark_many(students=chosen, answer=answer, by=request.user))
        words = _("已登記 %(count)d 位：%(answer)s。")
        messages.success(request, words % {"count": len(chosen), "answer": PaperForm.Answer(answer).label})
        if differing := sum(row.is_mismatch for row in Census.of(school_class).rows if row.student in chosen):
            messages.warning(
                request, _("其中 %(count)d 位的紙本和線上作答不同，請和家長確認。") % {"count": differing}
            )
    else:
        messages.warning(request, _("請先勾選學生，再按登記。"))
    return redirect("review:class", request.school.slug, pk)


@require_POST
@reviewers_only
def paper_forms_scan(request, pk):
    """A barcode reader types the code and presses Enter: registered, and the field waits for the next one.

    What came of it is told beside the field, and no fragment in the address takes the focus away from it.
    """
    _class(request, pk)
    form = ScanForm(request.POST)
    if form.is_valid():
        request.session["scan_answer"] = form.cleaned_data["answer"]
        said = _register(request, **form.cleaned_data)
    else:
        said = ("warning", _("沒有讀到回收碼，請再掃一次。"))
    request.session["scan_said"] = said
    return redirect(f"{reverse('review:class', args=[request.school.slug, pk])}?scan=1")


def _register(request, *, code, answer):
    """(kind, words) of what came of it."""
    student = student_for(code, request.school)
    if student is None or not permissions.students_of(request.user).filter(pk=student.pk).exists():
        return "warning", _("這個回收碼不是您班上的申請書，沒有登記。")
    before = mark_many(students=[student], answer=answer, by=request.user)
    undo.remember(request, student.school_class, before)
    facts = {
        "class": student.school_class.name,
        "seat": student.seat_number,
        "name": student.name,
        "answer": PaperForm.Answer(answer).label,
    }
    words = (
        _("%(class)s 班 %(seat)d 號 %(name)s：%(answer)s")
        if before
        else _("%(class)s 班 %(seat)d 號 %(name)s 先前已登記：%(answer)s")
    )
    return "success", words % facts


@require_POST
@reviewers_only
def paper_forms_undo(request, pk):
    """Take the last registration back, within five minutes."""
    school_class = _class(request, pk)
    if before := undo.take(request, school_class):
        students = permissions.students_of(request.user).filter(pk__in=before)
        take_back(students=students, before=before, by=request.user)
        messages.success(request, _("已復原剛才的登記。"))
    else:
        messages.info(request, _("沒有可以復原的登記。"))
    return redirect("review:class", request.school.slug, pk)


def _class(request, pk):
    return get_object_or_404(permissions.classes_of(request.user), pk=pk)


def _students(school_class):
    return Student.objects.enrolled().filter(school_class=school_class)
