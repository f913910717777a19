"""撤回同意的確認: the family's account asked; who is bound decides for the own binding, here or by the mailed link."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import reauthentication, sessions
from accounts.forms import OwnPasswordForm
from binding.actions.ending import end_by_withdrawn_consent
from binding.actions.withdrawal import LinkOver, find_answer, keep_binding
from binding.models import WithdrawalAnswer
from registry.access import parent_only, public_school_page
from registry.roles import AccountKind


@never_cache
@sensitive_post_parameters()
@parent_only
def withdrawal(request, pk):
    """By the own account; agreeing asks for the own password, as unbinding does."""
    answer = _own(request, pk)
    if not (answer.withdrawal.is_open and answer.state == answer.State.WAITING):
        messages.info(request, _("這件事已經有結果了，不必再答覆。"))
        return redirect("binding:sso-home")
    is_keeping = request.POST.get("answer") == "keep"
    form = OwnPasswordForm(request.POST if request.method == "POST" and not is_keeping else None)
    if is_keeping or (form.is_valid() and reauthentication.fits(form, "password", request.user)):
        return _decide(request, answer, is_keeping)
    return render(request, "binding/withdrawal.html", {"form": form, "answer": answer})


def _own(request, pk):
    answers = WithdrawalAnswer.objects.filter(binding__account=request.user.sso_account)
    answers = answers.select_related("withdrawal", "binding__account__user", "binding__student__school")
    return get_object_or_404(answers.select_related("binding__student__school_class"), pk=pk)


def _decide(request, answer, is_keeping):
    try:
        words = _answer(answer, is_keeping, how="account")
        sessions.stay_logged_in(request, request.user)
        messages.success(request, words)
    except LinkOver:
        messages.info(request, _("這件事已經有結果了，不必再答覆。"))
    return redirect("binding:sso-home")


@never_cache
@sensitive_post_parameters()
@public_school_page
def by_link(request):
    """The link from the mail. Opening it uses nothing up: a mail scanner may have been here first."""
    token = request.POST.get("token") or request.GET.get("token", "")
    answer = find_answer(token)
    said = ""
    if answer and _is_somebody_else(request.user, answer):
        answer = None
    if answer and request.method == "POST" and request.POST.get("answer") in ("agree", "keep"):
        try:
            said = _answer(answer, request.POST["answer"] == "keep", how="link")
        except LinkOver:
            answer = None
    context = {"found": answer, "token": token, "is_done": said}
    return render(request, "binding/withdrawal_link.html", context)


def _is_somebody_else(user, answer):
    """Another parent's session: the link was written to the person bound alone."""
    is_parent = user.is_authenticated and user.kind == AccountKind.PARENT
    return is_parent and user.pk != answer.binding.account.user_id


def _answer(answer, is_keeping, *, how):
    """Carry it out as the person bound; what became of it, in words."""
    owner = answer.binding.account.user
    if is_keeping:
        keep_binding(answer=answer, how=how, by=owner)
        return _("已維持您和孩子的綁定。")
    end_by_withdrawn_consent(answer=answer, how=how, by=owner)
    return _("已解除您和孩子的綁定，並寄信到您的信箱。")
