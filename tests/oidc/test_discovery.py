"""Discovery says exactly what works: each line is tried."""

import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from oidc import keys
from oidc.models import Client
from tests.oidc.relying_party import header_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts():
    response = Browser().get("/.well-known/openid-configuration")
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def test_authlib_finds_nothing_wrong_with_it(facts, settings):
    """Authlib insists on https, which development has not."""
    metadata = OpenIDProviderMetadata(
        {key: value.replace("http://", "https://") if isinstance(value, str) else value for key, value in facts.items()}
    )

    metadata.validate()


def test_the_issuer_is_where_it_is_read(facts):
    assert facts["issuer"] == settings.SITE_URL
    assert Browser().get("/.well-known/oauth-authorization-server").json() == facts


def test_every_address_is_one_of_ours(facts):
    for name, address in facts.items():
        if name.endswith(("_endpoint", "_uri")):
            path = address.removeprefix(settings.SITE_URL)
            assert Browser().get(path).status_code in (200, 302, 400, 401, 405), name


def test_every_grant_and_response_type_works_and_no_other(facts, payments):
    assert (facts["response_types_supported"], facts["grant_types_supported"]) == (
        ["code"],
        ["authorization_code", "refresh_token"],
    )
    tokens = payments.sign_in(response_mode=facts["response_modes_supported"][0])
    assert payments.refresh(tokens["refresh_token"]).status_code == 200


def test_every_way_to_authenticate_works(facts, payments):
    names = {"client_secret_basic": "basic", "client_secret_post": "post", "none": "none"}
    for method in facts["token_endpoint_auth_methods_supported"]:
        if method != "none":  # tried with a public client in test_tokens
            assert payments.exchange(payments.get_code(), auth=names[method]).status_code == 200
    for method in facts["introspection_endpoint_auth_methods_supported"]:
        assert payments.post("introspect", {"token": "x"}, auth=names[method]).status_code == 200
    for method in facts["revocation_endpoint_auth_methods_supported"]:
        expected = 401 if method == "none" else 200
        assert payments.post("revoke", {"token": "x"}, auth=names[method]).status_code == expected


def test_every_scope_and_claim_is_told_and_no_other(facts, payments):
    Client.objects.update(trust=Client.Trust.BILLS)
    tokens = payments.sign_in(scope=" ".join(facts["scopes_supported"]))

    told = {*payments.read_id_token(tokens), *payments.userinfo(tokens["access_token"]).json()}

    assert told == set(facts["claims_supported"])


def test_every_prompt_is_understood(facts, payments):
    payments.agree(payments.ask())
    for prompt in facts["prompt_values_supported"]:
        response = payments.ask(prompt=prompt)
        expected = {"none": 303, "consent": 200}.get(prompt, 302)
        assert response.status_code == expected, prompt


def test_tokens_are_signed_and_named_as_it_says(facts, payments):
    tokens = payments.sign_in()

    assert header_of(tokens["id_token"])["alg"] in facts["id_token_signing_alg_values_supported"]
    assert payments.read_id_token(tokens)["acr"] in facts["acr_values_supported"]
    assert facts["subject_types_supported"] == ["pairwise"]
    assert facts["code_challenge_methods_supported"] == ["S256"]
    assert facts["authorization_response_iss_parameter_supported"] is True


def test_what_it_denies_is_refused(facts, payments):
    assert facts["request_parameter_supported"] is facts["request_uri_parameter_supported"] is False
    assert facts["claims_parameter_supported"] is False
    asked = '{"userinfo":{"email":{"essential":true}}}'
    tokens = payments.sign_in(scope="openid", claims=asked)
    assert set(payments.userinfo(tokens["access_token"]).json()) == {"sub"}
    assert "code" in payments.answer(payments.ask(scope="openid", claims="{rubbish"))


def test_the_languages_are_spoken(facts, payments):
    for tag in facts["ui_locales_supported"]:
        expected = "en" if tag == "en" else "zh-hant"
        payments.browser.cookies.pop("language", None)
        assert payments.ask(ui_locales=tag).headers["Content-Language"] == expected


def test_the_keys_are_where_it_says(facts):
    path = facts["jwks_uri"].removeprefix(settings.SITE_URL)

    assert path == reverse("oidc:jwks")
    assert Browser().get(path).json()["keys"] == keys.served_keys()
