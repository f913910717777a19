"""Pages that clients open with an access token (RFC 6750), and how they are refused."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from oauth2_provider.oauth2_backends import get_oauthlib_core

PROBLEM = "application/problem+json"
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
}


def bearer_only(scope):
    """Open to clients with an access token of `scope`; sets `request.user` and `request.client`.

    The same look as userinfo takes: the token lives, its sign-on was not ended, the account is open. What the city no
    longer trusts the client with, and a client that was switched off, opens nothing.
    """

    def decorate(view):
        @csrf_exempt
        @login_not_required
        @wraps(view)
        @sensitive_variables()
        def opened(request, *args, **kwargs):
            response = refusal_of(request, scope) or view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["Authorization"])
            return response

        return opened

    return decorate


def refusal_of(request, scope):
    """The answer to who may not come in, or None."""
    if request.method not in ("GET", "HEAD"):
        response = problem(405, "Only GET and HEAD work here.")
        response["Allow"] = "GET, HEAD"
        return response
    if "access_token" in request.GET:
        return refused(400, "invalid_request", "The access token belongs in the header.")
    if not request.headers.get("Authorization", "").lower().startswith("bearer "):
        return refused(401, None, "An access token is needed.")
    is_valid, asked = get_oauthlib_core().verify_request(request, scopes=[scope])
    if not is_valid:
        error = (getattr(asked, "oauth2_error", None) or {}).get("error", "invalid_token")
        if error == "insufficient_scope":
            return refused(403, error, f"The scope {scope} is needed.", scope=scope)
        return refused(401, "invalid_token", "The access token is over, or not one of ours.")
    if not asked.client.is_active or scope not in asked.client.scopes:
        return refused(403, "insufficient_scope", f"The scope {scope} is needed.", scope=scope)
    request.user, request.client = asked.user, asked.client
    return None


def refused(status, error, detail, **more):
    """Who shows no token is told of no error, as RFC 6750 3.1 asks."""
    facts = {"realm": settings.SITE_URL}
    if error:
        facts |= {"error": error, "error_description": detail, **more}
    response = problem(status, detail, **({"error": error} if error else {}))
    response["WWW-Authenticate"] = "Bearer " + ", ".join(f'{name}="{text}"' for name, text in facts.items())
    return response


def problem(status, detail, **more):
    """RFC 9457: for programs, in English."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type=PROBLEM)
