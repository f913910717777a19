"""The page that asks, the list of connected services, and taking it back."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit.models import Event
from oidc.models import Authorization, Client, Connection, Grant, LogoutNotice
from tests.accounts.factories import log_in
from tests.oidc.factories import client_of, parent
from tests.oidc.relying_party import RelyingParty

pytestmark = pytest.mark.django_db


def test_it_says_in_words_what_the_service_will_know(payments):
    page = payments.ask().content.decode()

    for words in ("繳費", "您的姓名", "您的電子郵件", "您綁定的孩子", "不是身分證統一編號"):
        assert words in page


def test_saying_no_tells_the_client_and_connects_nothing(payments):
    answer = payments.answer(payments.agree(payments.ask(), answer="deny"))

    assert (answer["error"], answer["state"]) == ("access_denied", payments.state)
    assert "iss" in answer
    assert not Connection.objects.exists()
    assert not Grant.objects.exists()


def test_it_is_remembered_for_these_scopes_and_no_more(payments):
    payments.agree(payments.ask(scope="openid email"))

    assert "code" in payments.answer(payments.ask(scope="openid email"))
    assert "code" in payments.answer(payments.ask(scope="openid"))
    wider = payments.ask(scope="openid email children")
    assert wider.status_code == 200
    payments.agree(wider)
    assert Connection.objects.get().scope == "openid email children"
    assert Event.objects.filter(event="service.connected").count() == 2


def test_another_site_cannot_press_the_button(pay, alice):
    strict = Browser(enforce_csrf_checks=True)
    party = RelyingParty(pay, log_in(strict, alice))
    page = party.ask()

    assert party.agree(page).status_code == 403
    assert not Grant.objects.exists()


def test_what_was_shown_cannot_be_swapped(payments, pay, alice):
    page = payments.ask(scope="openid")
    carol = RelyingParty(pay, log_in(Browser(), parent("carol@example.com", number="A123456789")))

    assert carol.agree(page).status_code == 400
    for bad in ("", "rubbish", page.context["sealed"][:-2] + "xx"):
        response = payments.browser.post(reverse("oidc:consent"), {"request": bad, "answer": "allow"})
        assert response.status_code == 400
    assert not Grant.objects.exists()


def test_trust_that_was_lowered_meanwhile_counts(payments):
    page = payments.ask()
    Client.objects.update(trust=Client.Trust.IDENTITY)

    assert payments.answer(payments.agree(page))["error"] == "invalid_scope"


def test_a_double_click_gives_two_codes_and_one_connection(payments):
    page = payments.ask()

    codes = {payments.answer(payments.agree(page))["code"] for _twice in range(2)}

    assert len(codes) == 2
    assert Connection.objects.count() == 1


class TestConnectedServices:
    def test_are_listed_with_what_they_know(self, payments, django_assert_max_num_queries):
        payments.sign_in()
        for n in range(3):
            other = RelyingParty(client_of(f"其他{n}", host=f"n{n}.example.tw"), payments.browser)
            other.sign_in(scope="openid")

        with django_assert_max_num_queries(8):
            page = payments.browser.get(reverse("oidc:services")).content.decode()

        assert "繳費" in page
        assert "您綁定的孩子" in page
        assert "其他2" in page

    def test_taking_one_back_kills_its_tokens_and_tells_it(self, payments):
        tokens = payments.sign_in()
        address = reverse("oidc:service-disconnect", args=[Connection.objects.get().pk])

        assert "解除" in payments.browser.get(address).content.decode()
        assert payments.browser.post(address).url == reverse("oidc:services")
        assert payments.browser.post(address).url == reverse("oidc:services")

        assert payments.userinfo(tokens["access_token"]).status_code == 401
        assert payments.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
        assert LogoutNotice.objects.get().client == payments.client
        assert payments.ask().status_code == 200
        assert Event.objects.filter(event="service.disconnected").count() == 1

    def test_are_nobody_elses(self, payments, pay):
        payments.sign_in()
        connection = Connection.objects.get()
        carol = log_in(Browser(), parent("carol@example.com", number="A123456789"))

        assert carol.get(reverse("oidc:service-disconnect", args=[connection.pk])).status_code == 404
        carol.post(reverse("oidc:service-disconnect", args=[connection.pk]))

        assert Authorization.objects.live().exists()
        assert Connection.objects.filter(pk=connection.pk).exists()
