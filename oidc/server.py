"""The two grants there are, code and refresh, with the checks that oauthlib leaves to others."""

import re

from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, ResourceEndpoint, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
NONCE_LENGTH = 255
UNSUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class NotSupported(errors.OAuth2Error):
    """A part of OpenID Connect that discovery says we have not."""

    def __init__(self, error, **kwargs):
        self.error = error
        super().__init__(**kwargs)


class Server(AuthorizationEndpoint, TokenEndpoint, ResourceEndpoint, RevocationEndpoint, UserInfoEndpoint):
    """No implicit, hybrid, password, client-credentials or device grant is there to be switched on by mistake."""

    def __init__(self, validator, token_expires_in=None, token_generator=None, refresh_token_generator=None, **_others):
        code = AuthorizationCodeGrant(validator)
        code.proxy_target._code_challenge_methods = {"S256": code.proxy_target._code_challenge_methods["S256"]}
        code.custom_validators.pre_auth.append(check_authorization_request)
        code.custom_validators.pre_token.append(check_code_request)
        refresh = RefreshTokenGrant(validator)
        bearer = BearerToken(validator, token_generator, token_expires_in, refresh_token_generator)
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", default_token_type=bearer, response_types={"code": code}
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            default_token_type=bearer,
            grant_types={"authorization_code": code, "refresh_token": refresh},
        )
        ResourceEndpoint.__init__(self, default_token="Bearer", token_types={"Bearer": bearer})  # noqa: S106
        RevocationEndpoint.__init__(self, validator)
        UserInfoEndpoint.__init__(self, validator)


def check_authorization_request(request):
    """What the library lets through to the database or answers too late."""
    if request.duplicate_params:
        raise errors.InvalidRequestError(description="A parameter is there twice.", request=request)
    for parameter, error in UNSUPPORTED.items():
        if parameter in dict(request.uri_query_params):
            raise NotSupported(error, request=request)
    if request.response_type not in (None, "code"):
        raise errors.UnsupportedResponseTypeError(request=request)
    if request.response_mode not in (None, "query"):
        raise errors.InvalidRequestError(description="The only response_mode is query.", request=request)
    if request.code_challenge is not None and not CHALLENGE.fullmatch(request.code_challenge):
        raise errors.InvalidRequestError(description="The code_challenge is not S256.", request=request)
    if request.code_challenge is not None and request.code_challenge_method != "S256":
        raise errors.UnsupportedCodeChallengeMethodError(request=request)
    if request.nonce and (len(request.nonce) > NONCE_LENGTH or "\0" in request.nonce):
        raise errors.InvalidRequestError(description="The nonce is too long.", request=request)
    if request.max_age is not None and not re.fullmatch(r"\d{1,9}", request.max_age):
        raise errors.InvalidRequestError(description="max_age is a number of seconds.", request=request)
    if request.claims is not None:
        request.claims = None  # we don't know this parameter, and what one doesn't know one ignores
    return {}


def check_code_request(request):
    if request.code_verifier is not None and not VERIFIER.fullmatch(request.code_verifier):
        raise errors.InvalidGrantError(request=request)
