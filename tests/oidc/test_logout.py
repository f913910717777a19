"""Log-out that a client asks for, and the tokens that tell every client of it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey

from accounts import passwords
from audit.models import Event
from oidc import logout_notices, sign_ons
from oidc.models import Authorization, LogoutNotice, SignOn
from tests.accounts.factories import PASSWORD, family_of, log_in
from tests.oidc.factories import client_of, parent
from tests.oidc.relying_party import RelyingParty, header_of
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db
BYE = "https://pay.example.tw/bye"


def ask(party, **query):
    return party.browser.get(reverse("oidc:logout"), query)


def press(party, page, answer="leave"):
    return party.browser.post(reverse("oidc:logout-confirm"), {"request": page.context["sealed"], "answer": answer})


def is_in(browser):
    return browser.get(reverse("binding:sso-home")).status_code == 200


class TestAskedByAClient:
    def test_with_the_token_of_this_session_nobody_is_asked(self, payments):
        token = payments.sign_in()["id_token"]

        response = ask(payments, id_token_hint=token, post_logout_redirect_uri=BYE, state="s t&x")

        assert response.status_code == 303
        assert response.url.startswith(BYE)
        assert parse_qs(urlsplit(response.url).query) == {"state": ["s t&x"]}
        assert not is_in(payments.browser)

    def test_without_a_token_the_parent_is_asked(self, payments):
        payments.sign_in()

        page = ask(payments, client_id=payments.client.client_id, post_logout_redirect_uri=BYE, state="s")
        assert page.status_code == 200
        assert "form-action 'self' https:" in page["Content-Security-Policy"]
        assert is_in(payments.browser)

        assert press(payments, page).url == f"{BYE}?state=s"
        assert not is_in(payments.browser)

    def test_who_does_not_want_to_stays(self, payments):
        page = ask(payments)

        assert press(payments, page, answer="stay").url == reverse("binding:sso-home")
        assert is_in(payments.browser)

    def test_the_token_of_an_earlier_session_asks(self, payments, alice):
        token = payments.sign_in()["id_token"]
        again = RelyingParty(payments.client, log_in(Browser(), alice))
        again.sign_in()

        assert ask(again, id_token_hint=token).status_code == 200
        assert is_in(again.browser)

    def test_the_token_of_another_parent_asks(self, payments, pay):
        token = payments.sign_in()["id_token"]
        carol = RelyingParty(pay, log_in(Browser(), parent("carol@example.com", number="A123456789")))

        assert ask(carol, id_token_hint=token).status_code == 200

    def test_an_expired_token_still_says_which_session(self, payments, settings):
        settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "ID_TOKEN_EXPIRE_SECONDS": -60}
        token = payments.sign_in()["id_token"]

        assert ask(payments, id_token_hint=token, post_logout_redirect_uri=BYE).status_code == 303

    @pytest.mark.parametrize(
        "address",
        [
            BYE + "/",
            BYE + "?x=1",
            "https://pay.example.tw/callback",
            "https://evil.example/bye",
            "https://pay.example.tw@evil.example/bye",
            "//evil.example",
            "/sso/",
            "javascript:alert(1)",
        ],
    )
    def test_only_a_registered_address_is_sent_to(self, payments, address):
        token = payments.sign_in()["id_token"]

        response = ask(payments, id_token_hint=token, post_logout_redirect_uri=address)

        assert response.status_code == 400
        assert is_in(payments.browser)

    def test_an_address_needs_a_client(self, payments):
        assert ask(payments, post_logout_redirect_uri=BYE).status_code == 400
        assert ask(payments, client_id="no\0body", post_logout_redirect_uri=BYE).status_code == 400

    def test_token_and_client_have_to_agree(self, payments):
        token = payments.sign_in()["id_token"]
        other = client_of("酷課雲", host="learn.example.tw")

        assert ask(payments, id_token_hint=token, client_id=other.client_id).status_code == 400
        assert ask(payments, id_token_hint="rubbish").status_code == 400
        assert is_in(payments.browser)

    def test_another_site_cannot_press_the_button(self, pay, alice):
        party = RelyingParty(pay, log_in(Browser(enforce_csrf_checks=True), alice))

        assert press(party, ask(party)).status_code == 403
        assert is_in(party.browser)

    def test_a_post_from_another_site_ends_nothing(self, payments):
        payments.sign_in()

        response = payments.browser.post(reverse("oidc:logout"), {"client_id": payments.client.client_id})

        assert response.status_code == 303
        assert is_in(payments.browser)

    def test_who_is_out_already_goes_straight_back(self, payments):
        token = payments.sign_in()["id_token"]
        stranger = RelyingParty(payments.client)

        response = ask(stranger, id_token_hint=token, post_logout_redirect_uri=BYE)

        assert (response.status_code, response.url) == (303, BYE)
        assert ask(stranger).url == reverse("accounts:sso-login")

    def test_a_family_at_the_portal_is_left_alone(self, pay):
        family = family_of(StudentFactory())
        party = RelyingParty(pay, log_in(Browser(), family))

        ask(party)

        tasks = party.browser.get(reverse("binding:tasks", args=[family.school.slug]))
        assert tasks.status_code == 200


class TestWithoutASessionHere:
    """An hour idle, or another browser: the hint alone says which sign-on is over."""

    @pytest.fixture
    def learn(self, payments):
        return RelyingParty(client_of("酷課雲", host="learn.example.tw"), payments.browser)

    def is_dead(self, party, tokens):
        answers = party.userinfo(tokens["access_token"]), party.refresh(tokens["refresh_token"])
        return [one.status_code for one in answers] == [401, 400]

    def test_the_tokens_of_every_service_die_and_the_others_hear(self, payments, learn):
        mine, theirs = payments.sign_in(), learn.sign_in()
        elsewhere = RelyingParty(payments.client)

        response = ask(elsewhere, id_token_hint=mine["id_token"], post_logout_redirect_uri=BYE)

        assert (response.status_code, response.url) == (303, BYE)
        assert self.is_dead(payments, mine)
        assert self.is_dead(learn, theirs)
        assert sorted(notice.client.name for notice in LogoutNotice.objects.all()) == ["繳費", "酷課雲"]
        assert Event.objects.filter(event="logout", data__client=payments.client.client_id).count() == 1

    def test_twice_tells_nobody_twice(self, payments):
        token = payments.sign_in()["id_token"]

        for _again in range(2):
            ask(RelyingParty(payments.client), id_token_hint=token)

        assert LogoutNotice.objects.count() == Event.objects.filter(event="logout").count() == 1

    def test_an_expired_token_names_it_as_well(self, payments, settings):
        settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "ID_TOKEN_EXPIRE_SECONDS": -60}
        tokens = payments.sign_in()

        ask(RelyingParty(payments.client), id_token_hint=tokens["id_token"])

        assert self.is_dead(payments, tokens)

    def test_at_a_computer_where_another_parent_is_in_hers_goes_on(self, payments, pay):
        tokens = payments.sign_in()
        carol = RelyingParty(pay, log_in(Browser(), parent("carol@example.com", number="A123456789")))
        hers = carol.sign_in()

        assert ask(carol, id_token_hint=tokens["id_token"]).status_code == 200

        assert self.is_dead(payments, tokens)
        assert carol.userinfo(hers["access_token"]).status_code == 200
        assert is_in(carol.browser)

    def test_other_sign_ons_of_the_same_parent_go_on(self, payments, alice):
        elsewhere = RelyingParty(payments.client, log_in(Browser(), alice))
        tokens = elsewhere.sign_in()

        ask(RelyingParty(payments.client), id_token_hint=payments.sign_in()["id_token"])

        assert elsewhere.userinfo(tokens["access_token"]).status_code == 200

    def test_a_service_cannot_end_it_with_the_token_of_another(self, payments, learn):
        tokens = payments.sign_in()

        response = ask(RelyingParty(learn.client), id_token_hint=tokens["id_token"], client_id=learn.client.client_id)

        assert response.status_code == 400
        assert payments.userinfo(tokens["access_token"]).status_code == 200

    def test_a_token_signed_by_another_key_ends_nothing(self, payments):
        tokens = payments.sign_in()
        claims = dict(jwt.decode(tokens["id_token"], payments.keys(), algorithms=["RS256"]).claims)
        kid = header_of(tokens["id_token"])["kid"]
        forged = jwt.encode({"alg": "RS256", "kid": kid, "typ": "JWT"}, claims, RSAKey.generate_key(2048))

        response = ask(RelyingParty(payments.client), id_token_hint=forged, post_logout_redirect_uri=BYE)

        assert response.status_code == 400
        assert payments.userinfo(tokens["access_token"]).status_code == 200

    def test_a_logout_token_is_no_hint(self, payments, alice):
        payments.sign_in()
        alice.end_sessions()
        token = logout_notices.logout_token(LogoutNotice.objects.get())

        assert ask(RelyingParty(payments.client), id_token_hint=token).status_code == 400


class TestEveryClientHears:
    @pytest.fixture
    def learn(self, payments):
        party = RelyingParty(client_of("酷課雲", host="learn.example.tw"), payments.browser)
        party.sign_in()
        return party

    def told(self):
        return sorted(notice.client.name for notice in LogoutNotice.objects.all())

    def test_at_our_own_log_out(self, payments, learn):
        tokens = payments.sign_in()
        payments.sign_in()

        payments.browser.post(reverse("accounts:logout"))

        assert self.told() == ["繳費", "酷課雲"]
        assert payments.userinfo(tokens["access_token"]).status_code == 401
        assert payments.refresh(tokens["refresh_token"]).status_code == 400

    def test_at_the_log_out_that_one_asked_for(self, payments, learn):
        ask(payments, id_token_hint=payments.sign_in()["id_token"])

        assert self.told() == ["繳費", "酷課雲"]

    def test_at_a_new_password(self, payments, learn, alice):
        passwords.change_password(user=alice, password="a new quiet river")

        assert self.told() == ["酷課雲"]
        assert not SignOn.objects.live().exists()

    def test_when_all_sessions_are_ended_on_every_computer(self, payments, learn, alice):
        elsewhere = RelyingParty(payments.client, log_in(Browser(), alice))
        elsewhere.sign_in()

        alice.end_sessions()

        assert self.told() == ["繳費", "酷課雲"]
        assert not Authorization.objects.live().exists()

    def test_when_the_account_is_closed(self, payments, learn, alice):
        alice.sso_account.move_to("closed")

        assert self.told() == ["酷課雲"]

    def test_when_somebody_else_logs_in_at_this_browser(self, payments, learn):
        parent("carol@example.com", number="A123456789")

        typed = {"account": "carol@example.com", "password": PASSWORD}
        payments.browser.post(reverse("accounts:sso-login"), typed)

        assert self.told() == ["酷課雲"]

    def test_when_the_time_is_up(self, payments, learn, capsys):
        SignOn.objects.update(started_at=timezone.now() - timedelta(hours=12, minutes=1))

        call_command("sweep_sign_ons")

        assert self.told() == ["酷課雲"]
        assert "1 ended" in capsys.readouterr().out

    def test_but_not_those_elsewhere(self, payments, learn, alice):
        elsewhere = RelyingParty(payments.client, log_in(Browser(), alice))
        tokens = elsewhere.sign_in()

        payments.browser.post(reverse("accounts:logout"))

        assert self.told() == ["酷課雲"]
        assert elsewhere.userinfo(tokens["access_token"]).status_code == 200

    def test_and_logging_in_again_as_oneself_ends_nothing(self, payments, learn):
        typed = {"account": "alice@example.com", "password": PASSWORD}
        payments.browser.post(reverse("accounts:sso-login"), typed)

        assert self.told() == []
        assert SignOn.objects.live().count() == 1

    def test_old_rows_are_forgotten(self, payments, learn):
        payments.browser.post(reverse("accounts:logout"))
        SignOn.objects.update(ended_at=timezone.now() - timedelta(days=3))

        sign_ons.sweep()

        assert not SignOn.objects.exists()


class TestToken:
    def test_is_what_the_specification_asks_for(self, payments, alice):
        claims = payments.read_id_token(payments.sign_in())
        alice.end_sessions()

        token = logout_notices.logout_token(LogoutNotice.objects.get())

        told = jwt.decode(token, payments.keys(), algorithms=["RS256"]).claims
        assert header_of(token)["typ"] == "logout+jwt"
        assert set(told) == {"iss", "aud", "iat", "exp", "jti", "sub", "sid", "events"}
        assert told["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
        for claim in ("iss", "aud", "sub", "sid"):
            assert told[claim] == claims[claim]
        assert told["exp"] - told["iat"] == 120
