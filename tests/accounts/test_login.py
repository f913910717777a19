"""Logging in at the school's portal and at single sign-on."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import throttle
from accounts.models import Captcha, LoginThrottle, User
from audit.models import Event
from notifications.models import Message
from registry.roles import Role
from tests.accounts.factories import (
    PASSWORD,
    city_admin,
    family_of,
    log_in,
    registrar_of,
    sso_parent,
    staff,
    with_captcha,
)
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


def family_login(client, student, account, password, **more):
    return client.post(
        reverse("accounts:login", args=[student.school.slug]),
        with_captcha(client, account=account, password=password, **more),
    )


@pytest.mark.parametrize("spelling", ["{}", "p{}", "ｐ{}", " P{} "])
def test_first_login_with_the_students_number_asks_for_a_new_password(client, spelling):
    student = StudentFactory()
    account = spelling.format(
        student.student_number if "p" in spelling.lower() or "ｐ" in spelling else student.portal_account
    )

    response = family_login(client, student, account, student.identity_number)

    assert response.status_code == 302
    assert response.url == reverse("binding:tasks", args=[student.school.slug])
    assert client.get(response.url).url == reverse("accounts:password", args=[student.school.slug])
    assert User.objects.get(student=student).password == User.UNSET_PASSWORD


@pytest.mark.parametrize(
    "spell", [str.lower, lambda number: number.translate({ord(c): ord(c) + 0xFEE0 for c in number})]
)
def test_initial_password_may_be_typed_forgivingly(client, spell):
    student = StudentFactory()

    response = family_login(client, student, student.portal_account, spell(student.identity_number))

    assert response.status_code == 302


@pytest.mark.parametrize("wrong", ["account", "password"])
def test_account_and_password_get_the_same_words_and_keep_the_account(client, wrong):
    student = StudentFactory()
    family_of(student)
    typed = with_captcha(account=student.portal_account, password=PASSWORD)
    typed[wrong] = {"account": "P99999999", "password": "not it at all"}[wrong]

    response = client.post(reverse("accounts:login", args=[student.school.slug]), typed)

    page = response.content.decode()
    assert response.status_code == 200
    assert "帳號或密碼不正確，請再試一次" in page
    assert 'href="tel:+886-2-2321-6256,255"' in page
    assert f'value="{typed["account"]}"' in page
    assert typed["password"] not in page


def test_a_misread_captcha_is_told_apart_and_is_no_wrong_password(client):
    student = StudentFactory()
    family_of(student)
    typed = with_captcha(account=student.portal_account, password=PASSWORD) | {"captcha": "11111"}

    page = client.post(reverse("accounts:login", args=[student.school.slug]), typed).content.decode()

    assert "驗證碼不正確，請再輸入一次" in page
    assert f'value="{student.portal_account}"' in page
    assert PASSWORD not in page
    assert not LoginThrottle.objects.filter(attempts__gt=0).exists()


@pytest.mark.parametrize("account", ["{}", "P99999999"])
def test_from_the_third_failure_on_the_page_counts_as_the_throttle_does(client, account):
    student = StudentFactory()
    family_of(student)
    account = account.format(student.portal_account)
    pages = [family_login(client, student, account, "not it at all").content.decode() for _ in range(5)]

    assert [re.findall(r"再輸入錯誤 (\d) 次", page) for page in pages] == [[], [], ["2"], ["1"], []]
    assert "這個帳號現在暫停登入" in pages[4]
    assert "這個帳號暫停登入" in family_login(client, student, account, PASSWORD).content.decode()


class TestKnownBrowser:
    """A browser in which the account was logged in to before is not asked for a captcha."""

    @pytest.fixture
    def student(self):
        student = StudentFactory()
        family_of(student)
        return student

    @pytest.fixture
    def door(self, student):
        return reverse("accounts:login", args=[student.school.slug])

    @pytest.fixture
    def known(self, client, student):
        family_login(client, student, student.portal_account, PASSWORD)
        client.post(reverse("accounts:logout"))
        return client

    def test_a_stranger_is_asked_at_once(self, client, door):
        assert "captcha_key" in client.get(door).content.decode()

    def test_it_is_not_asked(self, known, student, door):
        page = known.get(door).content.decode()
        response = known.post(door, {"account": student.portal_account, "password": PASSWORD})

        assert "captcha_key" not in page
        assert response.status_code == 302

    def test_for_another_account_it_is(self, known, student, door):
        other = StudentFactory(school=student.school)
        family_of(other)

        response = known.post(door, {"account": other.portal_account, "password": PASSWORD})

        page = response.content.decode()
        assert "請連同驗證碼再輸入一次" in page
        assert "captcha_key" in page
        assert PASSWORD not in page
        assert not LoginThrottle.objects.filter(attempts__gt=0).exists(), "what was not looked at costs no try"

    def test_its_cookie_in_another_persons_hands_opens_no_other_account(self, known, student, door):
        thief, other = Client(), StudentFactory(school=student.school)
        family_of(other)
        thief.cookies = known.cookies

        response = thief.post(door, {"account": other.portal_account, "password": PASSWORD})

        assert "captcha_key" in response.content.decode()

    def test_after_three_wrong_ones_it_is_asked(self, known, student, door):
        for _ in range(3):
            page = known.post(door, {"account": student.portal_account, "password": "not it at all"}).content.decode()

        assert "captcha_key" in page

    def test_a_new_password_makes_it_a_stranger(self, known, student, door):
        family_of(student, password="another quiet river")

        response = known.post(door, {"account": student.portal_account, "password": "another quiet river"})

        assert "captcha_key" in response.content.decode()


def test_a_captcha_after_the_first_failure_only(client, settings):
    settings.PORTAL_CAPTCHA = "after_failure"
    student = StudentFactory()
    family_of(student)
    door = reverse("accounts:login", args=[student.school.slug])

    first = client.get(door).content.decode()
    second = client.post(door, {"account": student.portal_account, "password": "not it"}).content.decode()
    without = client.post(door, {"account": student.portal_account, "password": PASSWORD})
    answered = family_login(client, student, student.portal_account, PASSWORD)

    assert "captcha_key" not in first
    assert "captcha_key" in second
    assert (without.status_code, answered.status_code) == (200, 302)


def test_another_captcha_keeps_the_account(client):
    student = StudentFactory()

    response = client.post(
        reverse("accounts:login", args=[student.school.slug]), {"account": "P10630008", "another": "1"}
    )

    assert 'value="P10630008"' in response.content.decode()
    assert Captcha.objects.count() == 1


def test_a_captcha_is_good_for_one_answer(client):
    student = StudentFactory()
    family_of(student)
    typed = with_captcha(account=student.portal_account, password="not it at all")
    client.post(reverse("accounts:login", args=[student.school.slug]), typed)

    response = client.post(reverse("accounts:login", args=[student.school.slug]), {**typed, "password": PASSWORD})

    assert response.status_code == 200


def test_captcha_can_be_seen_and_heard(client):
    captcha = with_captcha()["captcha_key"]

    image = client.get(reverse("accounts:captcha-image", args=[captcha]))
    sound = client.get(reverse("accounts:captcha-audio", args=[captcha]))

    assert image.content.startswith(b"\x89PNG")
    assert sound.content.startswith(b"RIFF")


def test_sixth_try_is_paused_even_with_the_right_password(client):
    student = StudentFactory()
    family_of(student)
    for _ in range(5):
        family_login(client, student, student.portal_account, "not it at all")

    response = family_login(client, student, student.portal_account, PASSWORD)

    assert "這個帳號暫停登入" in response.content.decode()


def test_an_absent_account_is_paused_just_the_same(client):
    student = StudentFactory()
    for _ in range(5):
        family_login(client, student, "P99999999", "not it at all")

    response = family_login(client, student, "P99999999", "not it at all")

    assert "這個帳號暫停登入" in response.content.decode()


def test_a_paused_account_leaves_the_neighbour_at_the_same_address_alone(client):
    alice, bob = StudentFactory.create_batch(2, school=SchoolFactory())
    family_of(bob)
    for _ in range(6):
        family_login(client, alice, alice.portal_account, "not it at all")

    response = family_login(client, bob, bob.portal_account, PASSWORD)

    assert response.status_code == 302


def test_pause_ends_with_its_window(client, settings):
    student = StudentFactory()
    family_of(student)
    for _ in range(5):
        family_login(client, student, student.portal_account, "not it at all")
    settings.LOGIN_FAILURE_MINUTES = 0

    response = family_login(client, student, student.portal_account, PASSWORD)

    assert response.status_code == 302
    key = throttle.key_of("portal", f"{student.school_id}/{student.portal_account}")
    assert LoginThrottle.objects.get(key=key).attempts == 0


def test_windows_long_over_are_swept_away(client):
    LoginThrottle.objects.create(key="old", attempts=3, window_started_at=timezone.now() - timedelta(days=2))

    client.post(reverse("accounts:sso-login"), {"account": "x@example.com", "password": "y"})

    assert not LoginThrottle.objects.filter(key="old").exists()


def test_password_is_not_checked_while_paused(client, monkeypatch):
    student = StudentFactory()
    family_of(student)
    checked = []
    monkeypatch.setattr("accounts.passwords.password_fits", lambda *args: checked.append(args))
    for _ in range(8):
        family_login(client, student, student.portal_account, "not it at all")

    assert len(checked) == 5


def test_a_switched_off_family_does_not_come_in_by_the_initial_rule(client):
    student = StudentFactory()
    user = family_of(student, password=None)
    User.objects.filter(pk=user.pk).update(is_active=False)

    response = family_login(client, student, student.portal_account, student.identity_number)

    assert response.status_code == 200


def test_a_family_whose_child_left_does_not_come_in(client):
    student = StudentFactory(status="left")

    response = family_login(client, student, student.portal_account, student.identity_number)

    assert response.status_code == 200


def test_same_student_number_at_another_school_is_somebody_else(client):
    here, there = StudentFactory(student_number="10630008"), StudentFactory(student_number="10630008")

    response = family_login(client, here, "P10630008", there.identity_number)

    assert response.status_code == 200


def test_staff_come_in_at_their_own_tab_only(client):
    school = SchoolFactory()
    registrar_of(school)
    typed = {"account": "Registrar", "password": PASSWORD}

    as_family = client.post(reverse("accounts:login", args=[school.slug]), with_captcha(client, **typed))
    as_staff = client.post(reverse("accounts:staff-login", args=[school.slug]), with_captcha(client, **typed))

    assert as_family.status_code == 200
    assert as_staff.status_code == 302


def test_login_leads_to_the_page_one_came_for_but_never_off_the_site(client):
    student = StudentFactory()
    family_of(student)
    wanted = reverse("binding:confirm", args=[student.school.slug])

    home = family_login(client, student, student.portal_account, PASSWORD, next=wanted)
    client.logout()
    away = family_login(client, student, student.portal_account, PASSWORD, next="https://evil.example/")

    assert home.url == wanted
    assert away.url == reverse("binding:tasks", args=[student.school.slug])


def test_every_try_is_in_the_event_log(client):
    student = StudentFactory()
    family_of(student)

    family_login(client, student, student.portal_account, "not it at all")
    family_login(client, student, student.portal_account, PASSWORD)

    assert list(Event.objects.order_by("pk").values_list("event", flat=True))[-2:] == [
        "login.failed",
        "login.succeeded",
    ]


def test_logging_out_twice_does_no_harm(client):
    student = StudentFactory()
    client.force_login(family_of(student), backend="accounts.backends.AccountBackend")

    first = client.post(reverse("accounts:logout"))
    second = client.post(reverse("accounts:logout"))

    assert first.url == reverse("accounts:login", args=[student.school.slug])
    assert "已登出" in client.get(first.url).content.decode()
    assert second.url == reverse("accounts:home")


def test_city_staff_have_a_door_of_their_own(client):
    staff(None, account="chief", name="局長室", is_staff=True, is_superuser=True)

    response = client.post(reverse("accounts:city-login"), with_captcha(account="chief", password=PASSWORD))

    assert response.url == reverse("city:home")


class TestSSO:
    def log_in(self, client, email, password, **more):
        return client.post(reverse("accounts:sso-login"), {"account": email, "password": password, **more})

    def test_first_login_takes_the_last_six_and_asks_for_a_new_password(self, client):
        user = sso_parent(by=registrar_of(SchoolFactory()), password=None, is_proved=False)

        response = self.log_in(client, "Bob@Example.com", user.sso_account.identity_number[-6:])

        assert response.url == reverse("binding:sso-home")
        assert client.get(response.url).url == reverse("accounts:sso-code")
        code = re.search(r"\d{6}", Message.objects.get(kind="sign-in-code").text)[0]
        answered = client.post(reverse("accounts:sso-code"), {"code": code})
        assert answered.url == reverse("accounts:sso-password")

    def test_after_the_change_the_last_six_are_worth_nothing(self, client):
        user = sso_parent(by=registrar_of(SchoolFactory()))

        old = self.log_in(client, user.email, user.sso_account.identity_number[-6:])
        new = self.log_in(client, user.email, PASSWORD)

        assert old.status_code == 200
        assert new.status_code == 302

    @pytest.mark.parametrize("limit", ["SSO_INITIAL_FAILURES", "SSO_INITIAL_DAYS"])
    def test_an_initial_password_runs_out(self, client, settings, limit):
        setattr(settings, limit, 0)
        user = sso_parent(by=registrar_of(SchoolFactory()), password=None)

        response = self.log_in(client, user.email, user.sso_account.identity_number[-6:])

        assert response.status_code == 200
        assert "帳號或密碼不正確" in response.content.decode()

    def test_wrong_tries_use_up_an_initial_password(self, client):
        user = sso_parent(by=registrar_of(SchoolFactory()), password=None)

        self.log_in(client, user.email, "not it")

        user.sso_account.refresh_from_db()
        assert user.sso_account.initial_failures == 1

    def test_is_paused_after_five_tries(self, client):
        user = sso_parent(by=registrar_of(SchoolFactory()))
        for _ in range(5):
            self.log_in(client, user.email, "not it at all", **with_captcha(client))

        response = self.log_in(client, user.email, PASSWORD, **with_captcha(client))

        assert "這個帳號暫停登入" in response.content.decode()

    @pytest.mark.parametrize("email", ["bob@example.com", "nobody@example.com"])
    def test_after_three_wrong_ones_a_captcha_is_asked_for(self, client, email):
        sso_parent(by=registrar_of(SchoolFactory()))
        pages = [self.log_in(client, email, "not it at all").content.decode() for _ in range(4)]

        has_captcha = ["captcha_key" in page for page in pages]
        assert has_captcha == [False, False, True, True]
        assert "請連同驗證碼再輸入一次" in pages[3]
        assert LoginThrottle.objects.get(key=throttle.key_of("sso", email)).attempts == 3

    def test_the_right_password_comes_in_with_the_captcha_only(self, client):
        user = sso_parent(by=registrar_of(SchoolFactory()))
        for _ in range(3):
            self.log_in(client, user.email, "not it at all")

        without = self.log_in(client, user.email, PASSWORD)
        wrong = self.log_in(client, user.email, PASSWORD, **{**with_captcha(client), "captcha": "x"})
        right = self.log_in(client, user.email, PASSWORD, **with_captcha(client))

        assert (without.status_code, wrong.status_code, right.status_code) == (200, 200, 302)

    def test_what_is_missing_beside_a_captcha_is_said(self, client):
        for _ in range(3):
            self.log_in(client, "x@example.com", "not it at all")
        typed = with_captcha(client) | {"captcha": ""}

        page = self.log_in(client, "x@example.com", PASSWORD, **typed).content.decode()

        assert "驗證碼" in page
        assert "error-summary" in page
        assert "captcha_key" in page

    def test_another_captcha_uses_up_no_attempt(self, client):
        for _ in range(3):
            self.log_in(client, "x@example.com", "not it at all")

        page = self.log_in(client, "x@example.com", "", another="1", **with_captcha(client))

        assert "captcha_key" in page.content.decode()
        assert 'value="x@example.com"' in page.content.decode()
        assert LoginThrottle.objects.get(key=throttle.key_of("sso", "x@example.com")).attempts == 3

    def test_a_session_of_another_door_ends(self, client):
        teacher = staff(SchoolFactory(), Role.REGISTRAR)
        user = sso_parent(by=teacher)
        client.force_login(teacher, backend="accounts.backends.AccountBackend")

        self.log_in(client, user.email, PASSWORD)

        assert client.session["_auth_user_id"] == str(user.pk)


class TestAMemberOfStaffWhoIsIn:
    """A bookmark of the log-in page costs no second log-in; nobody else is led past the door."""

    def door(self, school, **query):
        return reverse("accounts:staff-login", args=[school.slug]) + ("?" + urlencode(query) if query else "")

    def test_goes_on_to_the_desk_or_the_page_asked_for(self, client):
        school = SchoolFactory()
        log_in(client, staff(school, Role.REGISTRAR))
        wanted = reverse("registry:students", args=[school.slug])

        assert client.get(self.door(school)).url == reverse("accounts:staff-home", args=[school.slug])
        assert client.get(self.door(school, next=wanted)).url == wanted
        assert client.get(self.door(school, next="https://evil.example/")).url == reverse(
            "accounts:staff-home", args=[school.slug]
        )

    def test_of_another_school_or_without_the_second_factor_logs_in(self, client):
        school = SchoolFactory()
        user = staff(SchoolFactory(), Role.REGISTRAR)
        log_in(client, user)
        assert client.get(self.door(school)).status_code == 200

        unproved = Client()
        unproved.force_login(user, backend="accounts.backends.AccountBackend")

        assert unproved.get(self.door(user.school)).status_code == 200

    def test_of_the_city_goes_to_its_desk(self, client):
        log_in(client, city_admin())

        assert client.get(reverse("accounts:city-login")).url == reverse("city:home")
        assert client.get(self.door(SchoolFactory())).status_code == 200
