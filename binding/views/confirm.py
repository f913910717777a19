"""Step 1: 確認學生相關資訊."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from binding.actions import confirmation
from binding.correction_forms import CorrectionForm
from binding.forms import ConfirmationForm
from binding.models import DataConfirmation
from binding.steps import onward, step
from registry.waiting_files import Waiting


@step()
def confirm(request):
    student = request.user.student
    form = ConfirmationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirmation.confirm_data(student=student, seen=form.cleaned_data["seen"], by=request.user)
        except confirmation.DataChanged:
            messages.warning(request, _("學校剛剛更新了學生資料，請再看一次。"))
            return redirect("binding:confirm", request.school.slug)
        return onward(request)
    seen = confirmation.fingerprint_of(DataConfirmation.facts_of(student))
    return render(
        request, "binding/confirm.html", {"form": form, "student": student, "seen": seen, "progress": request.progress}
    )


@step()
def correction(request):
    """資訊有誤: tell the registrar."""
    open_request = request.progress.open_correction
    kept = open_request.message if open_request and request.progress.is_restricted else ""
    initial = {**open_request.proposed, "message": "" if kept else open_request.message} if open_request else None
    waiting = Waiting(request, "proof", "correction")
    form = CorrectionForm(request.POST or None, waiting.files, student=request.user.student, initial=initial)
    if request.method == "POST" and form.is_valid():
        confirmation.request_correction(
            student=request.user.student,
            proposed=form.proposed(),
            message=form.cleaned_data["message"] or kept,
            proof=form.cleaned_data["proof"],
            by=request.user,
        )
        waiting.let_go()
        messages.success(request, _("已送出更正申請。"))
        return redirect("binding:tasks", request.school.slug)
    waiting.keep(form)
    context = {"form": form, "student": request.user.student, "open_request": open_request}
    return render(request, "binding/correction.html", context)
