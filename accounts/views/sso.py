"""Log-in with the single sign-on account."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import actions
from accounts.forms import SSOLoginForm
from accounts.throttle import Paused
from accounts.views.portal import where_next


@login_not_required
@never_cache
@sensitive_post_parameters()
def sso_login(request):
    form = SSOLoginForm(request.POST or None)
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
            login(request, user, backend="accounts.backends.AccountBackend")
            return redirect(where_next(request, user))
    following = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "accounts/sso_login.html", {"form": form, "problem": problem, "next": following})
