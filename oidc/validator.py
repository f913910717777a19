"""What oauthlib asks about clients, codes and tokens; the library answers most of it, here is the rest."""

import base64
import binascii
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauthlib.oauth2.rfc6749 import errors

from accounts import throttle
from accounts.backends import is_welcome
from audit import context
from core.one_time_links import digest_of
from oidc import claims, keys, pairwise, sign_ons
from oidc.models import Authorization, Grant
from oidc.scopes import WORDS
from registry.roles import AccountKind


class TooManyFailures(errors.OAuth2Error):
    """Wrong secrets again and again from one address."""

    error = "temporarily_unavailable"
    status_code = 429


class Replayed(Exception):
    """A code or a refresh token was used before."""


class Validator(OAuth2Validator):
    # Clients

    def authenticate_client(self, request, *args, **kwargs):
        """By one of two secrets, in the header or in the body. A public client has none to show."""
        client_id, secret = self._shown_credentials(request)
        client = self._load_application(client_id, request) if client_id and secret else None
        if client and client.is_confidential and client.secret_fits(secret):
            return True
        request.client = None
        self._count_failure(client_id)
        return False

    def _load_application(self, client_id, request):
        """PostgreSQL takes no NUL in a text, and no client has one in its name."""
        return None if "\0" in (client_id or "") else super()._load_application(client_id, request)

    def _shown_credentials(self, request):
        """(client_id, secret), or two empty ones when they are shown twice or can't be read."""
        in_header, in_body = self._extract_basic_auth(request), request.client_secret
        if not in_header:
            return request.client_id or "", in_body or ""
        try:
            text = base64.b64decode(in_header, validate=True).decode()
        except (binascii.Error, ValueError):
            return "", ""
        client_id, _colon, secret = (unquote_plus(part) for part in text.partition(":"))
        if in_body or (request.client_id and request.client_id != client_id):
            return "", ""
        return client_id, secret

    def _count_failure(self, client_id):
        """The right secret is never paused: it can't be guessed, and a stranger must not shut a client out."""
        try:
            throttle.consume("client", f"{client_id[:255]}|{context.current().ip_address}", from_anywhere=True)
        except throttle.Paused:
            raise TooManyFailures from None

    def get_default_redirect_uri(self, client_id, request, *args, **kwargs):
        """OpenID Connect has none: the address is always named."""
        return

    # Authorization

    def validate_scopes(self, client_id, scopes, client, request, *args, **kwargs):
        """Unknown scopes are ignored, as OpenID Connect Core 3.1.2.1 says; those beyond the trust are refused."""
        request.scopes = [scope for scope in WORDS if scope in scopes]
        return "openid" in request.scopes and set(request.scopes) <= set(client.scopes)

    def validate_silent_login(self, request):
        """Asked by the page, which knows the session (oidc.views.authorize)."""
        return True

    def validate_silent_authorization(self, request):
        return True

    def _create_authorization_code(self, request, code, expires=None):
        """Only a digest of the code is kept."""
        lifetime = timedelta(seconds=oauth2_settings.AUTHORIZATION_CODE_EXPIRE_SECONDS)
        return Grant.objects.create(
            application=request.client,
            user=request.user,
            authorization=request.authorization,
            code=digest_of(code["code"]),
            expires=timezone.now() + lifetime,
            redirect_uri=request.redirect_uri,
            scope=" ".join(request.scopes),
            code_challenge=request.code_challenge,
            code_challenge_method=request.code_challenge_method,
            nonce=request.nonce or "",
        )

    # The code

    def validate_code(self, client_id, code, client, request, *args, **kwargs):
        grant = (
            Grant.objects.select_related("authorization__sign_on", "user__sso_account")
            .filter(code=digest_of(code), application=client)
            .first()
        )
        if grant is None:
            return False
        if grant.used_at:
            sign_ons.end_replayed(grant.authorization, what="code")
            return False
        if grant.is_expired() or grant.authorization.ended_at or not may_sign_in(grant.user):
            return False
        request.grant, request.authorization = grant, grant.authorization
        request.user, request.scopes = grant.user, grant.scope.split()
        return True

    def get_code_challenge(self, code, request):
        return request.grant.code_challenge

    def get_code_challenge_method(self, code, request):
        return request.grant.code_challenge_method

    def confirm_redirect_uri(self, client_id, code, redirect_uri, client, request, *args, **kwargs):
        return request.grant.redirect_uri_allowed(redirect_uri)

    def get_authorization_code_nonce(self, client_id, code, redirect_uri, request):
        return request.grant.nonce or None

    def invalidate_authorization_code(self, client_id, code, request, *args, **kwargs):
        """Done by `save_bearer_token`, under the same lock as the tokens."""

    # Tokens

    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs):
        """The library finds the token and revokes the family of a used one; the sign-on has its say too."""
        is_valid = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        if not is_valid:
            sign_ons.note_reuse(refresh_token)
            return False
        request.authorization = (
            Authorization.objects.live()
            .select_related("sign_on__user__sso_account")
            .filter(pk=request.refresh_token_instance.token_family)
            .first()
        )
        if request.authorization is None or sign_ons.is_too_old(request.authorization.sign_on):
            return False
        request.user = request.authorization.sign_on.user
        return may_sign_in(request.user)

    def save_bearer_token(self, token, request, *args, **kwargs):
        """Mint under a lock on the authorization: of fifty uses of one code or token, one at most gets through."""
        try:
            with transaction.atomic():
                self._claim(request)
                self._save_bearer_token(token, request, *args, **kwargs)
        except Replayed:
            sign_ons.end_replayed(request.authorization, what=request.grant_type)
            raise errors.InvalidGrantError(request=request) from None

    def _claim(self, request):
        locked = Authorization.objects.select_for_update(no_key=True).get(pk=request.authorization.pk)
        if locked.ended_at:
            raise errors.InvalidGrantError(request=request)
        if request.grant_type == "authorization_code":
            unused = Grant.objects.filter(pk=request.grant.pk, used_at__isnull=True)
            if not unused.update(used_at=timezone.now()):
                raise Replayed
        else:
            request.refresh_token_instance.refresh_from_db(fields=["revoked"])
            if request.refresh_token_instance.revoked:
                raise Replayed

    def _check_and_set_request_resource(self, request):
        """There are no resource indicators (RFC 8707) here."""
        request.resource = []

    def _create_refresh_token(self, request, refresh_token_code, access_token, previous_refresh_token):
        """Every refresh token of one authorization bears its key as `token_family`."""
        family = previous_refresh_token or SimpleNamespace(token_family=request.authorization.pk)
        return super()._create_refresh_token(request, refresh_token_code, access_token, family)

    def _load_access_token(self, token):
        return (
            get_access_token_model()
            .objects.select_related("application", "user__sso_account")
            .filter(token_checksum=digest_of(token))
            .first()
        )

    def validate_bearer_token(self, token, scopes, request):
        """A token is worth what its owner's account is, at every use."""
        return super().validate_bearer_token(token, scopes, request) and may_sign_in(request.user)

    def validate_jwt_bearer_token(self, token, scopes, request):
        """An id_token says who came; it opens nothing."""
        return False

    validate_id_token = validate_jwt_bearer_token

    # Claims

    def finalize_id_token(self, id_token, token, token_handler, request):
        """Who, when and how; what else there is to know is at userinfo, where it is as of now."""
        authorization, now = request.authorization, int(timezone.now().timestamp())
        id_token |= {
            "iss": settings.SITE_URL,
            "sub": pairwise.subject(request.user, request.client),
            "aud": request.client.client_id,
            "iat": now,
            "exp": now + oauth2_settings.ID_TOKEN_EXPIRE_SECONDS,
            "auth_time": int(authorization.authenticated_at.timestamp()),
            "acr": claims.acr_of(authorization.amr),
            "amr": authorization.amr.split(),
            "sid": authorization.sign_on.sid,
        }
        return keys.sign(id_token)

    def _load_id_token(self, token):
        """No row is kept of an id_token: its signature and its `sid` say all that log-out needs."""
        return

    def get_userinfo_claims(self, request):
        return claims.about(request.user, client=request.client, scopes=request.scopes)


def may_sign_in(user):
    return user.is_active and user.kind == AccountKind.PARENT and is_welcome(user)
