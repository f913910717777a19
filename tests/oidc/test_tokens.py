"""Codes, access and refresh tokens: once, for whom they were made, and not a minute too long."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from accounts.models import SSOAccount, User
from audit.models import Event
from oidc.models import Authorization, Client, Grant, SignOn
from tests.oidc.factories import client_of
from tests.oidc.relying_party import RelyingParty

pytestmark = pytest.mark.django_db


@pytest.fixture
def learn(alices_browser):
    """The learning platform, another client of another sector."""
    return RelyingParty(client_of("酷課雲", host="learn.example.tw"), alices_browser)


def refused(response, error, status=400):
    assert (response.status_code, response.json()["error"]) == (status, error), response.content
    return True


class TestCode:
    def test_a_second_use_is_refused_and_revokes_what_the_first_gave(self, payments):
        code = payments.get_code()
        tokens = payments.exchange(code).json()

        assert refused(payments.exchange(code), "invalid_grant")

        assert payments.userinfo(tokens["access_token"]).status_code == 401
        assert refused(payments.refresh(tokens["refresh_token"]), "invalid_grant")
        assert Event.objects.filter(event="sign_on.replayed").count() == 1

    def test_a_second_use_after_a_refresh_revokes_that_too(self, payments):
        code = payments.get_code()
        tokens = payments.refresh(payments.exchange(code).json()["refresh_token"]).json()

        payments.exchange(code)

        assert payments.userinfo(tokens["access_token"]).status_code == 401

    def test_another_client_cannot_use_it_nor_spoil_it(self, payments, learn):
        code = payments.get_code()

        assert refused(learn.exchange(code, redirect_uri=payments.redirect_uri), "invalid_grant")
        assert refused(learn.exchange(code, code_verifier=payments.verifier), "invalid_grant")
        assert payments.exchange(code).status_code == 200

    @pytest.mark.parametrize(
        ("verifier", "error"),
        [
            (None, "invalid_request"),
            ("", "invalid_grant"),
            ("x", "invalid_grant"),
            ("x" * 43, "invalid_grant"),
            ("x" * 129, "invalid_grant"),
            ("密" * 50, "invalid_grant"),
        ],
    )
    def test_it_needs_the_verifier(self, payments, verifier, error):
        response = payments.exchange(payments.get_code(), code_verifier=verifier)

        assert refused(response, error)
        assert not AccessToken.objects.exists()

    def test_the_challenge_is_no_verifier(self, payments):
        digest = hashlib.sha256(payments.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

        assert refused(payments.exchange(payments.get_code(), code_verifier=challenge), "invalid_grant")

    @pytest.mark.parametrize("uri", [None, "https://pay.example.tw/callback/", "https://evil.example/"])
    def test_it_needs_the_same_redirect_uri(self, payments, uri):
        response = payments.exchange(payments.get_code(), redirect_uri=uri)

        assert response.status_code == 400
        assert not AccessToken.objects.exists()

    def test_it_lives_for_a_minute(self, payments):
        code = payments.get_code()
        assert Grant.objects.get().expires <= timezone.now() + timedelta(seconds=60)
        Grant.objects.update(expires=timezone.now())

        assert refused(payments.exchange(code), "invalid_grant")

    def test_it_dies_with_the_sign_on(self, payments, alice):
        code = payments.get_code()
        alice.end_sessions()

        assert refused(payments.exchange(code), "invalid_grant")

    def test_a_name_that_no_database_takes_is_refused(self, payments):
        response = payments.direct.post(
            reverse("oidc:token"), {"grant_type": "authorization_code", "code": "x", "client_id": "no\0body"}
        )

        assert refused(response, "invalid_client", 401)

    @pytest.mark.parametrize("code", ["", "nothing", "no\0thing", "碼", "x" * 5000])
    def test_rubbish_is_refused(self, payments, code):
        assert payments.exchange(code).status_code == 400

    def test_nothing_of_it_can_be_read_in_the_database(self, payments):
        code = payments.get_code()
        tokens = payments.exchange(code).json()

        stored = json.dumps(
            [*Grant.objects.values(), *AccessToken.objects.values(), *RefreshToken.objects.values()], default=str
        )
        for secret in (code, tokens["access_token"], tokens["refresh_token"]):
            assert secret not in stored


class TestRefresh:
    def test_each_one_works_once(self, payments):
        first = payments.sign_in()
        second = payments.refresh(first["refresh_token"]).json()

        assert second["refresh_token"] != first["refresh_token"]
        assert payments.userinfo(second["access_token"]).status_code == 200
        assert payments.userinfo(first["access_token"]).status_code == 401

    def test_a_used_one_revokes_the_whole_family(self, payments):
        first = payments.sign_in()
        second = payments.refresh(first["refresh_token"]).json()

        assert refused(payments.refresh(first["refresh_token"]), "invalid_grant")

        assert payments.userinfo(second["access_token"]).status_code == 401
        assert refused(payments.refresh(second["refresh_token"]), "invalid_grant")
        assert Event.objects.filter(event="sign_on.replayed").count() == 1

    def test_the_new_id_token_keeps_the_time_of_the_log_in(self, payments):
        first = payments.sign_in()
        second = payments.refresh(first["refresh_token"]).json()

        before, after = (payments.read_id_token(one, nonce=None) for one in (first, second))
        for claim in ("iss", "sub", "aud", "auth_time", "sid", "acr", "amr"):
            assert before[claim] == after[claim]
        assert "nonce" not in after

    def test_another_client_cannot_use_it(self, payments, learn):
        tokens = payments.sign_in()

        assert refused(learn.refresh(tokens["refresh_token"]), "invalid_grant")

    def test_it_may_narrow_but_never_widen(self, payments):
        tokens = payments.sign_in(scope="openid email")

        assert refused(payments.refresh(tokens["refresh_token"], scope="openid children"), "invalid_scope")
        narrowed = payments.refresh(tokens["refresh_token"], scope="openid").json()
        assert set(payments.userinfo(narrowed["access_token"]).json()) == {"sub"}

    def test_it_ends_twelve_hours_after_the_sign_on_began(self, payments):
        tokens = payments.sign_in()
        SignOn.objects.update(started_at=timezone.now() - timedelta(hours=12, seconds=1))

        assert refused(payments.refresh(tokens["refresh_token"]), "invalid_grant")

    def test_a_closed_account_cannot_use_it(self, payments, alice):
        tokens = payments.sign_in()
        SSOAccount.objects.filter(user=alice).update(state=SSOAccount.State.CLOSED)

        assert refused(payments.refresh(tokens["refresh_token"]), "invalid_grant")


class TestAccessToken:
    def test_expires_within_a_quarter_of_an_hour(self, payments):
        tokens = payments.sign_in()
        assert AccessToken.objects.get().expires <= timezone.now() + timedelta(minutes=15)
        AccessToken.objects.update(expires=timezone.now())

        response = payments.userinfo(tokens["access_token"])

        assert response.status_code == 401
        assert 'error="invalid_token"' in response["WWW-Authenticate"]

    @pytest.mark.parametrize("token", ["", "rubbish", "a b", "x" * 10000])
    def test_rubbish_opens_nothing(self, payments, token):
        assert payments.userinfo(token).status_code == 401

    def test_is_not_taken_from_the_address(self, payments):
        tokens = payments.sign_in()

        response = payments.direct.get(reverse("oidc:userinfo"), {"access_token": tokens["access_token"]})

        assert response.status_code == 400

    def test_may_be_posted(self, payments):
        tokens = payments.sign_in()
        response = payments.direct.post(
            reverse("oidc:userinfo"), headers={"Authorization": f"Bearer {tokens['access_token']}"}
        )

        assert response.json()["email"] == "alice@example.com"

    def test_an_id_token_opens_nothing(self, payments):
        assert payments.userinfo(payments.sign_in()["id_token"]).status_code == 401

    def test_a_refresh_token_opens_nothing(self, payments):
        assert payments.userinfo(payments.sign_in()["refresh_token"]).status_code == 401

    def test_dies_with_its_client(self, payments):
        tokens = payments.sign_in()
        Client.objects.update(is_active=False)

        assert payments.userinfo(tokens["access_token"]).status_code == 401

    def test_is_worth_nothing_once_the_account_is_closed(self, payments, alice):
        tokens = payments.sign_in()
        SSOAccount.objects.filter(user=alice).update(state=SSOAccount.State.CLOSED)
        assert payments.userinfo(tokens["access_token"]).status_code == 401
        assert not payments.introspect(tokens["access_token"])["active"]

        SSOAccount.objects.filter(user=alice).update(state=SSOAccount.State.ACTIVE)
        User.objects.filter(pk=alice.pk).update(is_active=False)
        assert payments.userinfo(tokens["access_token"]).status_code == 401

    def test_tells_no_more_once_the_trust_is_lowered(self, payments):
        tokens = payments.sign_in()
        Client.objects.update(trust=Client.Trust.IDENTITY)

        assert set(payments.userinfo(tokens["access_token"]).json()) == {"sub"}

    def test_cannot_be_kept_by_anybody_on_the_way(self, payments):
        response = payments.exchange(payments.get_code())

        assert response["Cache-Control"] == "no-store"
        assert payments.userinfo(response.json()["access_token"])["Cache-Control"] == "no-store"


class TestSubjects:
    def test_two_sectors_know_one_parent_by_two_names(self, payments, learn):
        here, there = (party.read_id_token(party.sign_in())["sub"] for party in (payments, learn))

        assert here != there
        assert here == payments.userinfo(payments.sign_in()["access_token"]).json()["sub"]

    def test_one_sector_knows_one_name(self, payments, alices_browser):
        app = client_of("繳費程式", host="app.example.tw", sector="pay.example.tw")
        party = RelyingParty(app, alices_browser)

        assert party.read_id_token(party.sign_in())["sub"] == payments.read_id_token(payments.sign_in())["sub"]

    def test_the_salt_makes_them(self, payments, settings):
        before = payments.read_id_token(payments.sign_in())["sub"]
        settings.PAIRWISE_SALT = "another salt"

        assert payments.read_id_token(payments.sign_in())["sub"] != before


class TestClientAuthentication:
    @pytest.mark.parametrize("auth", ["basic", "post"])
    def test_by_header_or_body(self, payments, auth):
        assert payments.exchange(payments.get_code(), auth=auth).status_code == 200

    def test_without_a_secret_or_with_a_wrong_one_there_is_nothing(self, payments):
        code = payments.get_code()
        assert refused(payments.exchange(code, auth="none"), "invalid_client", 401)

        for wrong in ("wrong", "", payments.client.secret_digest, "密"):
            payments.secret = wrong
            response = payments.exchange(code)
            assert refused(response, "invalid_client", 401)
        payments.secret = payments.client.told_secret
        assert payments.exchange(code).status_code == 200

    def test_in_two_ways_at_once_is_in_none(self, payments):
        response = payments.exchange(payments.get_code(), client_secret=payments.secret)

        assert refused(response, "invalid_client", 401)
        assert response["WWW-Authenticate"].startswith("Basic ")

    def test_as_somebody_else_in_the_body_is_refused(self, payments, learn):
        response = payments.exchange(payments.get_code(), client_id=learn.client.client_id)

        assert refused(response, "invalid_client", 401)

    def test_a_header_that_cannot_be_read_is_refused(self, payments):
        for header in ("Basic", "Basic ???", "Basic /w==", "Basic " + base64.b64encode(b"no colon").decode()):
            response = payments.direct.post(
                reverse("oidc:token"),
                {"grant_type": "authorization_code", "code": "x"},
                headers={"Authorization": header},
            )
            assert response.status_code == 401, header

    def test_a_public_client_has_pkce_and_no_secret(self, alices_browser):
        app = client_of("手機程式", host="app.example.tw", client_type=Client.CLIENT_PUBLIC)
        party = RelyingParty(app, alices_browser)

        tokens = party.exchange(party.get_code(), auth="none").json()

        assert party.userinfo(tokens["access_token"]).status_code == 200
        refreshed = party.post(
            "token", {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}, auth="none"
        )
        assert refreshed.status_code == 200
        empty = party.post("introspect", {"token": tokens["access_token"], "client_secret": ""}, auth="none")
        assert empty.status_code == 401

    def test_wrong_secrets_are_slowed_down_and_the_right_one_is_not(self, payments, settings):
        right, code = payments.secret, payments.get_code()
        payments.secret = "wrong"
        statuses = [payments.exchange(code).status_code for _ in range(7)]

        assert statuses == [401] * 5 + [429] * 2
        payments.secret = right
        assert payments.exchange(code).status_code == 200

    def test_other_grants_are_not_there(self, payments):
        for grant in ("password", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "x", None):
            response = payments.post(
                "token", {"grant_type": grant, "username": "alice@example.com", "password": "x", "device_code": "x"}
            )
            assert response.status_code == 400
        assert payments.direct.get(reverse("oidc:token")).status_code == 405

    def test_parameters_in_the_address_are_refused(self, payments):
        response = payments.direct.post(reverse("oidc:token") + "?grant_type=authorization_code")

        assert response.status_code == 400

    def test_both_secrets_work_while_they_overlap(self, payments):
        old, client = payments.secret, Client.objects.get(pk=payments.client.pk)
        new = client.renew_secret()
        client.save()
        for secret in (old, new):
            payments.secret = secret
            assert payments.exchange(payments.get_code()).status_code == 200

        Client.objects.update(previous_secret_until=timezone.now())

        payments.secret = old
        assert refused(payments.exchange(payments.get_code()), "invalid_client", 401)


class TestIntrospection:
    def test_tells_a_client_about_its_own_tokens(self, payments):
        tokens = payments.sign_in()

        told = payments.introspect(tokens["access_token"])
        assert told["active"]
        assert told["client_id"] == payments.client.client_id
        assert told["sub"] == payments.read_id_token(tokens)["sub"]
        assert told["exp"] > told["iat"]
        assert "username" not in told
        assert payments.introspect(tokens["refresh_token"])["active"]

    def test_tells_others_nothing(self, payments, learn):
        tokens = payments.sign_in()

        for token in (tokens["access_token"], tokens["refresh_token"], "rubbish"):
            assert learn.introspect(token) == {"active": False}
        assert learn.post("introspect", {"token": "x"}, auth="none").status_code == 401
        assert learn.post("introspect", {}).status_code == 400
        assert Browser().get(reverse("oidc:introspect")).status_code == 405

    def test_tells_a_resource_server_of_the_city_by_its_own_name(self, payments, learn):
        tokens = payments.sign_in()
        Client.objects.filter(pk=learn.client.pk).update(may_introspect_all=True)

        told = learn.introspect(tokens["access_token"])

        assert told["active"]
        assert told["sub"] == learn.read_id_token(learn.sign_in())["sub"]

    def test_knows_what_has_ended(self, payments):
        tokens = payments.sign_in()
        AccessToken.objects.update(expires=timezone.now())

        assert payments.introspect(tokens["access_token"]) == {"active": False}
        Authorization.objects.update(ended_at=timezone.now())
        assert payments.introspect(tokens["refresh_token"]) == {"active": False}


class TestRevocation:
    @pytest.mark.parametrize("which", ["access_token", "refresh_token"])
    @pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "rubbish"])
    def test_kills_both(self, payments, which, hint):
        tokens = payments.sign_in()

        response = payments.revoke(tokens[which], token_type_hint=hint)

        assert response.status_code == 200
        assert payments.userinfo(tokens["access_token"]).status_code == 401
        assert refused(payments.refresh(tokens["refresh_token"]), "invalid_grant")

    def test_of_somebody_elses_token_does_nothing(self, payments, learn):
        tokens = payments.sign_in()

        assert learn.revoke(tokens["access_token"]).status_code == 200
        assert payments.userinfo(tokens["access_token"]).status_code == 200

    def test_needs_the_client(self, payments):
        tokens = payments.sign_in()

        assert payments.post("revoke", {"token": tokens["access_token"]}, auth="none").status_code == 401
        assert payments.userinfo(tokens["access_token"]).status_code == 200
