"""One student on the desk of the class: what the family said, more time, and the form once more."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from binding.family_rows import note_decision, with_decision
from core.downloads import download
from core.way_back import redirect_on
from registry import deadlines
from registry.models import Student
from registry.models.paper_forms import LANGUAGES
from registry.paper_forms.printing import print_own
from review.access import reviewers_only
from review.class_board import paper_of
from review.for_pages import latest_application
from review.form_again import FormAgain, language_of_family
from review.forms import NoteForm
from review.notes import remove_note, write_note
from review.reminders import one_family

MOST_NOTES = 20


@reviewers_only
def student_page(request, pk):
    """What can be done for one family, whether it applied or not."""
    return _draw(request, _find(request, pk), NoteForm())


def _draw(request, student, note_form):
    decision = note_decision(student, student)
    application = latest_application(request.user, student)
    context = {
        "student": student,
        "paper": paper_of(student),
        "decision": decision,
        "application": application,
        "deadline": deadlines.deadline_of(student),
        "form_again": FormAgain(own=language_of_family(student, application)),
        "can_be_whole": decision is None,
        "notes": student.staff_notes.select_related("by")[:MOST_NOTES],
        "form": note_form,
    }
    return render(request, "review/student.html", context)


@require_POST
@reviewers_only
def student_note(request, pk):
    """Write a note, or take one away (`remove`: its key)."""
    student = _find(request, pk)
    if (key := request.POST.get("remove", "")).isdecimal():
        if remove_note(student=student, key=int(key[:18]), by=request.user):
            messages.success(request, _("已刪除備註。"))
        return redirect_on(request, "review:student", request.school.slug, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _draw(request, student, form)
    write_note(student=student, text=form.cleaned_data["text"], by=request.user)
    return redirect_on(request, "review:student", request.school.slug, pk)


WHY_NOT = {
    one_family.NOTHING_OPEN: gettext_lazy("這個家庭沒有要完成的步驟，不必提醒。"),
    one_family.NO_DEADLINE: gettext_lazy("學校沒有設定截止日，或截止日已經過了，所以沒有寄提醒。"),
    one_family.TOO_SOON: gettext_lazy("三天內已經提醒過這個家庭，所以沒有再寄。"),
    one_family.NO_ADDRESS: gettext_lazy("沒有可以寄的信箱（沒有登錄，或家長停止了提醒）。請改印提醒單。"),
}


@require_POST
@reviewers_only
def student_remind(request, pk):
    """One reminder to this family."""
    student = _find(request, pk)
    try:
        count = one_family.remind(student=student, by=request.user)
        words = ngettext("已寄提醒到 %(count)d 個信箱。", "已寄提醒到 %(count)d 個信箱。", count)
        messages.success(request, words % {"count": count})
    except one_family.NotReminded as reason:
        messages.warning(request, str(WHY_NOT[reason.why]))
    return redirect_on(request, "review:student", request.school.slug, pk)


@reviewers_only
def student_form(request, pk):
    """The paper form of one student, as PDF, in the language that the family reads (?language=vi)."""
    student = _find(request, pk)
    language = request.GET.get("language", "zh-hant")
    if language not in LANGUAGES:
        raise Http404
    until = deadlines.deadline_of(student)
    pdf = print_own(student=student, language=language, until=until, by=request.user)
    return download(pdf, _("申請書-%(seat)s號.pdf") % {"seat": student.seat_number})


def _find(request, pk):
    mine = Student.objects.of_reviewer(request.user).enrolled().filter(pk=pk)
    with_all = with_decision(mine, timezone.localdate(), timezone.now())
    return get_object_or_404(with_all.select_related("school", "school_class", "paper_form", "family_account"))
