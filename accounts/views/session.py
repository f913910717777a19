"""How long a session still lasts, a little longer when asked, and what was sent when it was over."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import doors, sessions, unsent
from accounts.oidc import way_back


@doors.is_before_the_door
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
def unsent_page(request):
    """您剛才送出的內容還沒有存檔: send it again, or go back to the page."""
    found = unsent.take_out(request)
    if found is None:
        return redirect(doors.home_of(request.user))
    request.school = request.user.school
    context = {"unsent": found, "home": doors.home_of(request.user)}
    return way_back.allow_again(render(request, "accounts/unsent.html", context), found.address)
