"""The paper forms that come back: marked on the board, many at once, or by the code at their foot."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.languages import joined
from registry.models import SchoolClass, Student
from registry.paper_forms.codes import student_for
from review import paper_undo
from review.access import reviewers_only
from review.class_board import Census
from review.forms import DifferingForm, PaperFormForm, PaperFormsForm, ScanForm
from review.models import PaperForm
from review.paper_register import (
    Changed,
    answer_of,
    mark_paper_form,
    other_than,
    put_back,
    register,
    take_as_answer,
    without_paper,
)
from review.pile import register_entry
from review.places import to_board


@require_POST
@reviewers_only
def paper_form_mark(request, student_pk):
    student = get_object_or_404(Student.objects.of_reviewer(request.user), pk=student_pk)
    form = PaperFormForm(request.POST)
    if form.is_valid():
        _mark(request, student, form)
    if application := form.cleaned_data.get("application"):
        return redirect("review:application", request.school.slug, application)
    return redirect("review:student", request.school.slug, student.pk)


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
    context = {"student": student, "paper": paper, "left": without_paper(student.school_class)}
    return render(request, "review/paper_form.html", context)


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
        return to_board(request, school_class)
    answer, chosen = form.cleaned_data["answer"], form.chosen()
    if answer == form.IS_WHOLE:
        outcome = take_as_answer(students=chosen, by=request.user)
        _say_whole(request, outcome)
    else:
        outcome = register(students=chosen, answer=answer, by=request.user)
        if not form.is_one or not outcome.marked:
            _say(request, school_class, outcome, answer)
    paper_undo.remember(request, school_class, outcome.marked)
    if outcome.standing:
        return _ask(request, school_class, answer, outcome.standing)
    return to_board(request, school_class, chosen[0] if form.is_one else None)


def _ask(request, school_class, answer, standing):
    query = {"answer": answer, "students": ",".join(str(one.pk) for one in standing)}
    address = reverse("review:paper-forms-differ", args=[request.school.slug, school_class.pk])
    return redirect(f"{address}?{urlencode(query)}")


@reviewers_only
def paper_forms_differ(request, pk):
    """「其中 2 位原來是不同意，要改嗎」: who has the other answer is changed only when ticked here."""
    school_class = _class(request, pk)
    form = DifferingForm(request.POST or request.GET, students=_students_at(request, school_class))
    if not form.is_valid():
        return to_board(request, school_class)
    answer = form.cleaned_data["answer"]
    if request.method == "POST":
        chosen, seen = form.confirmed()
        outcome = register(students=chosen, answer=answer, by=request.user, replacing=seen)
        paper_undo.remember(request, school_class, outcome.marked, goes_on=True)
        _say(request, school_class, outcome, answer)
        return to_board(request, school_class)
    rows = [one for one in form.rows() if answer_of(one) not in (answer, PaperForm.Answer.NOT_RECEIVED)]
    if not rows:
        return to_board(request, school_class)
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


def _say_whole(request, outcome):
    if count := len(outcome.marked):
        words = ngettext("%(count)d 位以紙本意願為準。", "%(count)d 位以紙本意願為準。", count)
        messages.success(request, words % {"count": count})
    if outcome.already:
        words = ngettext("%(count)d 位先前已是以紙本為準。", "%(count)d 位先前已是以紙本為準。", len(outcome.already))
        messages.info(request, words % {"count": len(outcome.already)})
    if outcome.unfit:
        words = _("沒有更改，因為還沒登記申請書或家長已在線上填答：%(names)s")
        names = joined(f"{one.seat_number} {one.name}" for one in outcome.unfit)
        messages.warning(request, words % {"names": names})


@require_POST
@reviewers_only
def paper_forms_scan(request, pk):
    """A barcode reader types the code and presses Enter: registered, and the field waits for the next one.

    What came of it is told beside the field, and no fragment in the address takes the focus away from it.
    """
    school_class = _class(request, pk)
    form = ScanForm(request.POST)
    for name in ("scan_asks", "scan_typed"):
        request.session.pop(name, None)
    if not form.is_valid():
        request.session["scan_said"] = ("warning", _("沒有讀到回收碼或座號，請再掃一次。"))
        return to_board(request, school_class)
    request.session["scan_answer"] = answer = form.cleaned_data["answer"]
    told = register_entry(school_class=school_class, entry=form.cleaned_data["code"], answer=answer, by=request.user)
    request.session.update({"scan_said": (told.kind, told.words), "scan_typed": told.typed})
    if told.marks:
        paper_undo.remember(request, school_class, told.marks)
    if told.standing:
        keys = [f"{one.pk}:{other_than(answer)}" for one in told.standing]
        students = ",".join(str(one.pk) for one in told.standing)
        request.session["scan_asks"] = {"keys": keys, "students": students, "answer": answer}
    return to_board(request, school_class)


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
    return to_board(request, school_class)


def _class(request, pk):
    return get_object_or_404(SchoolClass.objects.of_reviewer(request.user).select_related("school"), pk=pk)


def _students(school_class):
    return Student.objects.enrolled().filter(school_class=school_class)


def _students_at(request, school_class):
    """Those of the class, and of other own classes whose forms were scanned here."""
    return Student.objects.of_reviewer(request.user).filter(school=school_class.school)
