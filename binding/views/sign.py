"""Step 3: 同意簽署回傳 – send, then follow the review."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from binding.actions import application as actions
from binding.family_rows import earlier_bindings, last_bindings
from binding.progress import PILLS, Progress
from binding.steps import step
from core.states import InvalidMove

can_sign = step(Progress.check_can_sign)


@can_sign
def sign(request):
    application = request.progress.application
    if request.method == "POST":
        try:
            actions.send(application=application, by=request.user)
            messages.success(request, _("申請已送出。請把簽名的申請書交給導師，導師審核後會寄信通知。"))
        except actions.Incomplete:
            messages.warning(request, _("申請內容有變動，請先確認後再送出。"))
            return redirect("binding:check", request.school.slug)
        except InvalidMove:
            messages.info(request, _("這份申請已經審核完成。"))
        return redirect("binding:sign", request.school.slug)
    context = {
        "application": application,
        "progress": request.progress,
        "pills": PILLS,
        "bindings": [] if request.progress.is_restricted else earlier_bindings(application),
        "own_bindings": last_bindings(application),
    }
    return render(request, "binding/sign.html", context)


@can_sign
def withdraw(request):
    """撤回申請: asked once more before it is done."""
    application = request.progress.application
    if request.method == "POST":
        try:
            actions.withdraw(application=application, by=request.user)
            messages.success(request, _("申請已撤回。需要時可以重新申辦。"))
        except InvalidMove:
            messages.warning(request, _("導師已經審核完成，不能撤回。"))
        return redirect("binding:tasks", request.school.slug)
    return render(request, "binding/withdraw.html", {"application": application})
