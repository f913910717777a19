"""Step 3: 同意簽署回傳 – send, then follow the review."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from binding.actions import application as actions
from binding.family_rows import earlier_bindings, last_bindings
from binding.progress import Progress
from binding.steps import step
from core.states import InvalidMove

can_sign = step(Progress.check_can_sign)


@can_sign
def sign(request):
    """The last press before the teacher has it, and afterwards how far each applicant is."""
    application = request.progress.application
    if request.method == "POST":
        return _send(request, application)
    context = {
        "application": application,
        "progress": request.progress,
        "standing": request.standing,
        "bindings": [] if request.progress.is_restricted else earlier_bindings(application),
        "own_bindings": last_bindings(application),
    }
    return render(request, "binding/sign.html", context)


def _send(request, application):
    try:
        actions.send(application=application, by=request.user)
        return redirect("binding:sent", request.school.slug)
    except actions.Incomplete:
        messages.warning(request, _("申請內容有變動，還沒有送出。請再確認一次。"))
        return redirect("binding:check", request.school.slug)
    except InvalidMove:
        messages.info(request, _("這份申請已經審核完成。"))
        return redirect("binding:sign", request.school.slug)


@can_sign
def sent(request):
    """已送出: what was sent and when, who acts next, and what to do with the paper."""
    application = request.progress.application
    if not application.is_submitted:
        return redirect("binding:sign", request.school.slug)
    context = {"application": application, "progress": request.progress, "standing": request.standing}
    return render(request, "binding/sent.html", context)


@can_sign
def withdraw(request):
    """撤回申請: asked once more before it is done."""
    application = request.progress.application
    if request.method == "POST":
        try:
            actions.withdraw(application=application, by=request.user)
        except InvalidMove:
            messages.warning(request, _("導師已經審核完成，不能撤回。"))
        return redirect("binding:tasks", request.school.slug)
    return render(request, "binding/withdraw.html", {"application": application})
