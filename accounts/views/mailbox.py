"""What a parent does with a mail from us: type its code, open its link, ask for another one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import email_tokens, login_flow, passwords, throttle
from accounts.forms import CodeForm, ForgottenForm, LinkPasswordForm
from accounts.tasks import mail_way_in
from core import crypto


@login_flow.before_login_is_complete
@never_cache
def code(request):
    """The second half of the first log-in: the number is known to others, the mailbox only to its owner."""
    _check_is_owed(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = throttle.consume("code", request.user.pk)
            email_tokens.try_code(user=request.user, code=form.cleaned_data["code"])
            throttle.clear(attempt)
            return redirect(login_flow.next_step_of(request.user) or login_flow.home_of(request.user))
        except throttle.Paused as paused:
            words = _("輸入錯誤太多次，請等 %(minutes)d 分鐘再試。") % {"minutes": paused.minutes}
            form.add_error("code", words)
        except email_tokens.WrongCode as wrong:
            form.add_error(
                "code", _("這個驗證碼不能用了，請重新寄一封。") if wrong.is_over else _("驗證碼不正確，請再看一次信。")
            )
    return render(request, "accounts/code.html", {"form": form})


@require_POST
@login_flow.before_login_is_complete
def code_send(request):
    _check_is_owed(request)
    if send_code(request):
        return redirect("accounts:sso-code")
    page = render(request, "accounts/code.html", {"form": CodeForm()}, status=429)
    page["Retry-After"] = str(email_tokens.BETWEEN_CODES.seconds)
    return page


def send_code(request):
    """Mail the code for the first log-in; too soon after the last one it says so. Returns whether it was mailed."""
    try:
        email_tokens.send_code(request.user)
        messages.success(request, _("驗證碼已寄到您的電子郵件，請收信。"))
        return True
    except email_tokens.TooSoon:
        messages.info(request, _("剛剛已經寄過驗證碼。請先收信，也看看垃圾信件匣；一分鐘後可以再寄。"))
        return False


def _check_is_owed(request):
    if not login_flow.owes_code(request.user):
        raise Http404


@login_not_required
@never_cache
def forgotten(request):
    """One neutral answer for everybody; what is mailed, the worker decides."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            throttle.consume("forgotten", form.cleaned_data["account"])
            mail_way_in.enqueue(crypto.encrypt(form.cleaned_data["account"]), get_language())
        except throttle.Paused:
            pass  # the answer is the same
        return render(request, "accounts/forgotten_sent.html")
    return render(request, "accounts/forgotten.html", {"form": form})


@login_not_required
@never_cache
@sensitive_post_parameters()
def set_password(request):
    """The link from the mail. Opening it uses nothing up: a mail scanner may have been here first."""
    token = request.POST.get("token") or request.GET.get("token", "")
    found = email_tokens.find_link(token[:100])
    form = None
    if found:
        form = LinkPasswordForm(request.POST or None, user=found.user, initial={"token": token})
        if request.method == "POST" and form.is_valid():
            if passwords.set_password_by_link(token=found, password=form.cleaned_data["new_password"]):
                messages.success(request, _("密碼已經設定，請登入。"))
                return redirect("accounts:sso-login")
            found = None
    response = render(request, "accounts/set_password.html", {"form": form, "found": found})
    response["Referrer-Policy"] = "strict-origin"  # "no-referrer" would send the form without its origin
    return response
