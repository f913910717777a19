"""The paper forms that come back: marked one by one, many at once, or by the code at their foot."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from registry.paper_forms.codes import student_for
from review import actions, permissions
from review.forms import PaperFormForm
from review.models import PaperForm
from review.views.access import reviewers_only


@require_POST
@reviewers_only
def paper_form_mark(request, student_pk):
    student = get_object_or_404(permissions.students_of(request.user), pk=student_pk)
    form = PaperFormForm(request.POST)
    if form.is_valid():
        actions.mark_paper_form(student=student, answer=form.cleaned_data["answer"], by=request.user)
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
        actions.mark_paper_form(student=student, answer=form.cleaned_data["answer"], by=request.user)
        return redirect("review:paper-form", request.school.slug, code)
    paper = PaperForm.objects.select_related("marked_by").filter(student=student).first()
    return render(request, "review/paper_form.html", {"student": student, "paper": paper})
