"""How long a session still lasts, a little longer when asked, and what was sent when it was over."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import login_flow, saved_post, sessions


@login_flow.before_login_is_complete
@never_cache
def stay(request):
    """The warning on an open page asks by POST to stay; by GET, after another log-in, how things stand.

    A page left open goes on with the token of the new session, when the same person came back.
    """
    if request.method == "POST":
        sessions.stay(request.session)
    return JsonResponse(
        {
            "seconds": max(0, round(sessions.seconds_left(request.session))),
            "person": sessions.tell_apart(request.user),
            "token": get_token(request),
        }
    )


@never_cache
@require_GET
def saved_post_page(request):
    """您剛才送出的內容還沒有存檔: send it again, or go back to the page."""
    found = saved_post.take_out(request)
    if found is None:
        return redirect(login_flow.home_of(request.user))
    request.school = request.user.school
    context = {"saved": found, "home": login_flow.home_of(request.user)}
    return login_flow.leads_to(render(request, "accounts/saved_post.html", context), found.url)
