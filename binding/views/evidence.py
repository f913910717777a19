"""證明文件 of a guardian who applies: added, looked at and taken back by the family."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from binding import forms
from binding.actions.application import Incomplete
from binding.actions.evidence import TooMany, add_evidence, remove_evidence
from binding.models import Evidence
from binding.progress import Progress
from binding.steps import editable_application, leave, step
from core.downloads import inert
from core.states import InvalidMove

NO_EVIDENCE_NOW = gettext_lazy("現在不能更動證明文件：申請已經審核完成，或這次只退回其他項目。")
can_apply = step(Progress.check_can_apply)


@can_apply
def evidence(request):
    """A guardian's proof: add files, look at them, take them back; 暫存離開 keeps what was chosen."""
    application = editable_application(request)
    if not application.needs_evidence:
        raise Http404
    if "leave" in request.POST and not request.FILES:
        return leave(request)
    form = forms.EvidenceForm(request.POST, request.FILES) if request.method == "POST" else forms.EvidenceForm()
    if request.method == "POST" and form.is_valid():
        try:
            add_evidence(application=application, files=form.cleaned_data["files"], by=request.user)
            return leave(request) if "leave" in request.POST else redirect("binding:evidence", request.school.slug)
        except TooMany:
            form.add_error("files", forms.too_many_files())
        except InvalidMove:
            messages.warning(request, NO_EVIDENCE_NOW)
            return redirect("binding:sign", request.school.slug)
    return render(
        request, "binding/apply_evidence.html", {"form": form, "application": application, "progress": request.progress}
    )


@step()
def evidence_file(request, pk):
    if request.progress.is_restricted:
        raise Http404
    own = Evidence.objects.of_family(request.user.student)
    found = get_object_or_404(own, pk=pk)
    return inert(found.read(), found.content_type, f"evidence-{pk}")


@require_POST
@can_apply
def evidence_remove(request, pk):
    own = Evidence.objects.of_family(request.user.student).select_related("application")
    try:
        remove_evidence(evidence=get_object_or_404(own, pk=pk), by=request.user)
    except Incomplete:
        messages.warning(request, _("至少要留一份證明文件。請先上傳新的，再移除舊的。"))
    except InvalidMove:
        messages.warning(request, NO_EVIDENCE_NOW)
    return redirect("binding:evidence", request.school.slug)
