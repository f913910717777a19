"""What was typed is shown to the log-in that typed it, until it is sent; to any other it is masked."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import BrowserSession
from binding.actions import application as actions
from binding.actions.custody import restrict
from binding.models import Applicant
from tests.accounts.factories import log_in, registrar_of
from tests.binding.factories import MANDATE, Kind, answered_family
from tests.flows.walker import person

pytestmark = pytest.mark.django_db

NUMBER = person(701, "father")["identity_number"]
SECRETS = (NUMBER, "0912-000-701", "person701@example.com")


@pytest.fixture
def family():
    user = answered_family()
    actions.choose_kind(student=user.student, kind=Kind.ONE_PARENT, by=user)
    return user


@pytest.fixture
def browser(family):
    """The one in which the applicant was typed."""
    client = log_in(Client(), family)
    assert client.post(page(family, "applicant", 1), person(701, "father")).status_code == 302
    return client


def page(user, name, *more):
    return reverse(f"binding:{name}", args=[user.school.slug, *more])


def read(client, user, name, *more):
    response = client.get(page(user, name, *more))
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_the_check_and_the_sign_page_show_it_in_full(family, browser):
    checked = read(browser, family, "check")
    browser.post(page(family, "check"))
    signed = read(browser, family, "sign")

    assert all(secret in checked for secret in SECRETS)
    assert "王大明" in signed
    assert NUMBER in signed
    assert "person701@example.com" in signed


def test_once_sent_it_is_masked(family, browser):
    browser.post(page(family, "check"))
    browser.post(page(family, "sign"))

    signed = read(browser, family, "sign")

    assert NUMBER not in signed
    assert "person701@example.com" not in signed
    assert Applicant.objects.get().typed_in == {}


def test_a_second_browser_of_the_same_account_sees_it_masked(family, browser):
    other = log_in(Client(), family)

    for name, more in (("check", ()), ("applicant", (1,))):
        shown = read(other, family, name, *more)
        assert not any(secret in shown for secret in (*SECRETS, "0912000701")), name
        assert "王大明" in shown


def test_what_the_second_browser_types_anew_only_it_sees(family, browser):
    other = log_in(Client(), family)
    other.post(page(family, "applicant", 1), {"name": "王大明", "relationship": "father", "mobile": "0987654321"})

    first, second = read(browser, family, "check"), read(other, family, "check")

    assert NUMBER in first
    assert "0987-654-321" not in first
    assert NUMBER not in second
    assert "0987-654-321" in second
    assert Applicant.objects.get().identity_number == NUMBER


def test_a_log_out_ends_it(family, browser):
    browser.post(reverse("accounts:logout"))
    log_in(browser, family)

    assert NUMBER not in read(browser, family, "check")


def test_a_new_password_ends_it(family, browser):
    family.set_password("seven blue lanterns")
    family.save()
    log_in(browser, family)
    browser.post(page(family, "applicant", 1), person(701, "father"))
    assert NUMBER in read(browser, family, "check")
    typed = {
        "old_password": "seven blue lanterns",
        "new_password": "nine red umbrellas!",
        "confirmation": "nine red umbrellas!",
    }

    assert browser.post(reverse("accounts:password", args=[family.school.slug]), typed).status_code == 302

    assert NUMBER not in read(browser, family, "check")


def test_the_number_stands_in_no_session_and_no_mark(family, browser):
    browser.post(page(family, "check"))

    kept = str([one.get_decoded() for one in BrowserSession.objects.all()]) + str(Applicant.objects.get().typed_in)

    assert NUMBER not in kept
    assert browser.session.session_key not in kept


def test_while_custody_is_restricted_the_other_parent_sees_nothing(family, browser):
    restrict(
        student=family.student, document=MANDATE, document_on=timezone.localdate(), starts_on=timezone.localdate(),
        until=None, note="", by=registrar_of(family.school),
    )  # fmt: skip
    other = log_in(Client(), family)

    mine, theirs = read(browser, family, "check"), read(other, family, "check")

    assert all(secret in mine for secret in SECRETS)
    assert not any(secret in theirs for secret in (*SECRETS, "王大明"))
    assert "王大明" not in read(other, family, "applicant", 1)


def test_a_field_in_the_form_begins_with_what_this_log_in_typed(family, browser):
    shown = read(browser, family, "applicant", 1)

    assert f'value="{NUMBER}"' in shown


def test_what_an_earlier_log_in_typed_stays_when_nothing_is_typed(family, browser):
    later = log_in(Client(), family)

    response = later.post(page(family, "applicant", 1), {"name": "王大同", "relationship": "father"})

    one = Applicant.objects.get()
    assert response.status_code == 302
    assert (one.name, one.identity_number, one.email) == ("王大同", NUMBER, "person701@example.com")
