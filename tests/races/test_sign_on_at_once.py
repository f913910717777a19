"""Codes and refresh tokens used by many at once, with real threads on PostgreSQL."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from oauth2_provider.models import AccessToken, RefreshToken

from oidc import keys
from oidc.models import Authorization, Client, Connection, LogoutNotice, SigningKey, SignOn
from tests.accounts.factories import log_in
from tests.oidc.factories import client_of, parent
from tests.oidc.relying_party import RelyingParty
from tests.races.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def party():
    keys.make_first()
    return RelyingParty(client_of("繳費", host="pay.example.tw"), log_in(Browser(), parent()))


def again(party):
    """The same client on a connection of its own."""
    other = RelyingParty(party.client, party.browser, secret=party.secret)
    other.verifier = party.verifier
    return other


def test_of_fifty_uses_of_a_code_one_at_most_succeeds_and_its_tokens_are_dead(party):
    code = party.get_code()
    parties = [again(party) for _ in range(50)]

    outcomes = at_once(*[lambda one=one: one.exchange(code) for one in parties])

    statuses = sorted(one.status_code for one in outcomes)
    assert statuses == [200] + [400] * 49
    [won] = [one.json() for one in outcomes if one.status_code == 200]
    assert party.userinfo(won["access_token"]).status_code == 401
    assert party.refresh(won["refresh_token"]).json()["error"] == "invalid_grant"
    assert not AccessToken.objects.exists()
    assert not Authorization.objects.live().exists()


def test_of_twenty_uses_of_a_refresh_token_one_at_most_succeeds_and_the_family_is_dead(party):
    tokens = party.sign_in()
    parties = [again(party) for _ in range(20)]

    outcomes = at_once(*[lambda one=one: one.refresh(tokens["refresh_token"]) for one in parties])

    statuses = sorted(one.status_code for one in outcomes)
    assert statuses == [200] + [400] * 19
    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.filter(revoked__isnull=True).exists()


def test_no_token_outlives_a_log_out_that_comes_at_the_same_moment(party):
    for _round in range(5):
        browser = log_in(Browser(), SignOn.objects.last().user if SignOn.objects.exists() else parent("c@example.com"))
        one = RelyingParty(party.client, browser)
        code = one.get_code()

        at_once(
            lambda one=one, code=code: one.exchange(code),
            lambda browser=browser: browser.post(reverse("accounts:logout")),
        )

        assert not AccessToken.objects.exists()
        assert not RefreshToken.objects.filter(revoked__isnull=True).exists()


def test_no_code_outlives_the_end_of_all_sessions_that_comes_at_the_same_moment(party):
    user = party.browser.get(reverse("binding:sso-home")).wsgi_request.user
    for _round in range(5):
        page = again_logged_in(party, user).ask(prompt="consent")

        at_once(lambda page=page: party.agree(page), lambda: user.end_sessions())

        assert not Authorization.objects.live().exists()


def again_logged_in(party, user):
    user.refresh_from_db()
    log_in(party.browser, user)
    return party


def test_a_sign_on_ends_once_and_tells_once(party):
    party.sign_in()
    user = SignOn.objects.get().user

    at_once(*[user.end_sessions] * 6)

    assert LogoutNotice.objects.count() == 1


def test_two_tabs_connect_a_service_once(party):
    page = party.ask()

    outcomes = at_once(*[lambda: party.agree(page)] * 6)

    assert [one.status_code for one in outcomes] == [303] * 6
    assert Connection.objects.count() == 1
    assert Client.objects.count() == 1


def test_keys_made_or_turned_twice_at_once_stay_one_of_each(party):
    at_once(*[keys.rotate] * 4)

    for state in ("current", "next"):
        assert SigningKey.objects.filter(state=state).count() == 1


def test_the_first_keys_are_made_once():
    outcomes = at_once(*[keys.make_first] * 3)

    assert sorted(outcomes) == [False, False, True]
    assert SigningKey.objects.count() == 2
