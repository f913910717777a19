"""A pause answers 429 and says when to come again, at every door; the person reads the same page as ever."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import captchas, throttle
from accounts.models import Authenticator, LoginThrottle
from audit.models import Event
from binding.actions.application import choose_kind
from binding.models import Application
from registry.roles import Role
from tests.accounts.factories import (
    PASSWORD,
    captcha_for,
    city_admin,
    family_of,
    log_in,
    registrar_of,
    sso_parent,
    staff,
    with_captcha,
)
from tests.binding.factories import answered_family
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db

WRONG = "not it at all"


def exhaust(user, *, minutes_ago=0):
    """All attempts on the account are used up."""
    for key in throttle.counters_of(*throttle.scope_of(user)):
        LoginThrottle.objects.update_or_create(
            key=key, defaults={"attempts": 99, "window_started_at": timezone.now() - timedelta(minutes=minutes_ago)}
        )


def is_paused(response, words):
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 15 * 60
    assert words in response.content.decode()
    return True


@pytest.fixture
def bob():
    return sso_parent(by=registrar_of(SchoolFactory()))


class TestLogIn:
    def test_of_a_family(self):
        user = family_of(StudentFactory())
        exhaust(user)
        typed = with_captcha(account=user.student.portal_account, password=PASSWORD)

        response = Client().post(reverse("accounts:login", args=[user.school.slug]), typed)

        assert is_paused(response, "這個帳號暫停登入")

    def test_of_staff_and_of_the_city(self):
        teacher, chief = staff(SchoolFactory(), Role.REGISTRAR), city_admin()
        exhaust(teacher)
        exhaust(chief)

        at_school = Client().post(
            reverse("accounts:staff-login", args=[teacher.school.slug]),
            with_captcha(account=teacher.account, password=PASSWORD),
        )
        at_the_city = Client().post(
            reverse("accounts:city-login"), with_captcha(account=chief.account, password=PASSWORD)
        )

        assert is_paused(at_school, "這個帳號暫停登入")
        assert is_paused(at_the_city, "這個帳號暫停登入")

    def test_of_a_parent_and_the_minutes_are_those_of_the_page(self, bob):
        exhaust(bob, minutes_ago=5)

        response = Client().post(reverse("accounts:sso-login"), with_captcha(account=bob.email, password=PASSWORD))

        assert is_paused(response, "請在 10 分鐘後再試")
        assert 9 * 60 < int(response["Retry-After"]) <= 10 * 60

    def test_of_an_address(self, bob, settings):
        settings.IP_FAILURE_LIMIT = 1
        for email in ("nobody@example.com", "no.one@example.com"):
            response = Client().post(
                reverse("accounts:sso-login"), with_captcha(account=email, password=WRONG), REMOTE_ADDR="203.0.113.7"
            )

        assert is_paused(response, "您這裡的網路暫停登入")

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_looking_at_the_page_is_no_attempt(self, bob, method):
        exhaust(bob)

        response = getattr(Client(), method)(reverse("accounts:sso-login"))

        assert response.status_code == 200
        assert not response.has_header("Retry-After")

    def test_the_next_request_is_not_paused_with_it(self, client, bob):
        exhaust(bob)
        client.post(reverse("accounts:sso-login"), with_captcha(client, account=bob.email, password=PASSWORD))

        assert client.get(reverse("accounts:home")).status_code == 200


class TestBehindTheDoor:
    @pytest.mark.parametrize(
        "page", ["accounts:email-change", "accounts:own-second-factor", "binding:leave", "billing:password"]
    )
    def test_pages_that_ask_for_the_password_once_more(self, client, bob, page):
        log_in(client, bob)
        exhaust(bob)

        response = client.post(reverse(page), {"password": PASSWORD, "new_email": "bob2@example.com", "sure": "on"})

        assert is_paused(response, "輸入錯誤太多次")

    def test_the_change_of_a_password(self, client):
        user = family_of(StudentFactory())
        log_in(client, user)
        exhaust(user)
        new = "seven blue lanterns"

        response = client.post(
            reverse("accounts:password", args=[user.school.slug]),
            {"old_password": PASSWORD, "new_password": new, "confirmation": new},
        )

        assert is_paused(response, "輸入錯誤太多次")

    def test_the_second_factor(self, client):
        user = staff(SchoolFactory(), Role.REGISTRAR)
        Authenticator.objects.create(user=user, name="authenticator")
        client.force_login(user, backend="accounts.backends.AccountBackend")
        exhaust(user)

        response = client.post(reverse("accounts:second-factor"), {"token": "000000"})

        assert is_paused(response, "輸入錯誤太多次")

    def test_the_set_up_of_a_second_factor(self, client):
        user = staff(SchoolFactory(), Role.REGISTRAR)
        client.force_login(user, backend="accounts.backends.AccountBackend")
        page = reverse("accounts:second-factor-setup")
        client.get(page)

        statuses = [client.post(page, {"token": "000000"}).status_code for _ in range(6)]

        assert statuses == [200] * 5 + [429]
        assert Event.objects.filter(event="second_factor.failed").count() == 5

    def test_the_mailed_code_and_another_one_too_soon(self, client):
        user = sso_parent(by=registrar_of(SchoolFactory()), password=None, is_proved=False)
        client.force_login(user, backend="accounts.backends.AccountBackend")
        client.post(reverse("accounts:sso-code-send"))

        again = client.post(reverse("accounts:sso-code-send"))
        statuses = [client.post(reverse("accounts:sso-code"), {"code": "000000"}).status_code for _ in range(6)]

        assert is_paused(again, "一分鐘後可以再寄")
        assert statuses == [200] * 5 + [429]
        assert Event.objects.filter(event="mailbox.refused").count() == 5

    def test_asking_again_and_again_for_another_address(self, client, bob, settings):
        settings.EMAIL_CHANGES_ASKED = 2
        log_in(client, bob)
        page = reverse("accounts:email-change")

        answers = [client.post(page, {"password": PASSWORD, "new_email": f"stranger{n}@example.com"}) for n in range(3)]

        assert [one.status_code for one in answers] == [302, 302, 429]
        assert "stranger2@example.com" in answers[2].content.decode()

    def test_the_form_of_an_applicant(self, client, settings):
        settings.APPLICANT_TRIES = 2
        user = answered_family(StudentFactory())
        choose_kind(student=user.student, kind=Application.Kind.ONE_PARENT, by=user)
        log_in(client, user)
        page = reverse("binding:applicant", args=[user.school.slug, 1])

        answers = [client.post(page, {"name": "王大明"}) for _ in range(3)]

        assert [one.status_code for one in answers] == [200, 200, 429]
        assert 'value="王大明"' in answers[2].content.decode()


class TestForStrangers:
    def test_the_forgotten_password_tells_the_same_of_everybody(self, bob):
        pages = []
        for email in (bob.email, "nobody@example.com"):
            for _ in range(6):
                last = Client().post(reverse("accounts:sso-forgotten"), {"account": email})
            assert is_paused(last, "請收信")
            pages.append(last.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0])

        assert len(set(pages)) == 1

    def test_hearing_one_captcha_over_and_over(self, client, monkeypatch):
        monkeypatch.setattr(captchas, "HEARD", 2)
        client.get(reverse("accounts:city-login"))
        key = captcha_for(client).key
        picture, sound = (reverse(f"accounts:captcha-{kind}", args=[key]) for kind in ("image", "audio"))

        statuses = [client.get(one).status_code for one in (sound, picture, sound, picture, sound)]
        last = client.head(sound)

        assert statuses == [200, 200, 200, 200, 429]
        assert (last.status_code, last.has_header("Retry-After")) == (429, True)
