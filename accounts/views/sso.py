"""Log-in with the single sign-on account, and coming back to one that was left."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import captchas, log_in, login_flow, sessions, sso_accounts
from accounts.forms import SSOCaptchaLoginForm, SSOLoginForm
from accounts.throttle import Paused
from accounts.views.mailbox import send_code
from accounts.views.portal import where_next
from core import emails
from core.one_time_links import LinkOver


@login_not_required
@never_cache
@sensitive_post_parameters()
def sso_login(request):
    form = _form_of(request)
    problem: object = ""
    if request.method == "POST" and "another" not in request.POST and form.is_valid():
        user, problem = _try(request, form)
        if user:
            sessions.enter(request, user)
            if login_flow.owes_code(user):
                send_code(request)
            return redirect(where_next(request, user))
    following = request.POST.get("next") or request.GET.get("next", "")
    context = {**_drawn(request, form), "problem": problem, "next": following}
    context["ran_out"] = sessions.ran_out(request.session)
    return login_flow.leads_to(render(request, "accounts/sso_login.html", context), following)


def _form_of(request):
    form_class = SSOCaptchaLoginForm if "captcha_key" in request.POST else SSOLoginForm
    return form_class(request.POST or None, initial={"account": request.session.get("login_hint", "")})


def _try(request, form):
    """(user, problem)."""
    has_captcha = "captcha" in form.fields
    if has_captcha and not form.captcha_fits(request):
        return None, "refused"
    email, password = form.cleaned_data["account"], form.cleaned_data["password"]
    try:
        return log_in.log_in_parent(email=email, password=password, is_human=has_captcha), "refused"
    except log_in.CaptchaWanted:
        return None, "captcha"
    except Paused as paused:
        return None, paused


def _drawn(request, form):
    """The form with a fresh captcha where the next attempt needs one; what was typed stays, but for the password."""
    account = emails.normalize(form["account"].value() or "")[:254]
    if not log_in.wants_captcha(account if form.is_bound else ""):
        return {"form": form}
    return {"form": SSOCaptchaLoginForm(initial={"account": account}), "captcha": captchas.hand_out(request)}


@never_cache
@sensitive_post_parameters()
@login_not_required
def come_back(request):
    token = request.POST.get("token") or request.GET.get("token", "")
    closure = sso_accounts.find_closure(token)
    if closure and request.method == "POST":
        try:
            sso_accounts.come_back(closure=closure)
            messages.success(request, _("帳號已恢復，請登入。"))
            return redirect("accounts:sso-login")
        except LinkOver:
            closure = None
    return render(request, "accounts/come_back.html", {"found": closure, "token": token})
