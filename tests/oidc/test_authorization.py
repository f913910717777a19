"""The authorization endpoint: whom it answers, where the answer goes, and what it refuses."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from accounts import saved_post
from accounts.models import User
from accounts.sessions import tell_apart
from core import crypto
from oidc.models import Client, Grant
from tests.accounts.factories import family_of, log_in, staff
from tests.oidc.factories import client_of
from tests.oidc.relying_party import RelyingParty
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "variant",
    [
        "https://pay.example.tw/callback/",
        "https://pay.example.tw/Callback",
        "https://PAY.example.tw/callback",
        "HTTPS://pay.example.tw/callback",
        "https://pay.example.tw/callback?next=/x",
        "https://pay.example.tw/callback?",
        "https://pay.example.tw/callback#",
        "https://pay.example.tw/callback#x",
        "https://pay.example.tw/%63allback",
        "https://pay.example.tw/./callback",
        "https://pay.example.tw/callback;x",
        "https://pay.example.tw/callback%00",
        "https://pay.example.tw/callback ",
        "https://pay.example.tw:443/callback",
        "https://pay.example.tw:8443/callback",
        "https://evil@pay.example.tw/callback",
        "https://pay.example.tw@evil.example/callback",
        "https://pay.example.tw.evil.example/callback",
        "https://evil.example\\@pay.example.tw/callback",
        "https://localhost/callback",
        "http://localhost/callback",
        "http://pay.example.tw/callback",
        "//pay.example.tw/callback",
        "javascript:alert(1)",
        "",
        None,
    ],
)
def test_only_the_very_redirect_uri_is_sent_to(payments, variant):
    response = payments.ask(redirect_uri=variant)

    assert response.status_code == 400
    assert "無法登入這個服務" in response.content.decode()
    assert not Grant.objects.exists()


def test_two_redirect_uris_at_once_are_none(payments):
    query = {**payments.query(), "redirect_uri": [payments.redirect_uri, payments.redirect_uri]}

    assert payments.browser.get(reverse("oidc:authorize"), query).status_code == 400


@pytest.mark.parametrize("client_id", ["", None, "nobody", "no\0body", "x" * 5000])
def test_an_unknown_client_is_told_nothing(payments, client_id):
    assert payments.ask(client_id=client_id).status_code == 400


def test_a_client_that_was_switched_off_is_unknown(payments):
    Client.objects.update(is_active=False)

    assert payments.ask().status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "x"}, "invalid_request"),
        ({"code_challenge": "x" * 500}, "invalid_request"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "none"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"nonce": "n" * 256}, "invalid_request"),
        ({"nonce": "n\0"}, "invalid_request"),
        ({"nonce": ["a", "b"]}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0."}, "request_not_supported"),
        ({"request_uri": "https://pay.example.tw/request"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
    ],
)
def test_what_is_refused_goes_back_to_the_client_with_state_and_issuer(payments, changes, error):
    answer = payments.answer(payments.ask(**changes))

    assert (answer["error"], answer["state"], answer["iss"]) == (error, payments.state, settings.SITE_URL)
    assert "code" not in answer
    assert not Grant.objects.exists()


def test_a_scope_beyond_the_clients_trust_is_refused(alices_browser):
    shop = RelyingParty(client_of("商店", host="shop.example.tw", trust=Client.Trust.PERSON), alices_browser)

    assert shop.answer(shop.ask(scope="openid children"))["error"] == "invalid_scope"
    assert "code" in shop.answer(shop.agree(shop.ask(scope="openid profile")))


def test_unknown_scopes_are_left_out(payments):
    tokens = payments.sign_in(scope="openid email phone offline_access")

    assert tokens["scope"] == "openid email"


def test_a_request_by_post_comes_again_by_get(payments):
    response = Browser(enforce_csrf_checks=True).post(reverse("oidc:authorize"), payments.query())

    assert response.status_code == 303
    assert parse_qs(urlsplit(response.url).query)["state"] == [payments.state]


def test_staff_and_families_get_the_parents_log_in(pay):
    student = StudentFactory()
    for person in (staff(student.school, account="bob"), family_of(student)):
        party = RelyingParty(pay, log_in(Browser(), person))

        response = party.ask()

        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:sso-login"))
        assert party.answer(party.ask(prompt="none"))["error"] == "login_required"


def test_a_registered_query_is_kept_and_a_foreign_issuer_in_it_is_not(alices_browser):
    uris = "https://shop.example.tw/cb?tenant=7&iss=https://evil.example"
    shop = RelyingParty(client_of("商店", host="shop.example.tw", redirect_uris=uris), alices_browser)

    answer = parse_qs(urlsplit(shop.agree(shop.ask(prompt="consent")).url).query)

    assert answer["tenant"] == ["7"]
    assert answer["iss"] == [settings.SITE_URL]


def test_a_client_that_mixes_up_issuers_notices(payments):
    answer = payments.answer(payments.agree(payments.ask()))

    assert answer["iss"] != "https://other-provider.example"
    assert answer["iss"] == payments.direct.get("/.well-known/openid-configuration").json()["issuer"]


def test_an_altered_nonce_does_not_pass_the_clients_check(payments):
    tokens = payments.sign_in(nonce="of-somebody-else")

    with pytest.raises(Exception, match="nonce"):
        payments.read_id_token(tokens)


def test_the_state_comes_back_letter_by_letter(payments):
    state = "a b+c&d=e%2F€\"'<>\\"

    assert payments.answer(payments.agree(payments.ask(state=state)))["state"] == state


def test_the_queries_of_a_remembered_sign_in(payments, django_assert_max_num_queries):
    payments.sign_in()

    with django_assert_max_num_queries(20):
        payments.get_code()


def form_action(page):
    return next(part.strip() for part in page["Content-Security-Policy"].split(";") if "form-action" in part)


def test_the_page_that_asks_lets_its_form_lead_on_from_the_client(payments, settings):
    settings.ALLOW_LOCAL_CLIENTS = False

    page = payments.ask()

    assert form_action(page) == "form-action 'self' https:"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "no-store" in page["Cache-Control"]


def test_the_log_in_page_leads_on_to_a_registered_redirect_uri_only(payments, settings):
    settings.ALLOW_LOCAL_CLIENTS = False
    stranger = Browser()

    for redirect_uri, words in [(payments.redirect_uri, "'self' https:"), ("https://evil.example/cb", "'self'")]:
        query = "&".join(f"{k}={v}" for k, v in payments.query(redirect_uri=redirect_uri, state="x").items())
        page = stranger.get(reverse("accounts:sso-login"), {"next": f"{reverse('oidc:authorize')}?{query}"})
        assert form_action(page) == f"form-action {words}"


def test_pages_with_no_service_behind_them_send_their_forms_nowhere_else(payments):
    for name in ("accounts:sso-login", "binding:sso-home", "accounts:sso-password", "oidc:services"):
        browser = Browser() if name == "accounts:sso-login" else payments.browser
        assert form_action(browser.get(reverse(name))) == "form-action 'self'", name


def test_what_was_sent_too_late_may_lead_to_the_client_as_well(payments, settings):
    settings.ALLOW_LOCAL_CLIENTS = False
    for address, words in [(reverse("oidc:consent"), "'self' https:"), (reverse("binding:leave"), "'self'")]:
        session = payments.browser.session
        whose = tell_apart(User.objects.get(pk=session["_auth_user_id"]))
        kept = {"whose": whose, "url": address, "page": "", "fields": [["a", "b"]]}
        session[saved_post.KEY] = crypto.encrypt(json.dumps({**kept, "is_whole": True}))
        session.save()

        assert form_action(payments.browser.get(reverse("accounts:saved-post"))) == f"form-action {words}"
