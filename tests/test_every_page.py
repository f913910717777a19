"""One sweep: every address as every role. What is not listed as open to a role must be closed to it."""

import pytest
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import reverse

from tests.support.world import EVERY_NAME, OPEN, POSTS, address_of, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_spoken_nor_drawn_twice(monkeypatch):
    """Noise behind a spoken captcha is a second of work: tests/accounts/test_captchas.py listens to it.

    What a closed page answers looks the same to a person each time: it is drawn once for each.
    """
    drawn = {}

    def draw(request, template, context=None, *, status):
        key = template, str(context), request.user.pk
        if key not in drawn:
            drawn[key] = render(request, template, context).content
        return HttpResponse(drawn[key], status=status)

    monkeypatch.setattr("config.views.render", draw)
    monkeypatch.setattr("accounts.captchas.speak", lambda captcha: b"RIFF")


def is_open(response):
    if response.status_code == 302:
        return "login/" not in response.url
    return response.status_code in (200, 409)


def test_every_address_is_listed_here():
    assert OPEN.keys() | POSTS.keys() | {"accounts:logout"} == EVERY_NAME


def test_every_page_as_every_role(world):
    wrong = []
    for role, person in world["people"].items():
        client = world["client"] = client_of(person)
        for name, allowed in OPEN.items():
            response = client.get(address_of(name, world))
            if is_open(response) != (role in allowed):
                wrong.append((role, name, response.status_code))

    assert not wrong


def test_every_deed_as_every_role(world):
    wrong = []
    for role, person in world["people"].items():
        client = client_of(person)
        for name, allowed in POSTS.items():
            address = address_of(name, world)
            assert client.get(address).status_code != 200, f"{name} answers GET"
            response = client.post(address, {"answer": "agree", "language": "en", "decision": "none"})
            if is_open(response) != (role in allowed):
                wrong.append((role, name, response.status_code))
            if response.status_code not in (403, 404):  # something was done: perhaps to the log-in
                client = client_of(person)

    assert not wrong


def test_admin_opens_to_the_city_alone(world):
    pages = [
        reverse("admin:index"),
        *(reverse(f"admin:{model}_changelist") for model in [
            "registry_school", "registry_schoolclass", "registry_student", "accounts_user", "accounts_ssoaccount",
            "oidc_service", "consent_consenttext", "consent_consentdecision", "binding_application",
            "binding_binding", "review_paperform", "notifications_message", "audit_event",
        ]),
    ]  # fmt: skip
    for role, person in world["people"].items():
        client = client_of(person)
        for page in pages:
            response = client.get(page, follow=True)
            is_in = response.status_code == 200 and "login" not in response.request["PATH_INFO"]
            assert is_in == (role == "city_admin"), (role, page, response.status_code)


def test_staff_without_second_factor_open_nothing(world):
    client = Client()
    client.force_login(world["people"]["registrar"], backend="accounts.backends.AccountBackend")

    for name in ("review:home", "review:application", "registry:roster-list", "binding:corrections"):
        assert client.get(address_of(name, world)).url == reverse("accounts:second-factor")


def test_a_class_that_changes_hands_closes_to_the_former_teacher(world):
    client = client_of(world["people"]["teacher"])
    world["class"].duties.update(account="somebody-else")

    assert client.get(address_of("review:application", world)).status_code == 404
