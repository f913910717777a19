"""Signing keys: three at a time, turned without a gap, and nothing else is believed."""

import base64
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from jwcrypto import jwk, jwt

from oidc import checks, keys
from oidc.models import SigningKey
from tests.oidc.relying_party import header_of

pytestmark = pytest.mark.django_db
State = SigningKey.State


def served(party):
    return {key["kid"]: key for key in party.direct.get(reverse("oidc:jwks")).json()["keys"]}


def test_only_public_halves_are_served(payments):
    for key in served(payments).values():
        assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
        assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")


def test_the_private_half_cannot_be_read_in_the_database():
    stored = SigningKey.objects.get(state=State.CURRENT).sealed_private_key

    assert "PRIVATE" not in stored
    assert base64.urlsafe_b64decode(stored)[:1] == b"\x80"


def test_a_turn_leaves_no_gap(payments):
    before = payments.sign_in()
    known = served(payments)
    keys.rotate()
    after = payments.sign_in()

    assert header_of(after["id_token"])["kid"] in known
    assert header_of(after["id_token"])["kid"] != header_of(before["id_token"])["kid"]
    assert len(served(payments)) == 3
    for tokens in (before, after):
        payments.read_id_token(tokens)


def test_an_old_key_goes_when_its_tokens_are_over(payments):
    old = SigningKey.objects.current().kid
    keys.rotate()
    assert SigningKey.objects.get(kid=old).sealed_private_key == ""

    SigningKey.objects.filter(kid=old).update(served_until=timezone.now() - timedelta(seconds=1))

    assert old not in served(payments)


def test_what_a_stolen_key_signed_is_not_believed(payments):
    tokens = payments.sign_in()
    call_command("rotate_signing_key", "--stolen")

    assert header_of(tokens["id_token"])["kid"] not in served(payments)
    assert keys.read_own(tokens["id_token"]) is None


def test_there_is_one_current_and_one_next_key():
    for state in (State.CURRENT, State.NEXT):
        with pytest.raises(IntegrityError), transaction.atomic():
            SigningKey.objects.create(kid="x", public_jwk="{}", sealed_private_key="x", state=state)


def test_the_first_keys_are_made_once(capsys):
    call_command("rotate_signing_key", "--first")
    assert "already" in capsys.readouterr().out

    SigningKey.objects.all().delete()
    with pytest.raises(CommandError, match="--first"):
        call_command("rotate_signing_key")
    call_command("rotate_signing_key", "--first")

    assert sorted(SigningKey.objects.values_list("state", flat=True)) == ["current", "next"]


def test_production_without_a_key_is_refused(settings):
    assert checks.there_is_a_signing_key(None, databases=["default"]) == []
    settings.PRODUCTION = True
    assert checks.there_is_a_signing_key(None, databases=["default"]) == []

    SigningKey.objects.all().delete()

    [error] = checks.there_is_a_signing_key(None, databases=["default"])
    assert error.id == "accounts.E001"


class TestForged:
    """id_token_hint is the one place where a signed token comes back to us."""

    @pytest.fixture
    def genuine(self, payments):
        return payments.sign_in()["id_token"]

    def test_the_genuine_one_is_read(self, genuine, payments):
        assert keys.read_own(genuine)["aud"] == payments.client.client_id

    def test_alg_none(self, genuine):
        payload = genuine.split(".")[1]
        for algorithm in ("none", "None", "NONE"):
            header = base64.urlsafe_b64encode(json.dumps({**header_of(genuine), "alg": algorithm}).encode()).decode()
            for signature in ("", genuine.split(".")[2]):
                assert keys.read_own(f"{header.rstrip('=')}.{payload}.{signature}") is None

    def test_hs256_with_the_public_key_as_secret(self, genuine):
        current = SigningKey.objects.current()
        public = jwk.JWK.from_json(current.public_jwk).export_to_pem()
        secret = jwk.JWK(kty="oct", k=base64.urlsafe_b64encode(public).rstrip(b"=").decode())
        forged = jwt.JWT(
            header={"alg": "HS256", "kid": current.kid, "typ": "JWT"},
            claims=jwt.JWT(jwt=genuine, key=jwk.JWK.from_json(current.public_jwk)).claims,
        )
        forged.make_signed_token(secret)

        assert keys.read_own(forged.serialize()) is None

    def test_signed_by_another_key_under_our_name(self, genuine):
        forged = jwt.JWT(header={**header_of(genuine)}, claims={"iss": "http://localhost:8000", "sub": "x"})
        forged.make_signed_token(jwk.JWK.generate(kty="RSA", size=2048))

        assert keys.read_own(forged.serialize()) is None

    def test_a_key_inside_the_token_is_not_believed(self, genuine):
        own = jwk.JWK.generate(kty="RSA", size=2048)
        header = {"alg": "RS256", "typ": "JWT", "jwk": json.loads(own.export_public()), "kid": own.thumbprint()}
        forged = jwt.JWT(header=header, claims={"iss": "http://localhost:8000"})
        forged.make_signed_token(own)

        assert keys.read_own(forged.serialize()) is None

    def test_changed_claims(self, genuine):
        head, payload, signature = genuine.split(".")
        changed = base64.urlsafe_b64encode(b'{"iss":"http://localhost:8000","aud":"x"}').decode().rstrip("=")

        assert keys.read_own(f"{head}.{changed}.{signature}") is None
        assert keys.read_own(f"{head}.{payload}.{signature[:-4]}AAAA") is None

    def test_a_logout_token_is_no_id_token(self):
        assert keys.read_own(keys.sign({"iss": "http://localhost:8000"}, kind="logout+jwt")) is None

    @pytest.mark.parametrize("rubbish", ["", ".", "..", "a.b.c", "{}", "null", "e30.e30.e30", "é" * 10, "x" * 9999])
    def test_rubbish(self, rubbish):
        assert keys.read_own(rubbish) is None

    def test_another_issuers(self, genuine, settings):
        settings.SITE_URL = "https://another.example"

        assert keys.read_own(genuine) is None
