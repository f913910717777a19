"""Log-in with the single sign-on account."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import actions, sessions
from accounts.forms import SSOLoginForm
from accounts.oidc import way_back
from accounts.throttle import Paused
from accounts.views.portal import where_next


@login_not_required
@never_cache
@sensitive_post_parameters()
def sso_login(request):
    form = SSOLoginForm(request.POST or None, initial={"account": request.session.get("login_hint", "")})
    problem: object = ""
    if request.method == "POST" and form.is_valid():
        problem = "refused"
        try:
            user = actions.log_in_parent(
                email=form.cleaned_data["account"], password=form.cleaned_data["password"]
            )
        except Paused as paused:
            user, problem = None, paused
        if user:
            sessions.enter(request, user)
            return redirect(where_next(request, user))
    following = request.POST.get("next") or request.GET.get("next", "")
    context = {"form": form, "problem": problem, "next": following}
    return way_back.allow_after(render(request, "accounts/sso_login.html", context), following)
