"""What clients call themselves, without a browser: token, userinfo, introspection, revocation."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from oauth2_provider.models import get_access_token_model, get_refresh_token_model
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from core.one_time_links import digest_of
from oidc import pairwise
from oidc.models import Authorization
from oidc.sign_ons import is_too_old
from oidc.validator import Validator, may_sign_in


def answer(request, headers, body, status):
    """As oauthlib says it, and never kept by anybody on the way."""
    response = HttpResponse(body or "", status=status)
    for name, value in headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    if status == 401 and request.META.get("HTTP_AUTHORIZATION", "").startswith("Basic "):
        response["WWW-Authenticate"] = f'Basic realm="{settings.SITE_URL}"'
    return response


@csrf_exempt
@login_not_required
@require_POST
@sensitive_post_parameters()
def token(request):
    _address, headers, body, status = get_oauthlib_core().create_token_response(request)
    return answer(request, headers, body, status)


@csrf_exempt
@login_not_required
@require_POST
@sensitive_post_parameters()
def revoke(request):
    try:
        _address, headers, body, status = get_oauthlib_core().create_revocation_response(request)
    except errors.OAuth2Error as error:
        headers, body, status = error.headers, error.json, error.status_code
    return answer(request, headers, body, status)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def userinfo(request):
    """The claims as of now. A token in the address would stand in logs: it is not looked at."""
    if "access_token" in request.GET:
        error = errors.InvalidRequestError(description="The access token belongs in the header.")
        return answer(request, {"Content-Type": "application/json"}, error.json, 400)
    _address, headers, body, status = get_oauthlib_core().create_userinfo_response(request)
    return answer(request, headers, body, status)


@csrf_exempt
@login_not_required
@require_POST
@sensitive_post_parameters()
def introspect(request):
    """Is this token good (RFC 7662)? Told to its own client, and to resource servers of the city."""
    try:
        client = authenticated_client(request)
    except errors.OAuth2Error as error:
        return answer(request, error.headers, error.json, error.status_code)
    text = request.POST.get("token", "")
    if not text:
        missing = errors.InvalidRequestError(description="Missing token parameter.")
        return answer(request, {"Content-Type": "application/json"}, missing.json, 400)
    response = JsonResponse(
        facts_of_access_token(text, client) or facts_of_refresh_token(text, client) or {"active": False}
    )
    response["Cache-Control"] = "no-store"
    return response


def authenticated_client(request):
    core = get_oauthlib_core()
    address, method, body, headers = core._extract_params(request)
    asking = Request(address, method, body, headers)
    if not Validator().authenticate_client(asking):
        raise errors.InvalidClientError(request=asking)
    return asking.client


def facts_of_access_token(text, client):
    found = get_access_token_model().objects.filter(token_checksum=digest_of(text))
    found = found.select_related("application", "user__sso_account").first()
    if found is None or found.is_expired():
        return None
    return facts(found, client, token_type="Bearer", expires=found.expires)  # noqa: S106


def facts_of_refresh_token(text, client):
    found = get_refresh_token_model().objects.filter(token_checksum=digest_of(text), revoked__isnull=True)
    found = found.select_related("application", "user__sso_account", "access_token").first()
    if found is None or found.access_token is None:
        return None
    family = Authorization.objects.live().select_related("sign_on").filter(pk=found.token_family).first()
    if family is None or is_too_old(family.sign_on):
        return None
    return facts(found, client, scope=family.scope)


def facts(found, client, *, expires=None, **more):
    is_told = client.may_introspect_all or found.application == client
    if not is_told or not found.application.is_active or not may_sign_in(found.user):
        return None
    told = {
        "active": True,
        "iss": settings.SITE_URL,
        "client_id": found.application.client_id,
        "sub": pairwise.subject(found.user, client),
        "iat": int(found.created.timestamp()),
        "scope": more.pop("scope", None) or found.scope,
        **more,
    }
    if expires:
        told["exp"] = int(expires.timestamp())
    return told
