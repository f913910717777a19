"""A parent signs in to a client: code, tokens, claims."""

import pytest
from django.conf import settings

from oidc.models import Connection
from tests.oidc.relying_party import header_of

pytestmark = pytest.mark.django_db


def test_a_sign_in_from_beginning_to_end(payments, alice):
    tokens = payments.sign_in()

    claims = payments.read_id_token(tokens)
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] <= 15 * 60
    assert (claims["amr"], claims["acr"]) == (["pwd"], "urn:taipei-edu:acr:password")
    assert claims["sid"]
    assert claims["at_hash"]
    assert set(claims) == {"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"}
    assert header_of(tokens["id_token"])["alg"] == "RS256"
    facts = payments.userinfo(tokens["access_token"]).json()
    assert facts == {
        "sub": claims["sub"],
        "name": "王大明",
        "email": "alice@example.com",
        "email_verified": True,
        "children": [],
    }
    assert Connection.objects.get().client == payments.client


def test_the_answer_names_the_issuer_and_returns_the_state(payments):
    response = payments.agree(payments.ask())

    answer = payments.answer(response)
    assert (answer["state"], answer["iss"]) == (payments.state, settings.SITE_URL)
