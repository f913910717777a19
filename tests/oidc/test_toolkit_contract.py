"""What we rely on in django-oauth-toolkit and oauthlib beyond what they promise: a new release may not change it unseen.

When one of these tests fails after an update, read what the library does there now before changing the table.
"""

import inspect

import pytest
from django.conf import settings
from oauth2_provider.models import (
    AbstractApplication,
    AbstractRefreshToken,
    get_access_token_model,
    get_application_model,
    get_refresh_token_model,
)
from oauth2_provider.oauth2_backends import OAuthLibCore, get_oauthlib_core
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.settings import DEFAULTS, oauth2_settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, ResourceEndpoint, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid import RequestValidator
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

pytestmark = pytest.mark.django_db

Validator, Server, Scopes = (
    oauth2_settings.OAUTH2_VALIDATOR_CLASS,
    oauth2_settings.OAUTH2_SERVER_CLASS,
    oauth2_settings.SCOPES_BACKEND_CLASS,
)
OVERRIDDEN = {
    "_load_application": "(self, client_id, request)",
    "_create_authorization_code": "(self, request, code, expires=None)",
    "_create_refresh_token": "(self, request, refresh_token_code, access_token, previous_refresh_token)",
    "_check_and_set_request_resource": "(self, request)",
    "_load_access_token": "(self, token)",
    "_load_id_token": "(self, token)",
}
CALLED = {"_extract_basic_auth": "(self, request)", "_save_bearer_token": "(self, token, request, *args, **kwargs)"}
OURS_ALONE = {"_shown_credentials", "_count_failure", "_claim"}
# Nothing asks these while all goes well: an address always named, and id_tokens that open nothing.
ASKED_ELSEWHERE = {"get_default_redirect_uri", "validate_jwt_bearer_token", "validate_id_token"}


def methods_of(cls):
    return {name for name, member in vars(cls).items() if inspect.isfunction(member)}


def signature(function):
    return str(inspect.signature(function))


# The validator


@pytest.mark.parametrize(("name", "expected"), [*OVERRIDDEN.items(), *CALLED.items()])
def test_the_library_has_each_private_method_as_we_know_it(name, expected):
    assert signature(getattr(OAuth2Validator, name)) == expected


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_ours_is_called_as_the_library_s_is(name):
    assert signature(getattr(Validator, name)) == OVERRIDDEN[name]


def test_each_private_method_of_ours_stands_in_a_table_here():
    private = {name for name in methods_of(Validator) if name.startswith("_")}

    assert private == {*OVERRIDDEN, *OURS_ALONE}
    assert not [name for name in OURS_ALONE if hasattr(OAuth2Validator, name)]


@pytest.mark.parametrize("name", sorted(name for name in methods_of(Validator) if not name.startswith("_")))
def test_each_public_method_takes_what_oauthlib_gives(name):
    theirs = inspect.signature(getattr(RequestValidator, name)).parameters
    ours = inspect.signature(getattr(Validator, name)).parameters

    assert [*ours] == [*theirs]


def test_a_sign_in_asks_every_method_of_ours(payments, monkeypatch):
    asked = set()
    for name in methods_of(Validator) | set(CALLED):
        monkeypatch.setattr(Validator, name, noting(asked, name, getattr(Validator, name)))

    tokens = payments.sign_in()
    payments.answer(payments.ask(prompt="none"))
    payments.userinfo(tokens["access_token"])
    payments.refresh(tokens["refresh_token"])
    payments.exchange("no code", auth="basic", client_secret="twice")

    assert (methods_of(Validator) | set(CALLED)) - ASKED_ELSEWHERE - asked == set()


def noting(asked, name, method):
    def note(self, *args, **kwargs):
        asked.add(name)
        return method(self, *args, **kwargs)

    return note


# Tokens


def test_a_minted_pair_bears_the_family_that_it_is_given(payments):
    first = payments.sign_in()
    second = payments.refresh(first["refresh_token"]).json()

    pairs = get_refresh_token_model().objects.order_by("pk")
    [grant] = payments.client.authorizations.all()
    assert {pair.token_family for pair in pairs} == {grant.pk}
    assert [pair.revoked is None for pair in pairs] == [False, True]
    assert pairs[1].access_token == get_access_token_model().objects.latest("pk")
    assert second["refresh_token"] != first["refresh_token"]


@pytest.mark.parametrize("name", ["token_family", "token_checksum", "revoked", "access_token", "updated"])
def test_refresh_tokens_have_the_fields_that_we_filter_by(name):
    assert AbstractRefreshToken._meta.get_field(name)


def test_a_valid_refresh_token_leaves_its_row_on_the_request(payments, monkeypatch):
    rows = []
    claim = Validator._claim

    def noting_claim(self, request):
        rows.append(request.refresh_token_instance)
        claim(self, request)

    tokens = payments.sign_in()
    monkeypatch.setattr(Validator, "_claim", noting_claim)

    payments.refresh(tokens["refresh_token"])

    assert [type(row) for row in rows] == [get_refresh_token_model()]


# The server


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (AuthorizationEndpoint, ["default_response_type", "default_token_type", "response_types"]),
        (TokenEndpoint, ["default_grant_type", "default_token_type", "grant_types"]),
        (ResourceEndpoint, ["default_token", "token_types"]),
        (RevocationEndpoint, ["request_validator"]),
        (UserInfoEndpoint, ["request_validator"]),
        (AuthorizationCodeGrant, ["request_validator"]),
        (RefreshTokenGrant, ["request_validator"]),
        (BearerToken, ["request_validator", "token_generator", "expires_in", "refresh_token_generator"]),
    ],
)
def test_the_parts_of_the_server_are_made_as_we_make_them(cls, expected):
    parameters = [name for name in inspect.signature(cls).parameters if name != "kwargs"]

    assert parameters[: len(expected)] == expected


def test_the_server_is_given_what_it_takes_and_no_grant_more():
    assert {"token_expires_in", "token_generator", "refresh_token_generator"} <= {*oauth2_settings.server_kwargs}
    server = get_oauthlib_core().server
    assert isinstance(server, Server)
    assert set(server.grant_types) == {"authorization_code", "refresh_token"}
    assert set(server.response_types) == {"code"}


def test_only_s256_is_left_of_the_challenge_methods():
    theirs = AuthorizationCodeGrant(RequestValidator()).proxy_target._code_challenge_methods
    ours = get_oauthlib_core().server.response_types["code"].proxy_target._code_challenge_methods

    assert set(theirs) == {"plain", "S256"}
    assert ours == {"S256": theirs["S256"]}


def test_our_checks_stand_among_the_grant_s_own():
    code = get_oauthlib_core().server.response_types["code"]

    assert [check.__name__ for check in code.custom_validators.pre_auth][-1] == "check_authorization_request"
    assert [check.__name__ for check in code.custom_validators.pre_token][-1] == "check_code_request"


def test_a_request_is_taken_apart_into_four(rf):
    core = get_oauthlib_core()
    assert signature(OAuthLibCore._extract_params) == "(self, request)"

    address, method, body, headers = core._extract_params(rf.post("/token/?a=1", {"b": "2"}))

    asking = Request(address, method, body, headers)
    assert (asking.uri, asking.http_method, asking.b) == ("/token/?a=1", "POST", "2")
    assert dict(asking.uri_query_params) == {"a": "1"}
    assert asking.duplicate_params == []


# Models, scopes and settings


@pytest.mark.parametrize(
    ("cls", "ours", "name", "expected"),
    [
        (AbstractApplication, get_application_model(), "is_usable", ["self", "request"]),
        (AbstractApplication, get_application_model(), "redirect_uri_allowed", ["self", "uri"]),
        (AbstractApplication, get_application_model(), "post_logout_redirect_uri_allowed", ["self", "uri"]),
        (BaseScopes, Scopes, "get_all_scopes", ["self"]),
        (BaseScopes, Scopes, "get_available_scopes", ["self", "application", "request", "args", "kwargs"]),
        (BaseScopes, Scopes, "get_default_scopes", ["self", "application", "request", "args", "kwargs"]),
    ],
)
def test_what_is_answered_otherwise_is_asked_so(cls, ours, name, expected):
    assert name in methods_of(ours)
    assert [*inspect.signature(getattr(cls, name)).parameters] == expected
    assert [*inspect.signature(getattr(ours, name)).parameters] == expected


def test_each_field_that_a_client_leaves_out_is_one_of_the_library():
    """One with a new name would come back to the form and the table."""
    theirs = {field.name for field in AbstractApplication._meta.get_fields()}
    ours = {field.name for field in get_application_model()._meta.get_fields()}

    assert theirs - ours == {
        "authorization_grant_type", "algorithm", "registration_source", "user", "client_secret",
        "hash_client_secret", "allowed_origins", "cimd_expires_at",
    }  # fmt: skip


def test_each_setting_of_ours_is_one_of_the_library():
    assert set(settings.OAUTH2_PROVIDER) - set(DEFAULTS) == set()
