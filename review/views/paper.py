"""The paper forms that come back: marked one by one, many at once, or by the code at their foot."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.models import SchoolClass, Student
from registry.paper_forms.codes import student_for
from review import paper_undo
from review.access import reviewers_only
from review.class_board import Census
from review.forms import DifferingForm, PaperFormForm, PaperFormsForm, ScanForm
from review.models import PaperForm
from review.paper_register import Changed, answer_of, mark_paper_form, put_back, register


@require_POST
@reviewers_only
def paper_form_mark(request, student_pk):
    student = get_object_or_404(Student.objects.of_reviewer(request.user), pk=student_pk)
    form = PaperFormForm(request.POST)
    if form.is_valid():
        _mark(request, student, form)
    if application := form.cleaned_data.get("application"):
        return redirect("review:application", request.school.slug, application)
    where = redirect("review:class", request.school.slug, student.school_class_id)
    where["Location"] += f"#seat-{student.seat_number}"
    return where


@reviewers_only
def paper_form_return(request, code):
    """The page that the code on a paper form opens: one press registers its return."""
    student = student_for(code, request.school)
    if student is None or not Student.objects.of_reviewer(request.user).filter(pk=student.pk).exists():
        raise Http404
    form = PaperFormForm(request.POST or None)
    if form.is_bound and form.is_valid():
        _mark(request, student, form)
        return redirect("review:paper-form", request.school.slug, code)
    paper = PaperForm.objects.select_related("marked_by").filter(student=student).first()
    return render(request, "review/paper_form.html", {"student": student, "paper": paper})


def _mark(request, student, form):
    try:
        mark_paper_form(student=student, by=request.user, **form.said())
    except Changed:
        words = _("%(name)s 的申請書剛才有人登記了，所以沒有更改。請看目前的登記再決定。")
        messages.warning(request, words % {"name": student.name})


@require_POST
@reviewers_only
def paper_forms_mark(request, pk):
    """One answer for all who were ticked and have none yet; who has the other one is asked about on the next page."""
    school_class = _class(request, pk)
    form = PaperFormsForm(request.POST, students=_students(school_class))
    if not form.is_valid():
        messages.warning(request, form.problem)
        return redirect("review:class", request.school.slug, pk)
    answer = form.cleaned_data["answer"]
    outcome = register(students=form.chosen(), answer=answer, by=request.user)
    paper_undo.remember(request, school_class, outcome.marked)
    _say(request, school_class, outcome, answer)
    if outcome.standing:
        query = {"answer": answer, "students": ",".join(str(one.pk) for one in outcome.standing)}
        return redirect(f"{reverse('review:paper-forms-differ', args=[request.school.slug, pk])}?{urlencode(query)}")
    return redirect("review:class", request.school.slug, pk)


@reviewers_only
def paper_forms_differ(request, pk):
    """「其中 2 位原來是不同意，要改嗎」: who has the other answer is changed only when ticked here."""
    school_class = _class(request, pk)
    form = DifferingForm(request.POST or request.GET, students=_students_at(request, school_class))
    if not form.is_valid():
        return redirect("review:class", request.school.slug, pk)
    answer = form.cleaned_data["answer"]
    if request.method == "POST":
        chosen, seen = form.confirmed()
        outcome = register(students=chosen, answer=answer, by=request.user, replacing=seen)
        paper_undo.remember(request, school_class, outcome.marked, goes_on=True)
        _say(request, school_class, outcome, answer)
        return redirect("review:class", request.school.slug, pk)
    rows = [one for one in form.rows() if answer_of(one) not in (answer, PaperForm.Answer.NOT_RECEIVED)]
    if not rows:
        return redirect("review:class", request.school.slug, pk)
    context = {"school_class": school_class, "rows": rows, "answer": PaperForm.Answer(answer)}
    return render(request, "review/paper_forms_differ.html", context)


def _say(request, school_class, outcome, answer):
    label = PaperForm.Answer(answer).label
    if outcome.marked:
        count = len(outcome.marked)
        words = ngettext("已登記 %(count)d 位：%(answer)s。", "已登記 %(count)d 位：%(answer)s。", count)
        messages.success(request, words % {"count": count, "answer": label})
    if count := len(outcome.already):
        words = ngettext("%(count)d 位先前已經登記：%(answer)s。", "%(count)d 位先前已經登記：%(answer)s。", count)
        messages.info(request, words % {"count": count, "answer": label})
    marked = {mark.after.student_id for mark in outcome.marked}
    rows = Census.of(school_class).rows if marked else []
    if differing := sum(row.is_mismatch for row in rows if row.student.pk in marked):
        words = ngettext(
            "其中 %(count)d 位的紙本和線上意願不同，請和家長確認。",
            "其中 %(count)d 位的紙本和線上意願不同，請和家長確認。",
            differing,
        )
        messages.warning(request, words % {"count": differing})


@require_POST
@reviewers_only
def paper_forms_scan(request, pk):
    """A barcode reader types the code and presses Enter: registered, and the field waits for the next one.

    What came of it is told beside the field, and no fragment in the address takes the focus away from it.
    """
    school_class = _class(request, pk)
    form = ScanForm(request.POST)
    request.session.pop("scan_asks", None)
    if form.is_valid():
        request.session["scan_answer"] = form.cleaned_data["answer"]
        said = _register(request, school_class, **form.cleaned_data)
    else:
        said = ("warning", _("沒有讀到回收碼，請再掃一次。"))
    request.session["scan_said"] = said
    return redirect(f"{reverse('review:class', args=[request.school.slug, pk])}?scan=1")


def _register(request, school_class, *, code, answer):
    """(kind, words) of what came of it; an answer that stood before is asked about, not changed."""
    student = student_for(code, request.school)
    if student is None or not Student.objects.of_reviewer(request.user).filter(pk=student.pk).exists():
        return "warning", _("這個回收碼不是您班上的申請書，沒有登記。")
    outcome = register(students=[student], answer=answer, by=request.user)
    facts = {
        "class": student.school_class.name,
        "seat": student.seat_number,
        "name": student.name,
        "answer": PaperForm.Answer(answer).label,
    }
    if outcome.standing:
        paper = PaperForm.objects.get(student=student)
        request.session["scan_asks"] = {"key": f"{student.pk}:{paper.answer}", "answer": answer}
        words = _("%(class)s 班 %(seat)d 號 %(name)s 先前登記的是「%(before)s」，還沒有更改。要改為「%(answer)s」嗎？")
        return "warning", words % {**facts, "before": paper.get_answer_display()}
    if outcome.already:
        return "success", _("%(class)s 班 %(seat)d 號 %(name)s 先前已登記：%(answer)s") % facts
    paper_undo.remember(request, school_class, outcome.marked)
    return "success", _("%(class)s 班 %(seat)d 號 %(name)s：%(answer)s") % facts


@require_POST
@reviewers_only
def paper_forms_undo(request, pk):
    """Take the last registration back, within five minutes."""
    school_class = _class(request, pk)
    if marks := paper_undo.take(request, school_class):
        students = Student.objects.of_reviewer(request.user).filter(pk__in=marks)
        done, stayed = put_back(students=students, marks=marks, by=request.user)
        if done:
            messages.success(request, _("已復原剛才的登記。"))
        if stayed:
            words = ngettext("%(count)d 位之後又有人登記，沒有復原。", "%(count)d 位之後又有人登記，沒有復原。", stayed)
            messages.warning(request, words % {"count": stayed})
    else:
        messages.info(request, _("沒有可以復原的登記。"))
    return redirect("review:class", request.school.slug, pk)


def _class(request, pk):
    return get_object_or_404(SchoolClass.objects.of_reviewer(request.user), pk=pk)


def _students(school_class):
    return Student.objects.enrolled().filter(school_class=school_class)


def _students_at(request, school_class):
    """Those of the class, and of other own classes whose forms were scanned here."""
    return Student.objects.of_reviewer(request.user).filter(school=school_class.school)
