"""One student on the desk of the class: what the family said, more time, and the form once more."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from binding.family_rows import note_decision, with_decision
from core.downloads import download
from registry import deadlines
from registry.models import Student
from registry.models.paper_forms import LANGUAGES
from registry.paper_forms.printing import print_own
from review.access import reviewers_only
from review.class_board import paper_of
from review.for_pages import latest_application


@reviewers_only
def student_page(request, pk):
    """What can be done for one family, whether it applied or not."""
    student = _find(request, pk)
    decision = note_decision(student, student)
    context = {
        "student": student,
        "paper": paper_of(student),
        "decision": decision,
        "application": latest_application(request.user, student),
        "deadline": deadlines.deadline_of(student),
        "form_languages": LANGUAGES,
        "can_be_whole": decision is None,
    }
    return render(request, "review/student.html", context)


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
    return get_object_or_404(with_all.select_related("school", "school_class", "paper_form"))
