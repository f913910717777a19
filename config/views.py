"""Health, and the pages for when something went wrong."""

from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts import login_flow
from registry.access import find_school


@never_cache
@login_not_required
def health(request):
    """200 when the process answers and its database does too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def csrf_failure(request, reason=""):
    """Mostly a page that was open too long, or a browser that lost its cookies: back to the log-in of this page."""
    match = request.resolver_match
    if "school_slug" in match.kwargs:
        with suppress(Http404):
            request.school = find_school(request, match.kwargs["school_slug"])
    return render(request, "csrf.html", {"login_url": login_flow.login_url_for(match)}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)
