import time

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import login_flow, passwords, reauthentication, sessions
from accounts.forms import PasswordChangeForm


@login_flow.before_login_is_complete
@never_cache
@sensitive_post_parameters()
def change_password(request, school_slug=None):
    """第一次登入請先變更密碼: the first change and every later one, under the URL of the user's own part of the site."""
    if request.path != login_flow.password_url_of(request.user):
        raise Http404
    owed = login_flow.next_step_of(request.user)
    if owed and owed != request.path:
        return redirect(owed)
    request.school = request.user.school
    form = PasswordChangeForm(request.POST or None, user=request.user, asks_old=_asks_old(request))
    if request.method == "POST" and form.is_valid() and _old_one_fits(request, form):
        passwords.change_password(user=request.user, password=form.cleaned_data["new_password"])
        sessions.stay_logged_in(request, request.user)
        messages.success(request, _("密碼已經修改，下次請用新密碼登入。"))
        return redirect(request.session.pop("came_for", None) or login_flow.home_of(request.user))
    page = render(request, "accounts/password.html", {"form": form, "is_first": request.user.must_change_password})
    return login_flow.leads_to(page, request.session.get("came_for", ""))


def _asks_old(request):
    """The first change follows the log-in with the old password: a few minutes long nobody has to type it twice.

    Somebody else at this browser could change it then and only then; the account is new, its password known to the
    school, and a later change asks always.
    """
    since = time.time() - reauthentication.authenticated_at(request.session)
    return not (request.user.must_change_password and since < settings.FIRST_PASSWORD_MINUTES * 60)


def _old_one_fits(request, form):
    is_left_out = not form.fields["old_password"].required and not form.cleaned_data["old_password"]
    return is_left_out or reauthentication.fits(form, "old_password", request.user)
