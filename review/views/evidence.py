"""證明文件 as reviewers see it: the file, or one page of it. Each look is recorded."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from binding.models import Evidence
from binding.pdf_pages import Unreadable, draw_page
from core.downloads import inert
from review.access import reviewers_only
from review.evidence import note_look


@reviewers_only
def evidence_file(request, pk):
    evidence = get_object_or_404(Evidence.objects.of_reviewer(request.user), pk=pk)
    note_look(evidence=evidence, by=request.user)
    return inert(evidence.read(), evidence.content_type, f"evidence-{pk}")


@reviewers_only
def evidence_page(request, pk, number):
    """One page of a PDF as a picture, to look at beside the application."""
    mine = Evidence.objects.of_reviewer(request.user)
    evidence = get_object_or_404(mine, pk=pk, content_type=Evidence.Type.PDF, pages__gte=number)
    try:
        picture = draw_page(evidence.read(), number)
    except Unreadable as error:
        raise Http404 from error
    note_look(evidence=evidence, by=request.user)
    return inert(picture, "image/jpeg", f"evidence-{pk}-{number}")
