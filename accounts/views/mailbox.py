"""What a parent does with a mail from us: type its code, open its link, ask for another one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import email_tokens, login_flow, passwords, sessions, throttle
from accounts.forms import CodeForm, FamilyForgottenForm, ForgottenForm, LinkPasswordForm
from accounts.tasks import mail_portal_way_in, mail_way_in
from core import crypto
from registry.access import public_school_page


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
            words = ngettext(
                "輸入錯誤太多次，請等 %(minutes)d 分鐘再試。",
                "輸入錯誤太多次，請等 %(minutes)d 分鐘再試。",
                paused.minutes,
            ) % {"minutes": paused.minutes}
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


@never_cache
@public_school_page
def family_forgotten(request):
    """One neutral answer for every account; whether there are parents to write to, the worker finds out."""
    form = FamilyForgottenForm(request.POST or None, initial={"account": request.GET.get("account", "")[:60]})
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        account = form.cleaned_data["account"]
        try:
            throttle.consume("portal-forgotten", f"{request.school.pk}/{account}")
            mail_portal_way_in.enqueue(request.school.pk, crypto.encrypt(account))
        except throttle.Paused:
            pass  # the answer is the same
    return render(request, "accounts/family_forgotten.html", {"form": form, "is_sent": is_sent})


@login_not_required
@never_cache
@sensitive_post_parameters()
def set_password(request):
    """The link from the mail. Opening it uses nothing up: a mail scanner may have been here first."""
    found = email_tokens.find_link(_token(request))
    return _set_password(request, found, "accounts/set_password.html")


@never_cache
@sensitive_post_parameters()
@public_school_page
def set_family_password(request):
    """The same for a family's account, from the mail to a bound parent."""
    found = email_tokens.find_portal_link(_token(request), request.school)
    return _set_password(request, found, "accounts/family_set_password.html")


def _token(request):
    return (request.POST.get("token") or request.GET.get("token", ""))[:100]


def _set_password(request, found, template):
    """Who sets a password here is logged in by it.

    Typing it once more would prove nothing: the link showed that the mailbox is theirs, works once, and the password
    was chosen in this browser a moment ago. What else an account asks for, a second factor, still comes next. The page
    says whose account it is, so that nobody is led into somebody else's by a link.
    """
    form = None
    if found:
        form = LinkPasswordForm(request.POST or None, user=found.user, initial={"token": _token(request)})
        if request.method == "POST" and form.is_valid():
            if passwords.set_password_by_link(token=found, password=form.cleaned_data["new_password"]):
                found.user.refresh_from_db()
                sessions.enter(request, found.user)
                messages.success(request, _("密碼已經設定，您已登入。下次請用新密碼登入。"))
                return redirect(login_flow.home_of(found.user))
            found = None
    response = render(request, template, {"form": form, "found": found})
    response["Referrer-Policy"] = "strict-origin"  # "no-referrer" would send the form without its origin
    return response
