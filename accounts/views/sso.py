"""Log-in with the single sign-on account, and coming back to one that was left."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import log_in, login_flow, sso_accounts
from accounts.doors import Door
from accounts.forms import SSOLoginForm
from accounts.views.mailbox import send_code
from core import emails
from core.one_time_links import LinkOver


@login_not_required
@never_cache
@sensitive_post_parameters()
def sso_login(request):
    door = Door(
        role="parent",
        form_class=SSOLoginForm,
        template="accounts/sso_login.html",
        log_in=lambda account, **typed: log_in.log_in_parent(email=account, **typed),
        wants_captcha=lambda account: log_in.parent_wants_captcha(emails.normalize(account)),
        account=request.session.get("login_hint", ""),
    )
    return door.answer(request, _prove_mailbox)


def _prove_mailbox(request, user):
    if login_flow.owes_code(user):
        send_code(request)


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
