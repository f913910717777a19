"""A door: the page where one logs in, whichever it is. Families, staff, the city and single sign-on have one each."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import captchas, login_flow, sessions
from accounts.forms import LoginForm, tidy
from accounts.log_in import CaptchaWanted, Refused
from accounts.models import User
from accounts.throttle import Paused


@dataclass(frozen=True)
class Door:
    """`log_in(account=, password=, is_human=)` and `wants_captcha(account)` are those of this kind of account."""

    role: str
    form_class: type[LoginForm]
    template: str
    log_in: Callable[..., User]
    wants_captcha: Callable[[str], bool]
    account: str = ""  # what the field begins with

    def answer(self, request, entered):
        """Draw the page, or lead on who logged in; `entered(request, user)` is done for them before."""
        if request.method != "POST" or "another" in request.POST:
            return self._draw(request, self._empty(request))
        form = self.form_class(request.POST, with_captcha="captcha_key" in request.POST)
        problem = None
        if form.is_valid() and (not form.has_captcha or form.captcha_fits(request)):
            try:
                data = form.cleaned_data
                user = self.log_in(account=data["account"], password=data["password"], is_human=form.has_captcha)
            except (CaptchaWanted, Refused, Paused) as reason:
                problem = reason
            else:
                sessions.enter(request, user)
                entered(request, user)
                return redirect(where_next(request, user))
        return self._draw(request, form, problem)

    def _empty(self, request):
        typed = request.POST.get("account") or request.GET.get("account") or self.account
        account = typed.replace("\0", "")[:254]
        return self.form_class(initial={"account": account}, with_captcha=self.wants_captcha(tidy(account)))

    def _draw(self, request, form, problem=None):
        """The account that was typed stays; the password goes, and so does an answered captcha: a new one is drawn.

        A form that came without a captcha is drawn with one where the next attempt needs it.
        """
        if form.is_bound:
            form.data = {**form.data.dict(), "captcha": ""}
            account = tidy(form.data.get("account", "").replace("\0", ""))[:254]
            if not form.has_captcha and self.wants_captcha(account) and not form.errors:
                form = self.form_class(initial={"account": account}, with_captcha=True)
        following = request.POST.get("next") or request.GET.get("next", "")
        context = {
            "form": form,
            "role": self.role,
            "problem": problem,
            "problem_kind": type(problem).__name__ if problem else "",
            "captcha": captchas.hand_out(request) if form.has_captcha else None,
            "next": following,
            "ran_out": sessions.ran_out(request.session),
        }
        return login_flow.leads_to(render(request, self.template, context), following)


def where_next(request, user):
    """The page someone came for, when it is ours and for such an account; else their home."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours and _is_open_to(user, wanted) else login_flow.home_of(user)


def _is_open_to(user, address):
    try:
        kind = login_flow.is_for(resolve(urlsplit(address).path))
    except Resolver404:
        return False
    return kind in (None, user.kind)
