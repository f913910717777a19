"""Authorization: who is there, is it fresh enough, do they agree; then a code."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.openid.connect.core.exceptions import ConsentRequired, InteractionRequired, LoginRequired

from accounts import login_flow
from audit import log
from core import emails
from oidc import claims, csp_form_action, sign_ons
from oidc.models import Connection
from oidc.requests import AuthorizationRequest, error_address
from oidc.scopes import WORDS
from registry.access import parent_only
from registry.roles import AccountKind

CAME_FOR = "came_for"
LOGIN_HINT = "login_hint"


class SeeOther(HttpResponseRedirect):
    """A redirect that never repeats a POST, as RFC 9700 4.12 wants it."""

    status_code = 303


def answering(view):
    """Errors go to the client when its address is its own, and onto a page of ours when it is not."""

    def answered(request):
        try:
            return view(request)
        except errors.FatalClientError as error:
            return render(request, "oidc/unknown_client.html", {"error": error}, status=400)
        except errors.OAuth2Error as error:
            return SeeOther(error_address(error))
        except sign_ons.SessionEnded:
            return redirect("accounts:sso-login")

    return answered


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
@answering
def authorize(request):
    """A POST from another site brings no session along (SameSite): it is asked to come again by GET."""
    if request.method == "POST":
        return SeeOther(f"{request.path}?{request.POST.urlencode()}")
    asked = AuthorizationRequest.read(request.GET)
    speak(request, asked)
    response = next_step(request, asked)
    if asked.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        remember_language(response, asked.language)
    return response


def next_step(request, asked):
    """Log in, or the next step of the log-in, or agree, or the code: in this order."""
    user = request.user
    is_parent = user.is_authenticated and user.kind == AccountKind.PARENT
    if not is_parent or asked.wants_new_login(request.session):
        return to_login(request, asked)
    if not asked.is_about(user):
        if asked.was_answered(request.session):
            raise refusal(LoginRequired, asked)
        return to_login(request, asked)
    if owed := login_flow.next_step_of(user):
        if asked.is_silent:
            raise refusal(InteractionRequired, asked)
        request.session[CAME_FOR] = asked.address
        return redirect(owed)
    if asks_consent(user, asked):
        if asked.is_silent:
            raise refusal(ConsentRequired, asked)
        return consent_page(request, asked)
    return grant(request, asked)


def to_login(request, asked):
    if asked.is_silent:
        raise refusal(LoginRequired, asked)
    if hint := asked.query.get("login_hint"):
        request.session[LOGIN_HINT] = emails.normalize(hint)[: emails.LONGEST]
    return redirect(f"{reverse('accounts:sso-login')}?{urlencode({'next': asked.address_after_login()})}")


def refusal(error, asked):
    return error(request=asked.credentials["request"])


def asks_consent(user, asked):
    if "consent" in asked.prompts:
        return True
    if asked.client.skip_authorization:
        return False
    connection = Connection.objects.filter(user=user, client=asked.client).first()
    return connection is None or not connection.covers(asked.scopes)


def consent_page(request, asked):
    context = {
        "client": asked.client,
        "scopes": [WORDS[scope] for scope in asked.scopes],
        "sealed": asked.seal(request.user),
    }
    response = render(request, "oidc/consent.html", context)
    return csp_form_action.allow_onwards(response, asked.credentials["redirect_uri"])


@never_cache
@require_POST
@parent_only
@answering
def consent(request):
    """同意並繼續, 不同意: on the very request that was shown."""
    try:
        asked = AuthorizationRequest.unseal(request.POST.get("request", ""), request.user)
    except signing.BadSignature as error:
        raise BadRequest from error
    if request.POST.get("answer") != "allow":
        raise refusal(errors.AccessDeniedError, asked)
    return grant(request, asked)


@transaction.atomic
def grant(request, asked):
    """Connect the service, and send the parent back to it with a code."""
    user = request.user
    connect(user, asked)
    authorization = sign_ons.authorize(request, client=asked.client, scopes=asked.scopes, amr=claims.amr_of(user))
    request.session.pop(LOGIN_HINT, None)
    return SeeOther(asked.create_code(user, authorization))


def connect(user, asked):
    connection, is_new = Connection.objects.select_for_update(of=("self",)).get_or_create(
        user=user, client=asked.client, defaults={"scope": " ".join(asked.scopes)}
    )
    widened = [scope for scope in WORDS if scope in {*connection.scopes, *asked.scopes}]
    if is_new or widened != connection.scopes:
        log.record("service.connected", by=user, target=asked.client, data={"scopes": widened})
    connection.scope, connection.last_used_at = " ".join(widened), timezone.now()
    connection.save(update_fields=["scope", "last_used_at"])


def speak(request, asked):
    """ui_locales decides for who has chosen no language here."""
    if asked.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(asked.language)
        request.LANGUAGE_CODE = asked.language


def remember_language(response, language):
    """Until the browser is closed: it was the client's choice, not the parent's."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
