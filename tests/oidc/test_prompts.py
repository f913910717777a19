"""prompt, max_age, hints and languages."""

import time

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.reauthentication import AUTHENTICATED_AT
from tests.accounts.factories import PASSWORD, log_in
from tests.oidc.factories import client_of, parent
from tests.oidc.relying_party import RelyingParty

pytestmark = pytest.mark.django_db


def type_password(browser, login_page_address, email="alice@example.com"):
    page = browser.get(login_page_address)
    typed = {"account": email, "password": PASSWORD, "next": page.context["next"]}
    return browser.post(reverse("accounts:sso-login"), typed)


def long_ago(browser, seconds=1000):
    session = browser.session
    session[AUTHENTICATED_AT] = time.time() - seconds
    session.save()


def test_silent_needs_a_session_and_a_consent(pay, payments):
    assert RelyingParty(pay).answer(RelyingParty(pay).ask(prompt="none"))["error"] == "login_required"
    assert payments.answer(payments.ask(prompt="none"))["error"] == "consent_required"

    payments.agree(payments.ask())

    assert "code" in payments.answer(payments.ask(prompt="none"))


def test_silent_cannot_change_a_password_that_is_owed(pay):
    carol = parent("carol@example.com", password=None)
    party = RelyingParty(pay, log_in(Browser(), carol))

    assert party.answer(party.ask(prompt="none"))["error"] == "interaction_required"


def test_who_owes_a_password_goes_on_to_the_service_afterwards(pay):
    carol = parent("carol@example.com", password=None)
    party = RelyingParty(pay, log_in(Browser(), carol))

    response = party.ask()
    page = party.browser.get(response.url)
    changed = party.browser.post(
        response.url,
        {
            "old_password": carol.sso_account.identity_number[-6:],
            "new_password": "a slow boat to Tamsui",
            "confirmation": "a slow boat to Tamsui",
        },
    )

    assert response.url == reverse("accounts:sso-password")
    assert "form-action 'self' https:" in page["Content-Security-Policy"]
    assert changed.url.startswith(reverse("oidc:authorize"))
    assert "code" in party.answer(party.agree(party.browser.get(changed.url)))


@pytest.mark.parametrize("prompt", ["login", "select_account", "login consent"])
def test_a_log_in_asked_for_is_a_log_in_shown(payments, prompt):
    payments.agree(payments.ask())

    asked = payments.ask(prompt=prompt)
    assert asked.url.startswith(reverse("accounts:sso-login"))
    after = type_password(payments.browser, asked.url)
    response = payments.browser.get(after.url)

    response = payments.agree(response) if response.status_code == 200 else response
    assert "code" in payments.answer(response)


def test_going_on_without_the_log_in_asks_for_it_again(payments):
    payments.agree(payments.ask())
    asked = payments.ask(prompt="login")
    following = payments.browser.get(asked.url).context["next"]

    assert payments.browser.get(following).url.startswith(reverse("accounts:sso-login"))


def test_an_answered_log_in_does_not_answer_another_request(payments):
    payments.agree(payments.ask())
    asked = payments.ask(prompt="login")
    after = type_password(payments.browser, asked.url)
    stolen = after.url.replace(payments.state, "another")

    assert payments.browser.get(stolen).url.startswith(reverse("accounts:sso-login"))


def test_max_age_asks_who_logged_in_too_long_ago(payments):
    payments.agree(payments.ask())
    long_ago(payments.browser, 1000)

    assert "code" in payments.answer(payments.ask(max_age="2000"))
    assert payments.answer(payments.ask(max_age="500", prompt="none"))["error"] == "login_required"
    asked = payments.ask(max_age="500")
    after = type_password(payments.browser, asked.url)
    code = payments.answer(payments.browser.get(after.url))["code"]

    claims = payments.read_id_token(payments.exchange(code).json(), max_age=500)
    assert time.time() - claims["auth_time"] < 100


def test_max_age_zero_asks_always_and_is_satisfied_once(payments):
    payments.agree(payments.ask())

    asked = payments.ask(max_age="0")
    assert asked.url.startswith(reverse("accounts:sso-login"))
    after = type_password(payments.browser, asked.url)

    assert "code" in payments.answer(payments.browser.get(after.url))
    assert payments.ask(max_age="0").url.startswith(reverse("accounts:sso-login"))


def test_auth_time_is_that_of_this_session(payments, alice):
    long_ago(payments.browser, 1000)
    log_in(Browser(), alice)  # at another computer, just now

    claims = payments.read_id_token(payments.sign_in())

    assert 900 < time.time() - claims["auth_time"] < 1100


def test_a_second_factor_shows_in_acr_and_amr(pay, alice):
    from django_otp import DEVICE_ID_SESSION_KEY

    from accounts.models import RecoverySheet

    browser = log_in(Browser(), alice)
    session = browser.session
    session[DEVICE_ID_SESSION_KEY] = RecoverySheet.objects.create(user=alice, name="x").persistent_id
    session.save()
    party = RelyingParty(pay, browser)

    claims = party.read_id_token(party.sign_in(acr_values="urn:taipei-edu:acr:two-factor"))

    assert (claims["acr"], claims["amr"]) == ("urn:taipei-edu:acr:two-factor", ["pwd", "otp", "mfa"])


def test_the_hint_fills_the_address_in_and_stays_out_of_ours(pay):
    party = RelyingParty(pay)

    response = party.ask(login_hint="alice@example.com")

    assert "alice" not in response.url
    assert 'value="alice@example.com"' in party.browser.get(response.url).content.decode()


def test_a_hint_is_escaped(pay):
    party = RelyingParty(pay)

    response = party.ask(login_hint='"><script>alert(1)</script>')

    assert "<script>alert" not in party.browser.get(response.url).content.decode()


def test_an_id_token_hint_of_somebody_else_is_no_sign_in(pay, payments):
    token = payments.sign_in()["id_token"]
    carol = RelyingParty(pay, log_in(Browser(), parent("carol@example.com", number="A123456789")))
    carol.agree(carol.ask())

    assert carol.answer(carol.ask(id_token_hint=token, prompt="none"))["error"] == "login_required"
    assert carol.answer(carol.ask(id_token_hint="rubbish", prompt="none"))["error"] == "login_required"
    assert "code" in payments.answer(payments.ask(id_token_hint=token, prompt="none"))
    asked = carol.ask(id_token_hint=token)
    after = type_password(carol.browser, asked.url, email="carol@example.com")
    assert carol.answer(carol.browser.get(after.url))["error"] == "login_required"


def test_ui_locales_pick_the_language_unless_the_parent_did(pay, payments):
    english = RelyingParty(pay)
    english.browser.get(english.ask(ui_locales="fr en").url)
    assert english.browser.cookies["language"].value == "en"
    assert english.browser.cookies["language"]["max-age"] == ""
    assert payments.ask(ui_locales="en-US").headers["Content-Language"] == "en"

    payments.browser.cookies["language"] = "zh-hant"
    page = payments.ask(ui_locales="en")

    assert page.headers["Content-Language"] == "zh-hant"


def test_consent_is_asked_again_when_the_client_wants_it(payments):
    payments.agree(payments.ask())

    assert payments.ask(prompt="consent").status_code == 200


def test_the_citys_own_services_need_not_ask(alices_browser):
    own = client_of("市府", host="own.example.tw", kind="first_party", skip_authorization=True)
    party = RelyingParty(own, alices_browser)

    assert "code" in party.answer(party.ask())
    assert party.ask(prompt="consent").status_code == 200
