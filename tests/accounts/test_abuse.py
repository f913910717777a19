"""Guessing: on one account, from one address, on many accounts; and what the guesser can't find out."""

import statistics
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import email_change, passwords, throttle
from accounts.hashers import LoginHasher
from accounts.log_in import Refused, log_in_parent
from accounts.models import Authenticator, EmailToken, LoginThrottle, SSOAccount, User
from audit.models import Event
from registry.roles import Role
from staff import helpdesk
from tests.accounts.factories import PASSWORD, family_of, log_in, registrar_of, sso_parent, staff, with_captcha
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db

WRONG = "not it at all"
ARGON2 = ["accounts.hashers.LoginHasher"]


@pytest.fixture
def bob():
    return sso_parent(by=registrar_of(SchoolFactory()))


def sso(client, email, password=WRONG, *, address="203.0.113.7", **more):
    typed = {"account": email, "password": password, **with_captcha(client), **more}
    return client.post(reverse("accounts:sso-login"), typed, REMOTE_ADDR=address)


def words_of(response):
    return response.content.decode()


class TestOneAddress:
    def test_is_paused_after_its_own_limit(self, settings):
        settings.IP_FAILURE_LIMIT = 10
        for one in range(10):
            sso(Client(), f"nobody{one}@example.com")

        here = sso(Client(), "another@example.com")
        there = sso(Client(), "another@example.com", address="203.0.113.8")

        assert "您這裡的網路暫停登入" in words_of(here)
        assert "您這裡的網路暫停登入" not in words_of(there)

    def test_good_log_ins_of_a_school_do_not_count(self, settings, bob):
        settings.IP_FAILURE_LIMIT = 3
        for _ in range(10):
            assert sso(Client(), bob.email, PASSWORD).status_code == 302

    def test_a_forged_header_is_no_other_address(self, settings, bob):
        settings.IP_FAILURE_LIMIT = 5
        for one in range(5):
            typed = {"account": f"nobody{one}@example.com", "password": WRONG, **with_captcha()}
            Client().post(
                reverse("accounts:sso-login"),
                typed,
                REMOTE_ADDR="203.0.113.7",
                HTTP_X_FORWARDED_FOR=f"198.51.100.{one}",
            )

        assert "您這裡的網路暫停登入" in words_of(sso(Client(), bob.email))

    def test_behind_our_proxy_its_last_word_counts(self, settings):
        settings.TRUSTED_PROXIES = 1
        settings.IP_FAILURE_LIMIT = 5
        for one in range(5):
            typed = {"account": f"nobody{one}@example.com", "password": WRONG, **with_captcha()}
            header = f"198.51.100.{one}, 203.0.113.7"
            Client().post(reverse("accounts:sso-login"), typed, HTTP_X_FORWARDED_FOR=header)
        typed = {"account": "x@example.com", "password": WRONG, **with_captcha()}

        here = Client().post(reverse("accounts:sso-login"), typed, HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.7")
        there = Client().post(
            reverse("accounts:sso-login"), typed | with_captcha(), HTTP_X_FORWARDED_FOR="203.0.113.7, 203.0.113.9"
        )

        assert "您這裡的網路暫停登入" in words_of(here)
        assert "您這裡的網路暫停登入" not in words_of(there)

    def test_ipv6_counts_by_what_one_customer_has(self):
        assert throttle.network_of("2001:db8::1") == throttle.network_of("2001:db8::ffff:2")
        assert throttle.network_of("2001:db8::1") != throttle.network_of("2001:db8:0:1::1")


class TestSpraying:
    def test_from_one_address_pauses_it_and_tells_the_city(self, settings):
        settings.SPRAY_IP_ACCOUNTS = 4
        for one in range(4):
            sso(Client(), f"nobody{one}@example.com")

        response = sso(Client(), "nobody9@example.com")

        event = Event.objects.get(event="login.spraying")
        assert "您這裡的網路暫停登入" in words_of(response)
        assert (event.data, event.ip_address) == ({"where": "address", "accounts": 4}, "203.0.113.7")

    def test_many_tries_at_one_account_are_no_spraying(self, settings):
        settings.SPRAY_IP_ACCOUNTS = 2
        for _ in range(5):
            sso(Client(), "nobody@example.com")

        assert not Event.objects.filter(event="login.spraying").exists()

    def test_from_many_addresses_is_seen_city_wide(self, settings, bob):
        settings.SPRAY_CITY_ACCOUNTS = 4
        for one in range(6):
            sso(Client(), f"nobody{one}@example.com", address=f"203.0.113.{one}")

        page = words_of(Client().get(reverse("accounts:sso-login")))
        typed = {"account": bob.email, "password": PASSWORD}
        without_captcha = Client().post(reverse("accounts:sso-login"), typed)

        event = Event.objects.get(event="login.spraying")
        assert event.data == {"where": "city", "accounts": 4}
        assert "captcha_key" in page
        assert "請連同驗證碼再輸入一次" in words_of(without_captcha)
        assert sso(Client(), bob.email, PASSWORD).status_code == 302

    def test_accounts_take_less_meanwhile(self, settings, bob):
        settings.SPRAY_CITY_ACCOUNTS = 1
        sso(Client(), "nobody@example.com")
        for _ in range(2):
            sso(Client(), bob.email)

        assert "這個帳號暫停登入" in words_of(sso(Client(), bob.email, PASSWORD))

    def test_all_doors_are_watched_together(self, settings):
        settings.SPRAY_IP_ACCOUNTS = 3
        school = SchoolFactory()
        for page, account in (("login", "P1"), ("staff-login", "alice")):
            typed = with_captcha(account=account, password=WRONG)
            Client().post(reverse(f"accounts:{page}", args=[school.slug]), typed, REMOTE_ADDR="203.0.113.7")
        sso(Client(), "nobody@example.com")

        assert Event.objects.filter(event="login.spraying").count() == 1


class TestKnownDevice:
    @pytest.fixture
    def own(self, bob):
        """Bob's own browser: he was logged in here before."""
        client = Client()
        assert sso(client, bob.email, PASSWORD).status_code == 302
        client.post(reverse("accounts:logout"))
        return client

    def lock(self, email):
        for _ in range(6):
            last = sso(Client(), email)
        assert "這個帳號暫停登入" in words_of(last)

    def test_lets_its_owner_in_while_a_stranger_locks_the_account(self, own, bob):
        self.lock(bob.email)

        assert sso(Client(), bob.email, PASSWORD).status_code == 429
        assert sso(own, bob.email, PASSWORD).status_code == 302

    def test_lets_its_owner_in_while_the_address_is_paused(self, own, bob, settings):
        settings.IP_FAILURE_LIMIT = settings.SPRAY_IP_ACCOUNTS = 2
        for one in range(3):
            sso(Client(), f"nobody{one}@example.com")

        assert sso(own, bob.email, PASSWORD).status_code == 302

    def test_has_a_small_counter_of_its_own(self, own, bob):
        for _ in range(5):
            sso(own, bob.email)

        assert "這個帳號暫停登入" in words_of(sso(own, bob.email, PASSWORD))

    def test_is_known_for_its_own_accounts_only(self, own):
        user = sso_parent(by=registrar_of(SchoolFactory()), email="carol@example.com", number=make_identity(7))
        self.lock(user.email)

        assert "這個帳號暫停登入" in words_of(sso(own, user.email, PASSWORD))

    def test_many_cookies_are_no_more_guesses(self, bob):
        """The walk of before: eight marks, each with five guesses of its own."""
        browsers = [Client() for _ in range(8)]
        for one in browsers:
            assert sso(one, bob.email, PASSWORD).status_code == 302
            one.post(reverse("accounts:logout"))

        statuses = [sso(one, bob.email).status_code for one in browsers for _turn in range(2)]

        assert statuses == [200] * 5 + [429] * 11

    def test_what_is_guessed_there_is_seen_as_spraying(self, settings):
        settings.SPRAY_IP_ACCOUNTS = 2
        client = Client()
        students = StudentFactory.create_batch(3, school=SchoolFactory())
        for student in students:
            family_of(student)
            self.at_the_portal(client, student, PASSWORD)
        for student in students:
            self.at_the_portal(client, student, WRONG)

        assert Event.objects.filter(event="login.spraying").exists()

    def at_the_portal(self, client, student, password):
        typed = with_captcha(client, account=student.portal_account, password=password)
        return client.post(reverse("accounts:login", args=[student.school.slug]), typed, REMOTE_ADDR="203.0.113.7")

    @pytest.mark.parametrize("end", ["own change", "mailed link", "sessions", "another address"])
    def test_is_known_no_longer_after(self, own, bob, end):
        if end == "own change":
            passwords.change_password(user=bob, password="seven blue lanterns")
        if end == "mailed link":
            key, _token = EmailToken.replace(bob, EmailToken.Purpose.RESET, lasts=timedelta(minutes=5))
            passwords.set_password_by_link(token=key, password="seven blue lanterns")
        if end == "sessions":
            bob.end_sessions()
        if end == "another address":
            email_change.rename(bob, "bob2@example.com")
        bob.refresh_from_db()
        self.lock(bob.email)

        assert sso(own, bob.email).status_code == 429

    def test_nor_after_the_helpdesk_gave_the_family_its_first_password_again(self):
        student = StudentFactory()
        school, number = student.school, student.identity_number
        client, stranger = Client(), Client()
        assert self.at_the_portal(client, student, number).status_code == 302
        client.post(reverse("accounts:logout"))
        passwords.change_password(user=student.family_account, password=PASSWORD)
        helpdesk.reset_portal_password(student=student, by=registrar_of(school))
        for _ in range(6):
            self.at_the_portal(stranger, student, WRONG)

        assert self.at_the_portal(client, student, number).status_code == 429

    def test_whoever_changes_the_password_stays_known_here(self, client, bob):
        sso(client, bob.email, PASSWORD)
        new = "seven blue lanterns"
        typed = {"old_password": PASSWORD, "new_password": new, "confirmation": new}
        client.post(reverse("accounts:sso-password"), typed)
        client.post(reverse("accounts:logout"))
        self.lock(bob.email)

        assert sso(client, bob.email, new).status_code == 302

    def test_the_helpdesk_sees_its_pause_and_ends_it(self):
        student = StudentFactory()
        family_of(student)
        client = Client()
        self.at_the_portal(client, student, PASSWORD)
        client.post(reverse("accounts:logout"))
        for _ in range(6):
            last = self.at_the_portal(client, student, WRONG)
        student.refresh_from_db()
        [account] = helpdesk.FamilyAccount.of_each([student])

        assert (last.status_code, account.minutes_paused > 0) == (429, True)
        assert helpdesk.unlock_family(student=student, by=registrar_of(student.school))
        assert self.at_the_portal(client, student, PASSWORD).status_code == 302

    @pytest.mark.parametrize("forged", ["", "x", "WyJhIiwiYiJd:1abc:def"])
    def test_a_forged_cookie_is_no_known_device(self, bob, settings, forged):
        self.lock(bob.email)
        client = Client()
        client.cookies[settings.KNOWN_DEVICE_COOKIE_NAME] = forged

        assert "這個帳號暫停登入" in words_of(sso(client, bob.email, PASSWORD))

    def test_the_cookie_tells_no_name(self, own, bob, settings):
        cookie = own.cookies[settings.KNOWN_DEVICE_COOKIE_NAME]

        assert bob.email not in cookie.value
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")

    def test_serves_several_children_of_a_family(self):
        client = Client()
        students = StudentFactory.create_batch(2, school=SchoolFactory())
        for student in students:
            family_of(student)
            typed = with_captcha(client, account=student.portal_account, password=PASSWORD)
            client.post(reverse("accounts:login", args=[student.school.slug]), typed)
        for student in students:
            throttle_key = throttle.key_of("portal", f"{student.school_id}/{student.portal_account}")
            LoginThrottle.objects.filter(key=throttle_key).update(attempts=9)

        for student in students:
            typed = with_captcha(client, account=student.portal_account, password=PASSWORD)
            response = client.post(reverse("accounts:login", args=[student.school.slug]), typed)
            assert response.status_code == 302


class TestOneCounter:
    """Guesses at the log-in, at the change of a password and at the code are counted together."""

    def test_log_in_and_change(self, client):
        user = family_of(StudentFactory())
        log_in(client, user)
        typed = {"old_password": WRONG, "new_password": "seven blue lanterns", "confirmation": "seven blue lanterns"}
        for _ in range(5):
            client.post(reverse("accounts:password", args=[user.school.slug]), typed)

        typed = with_captcha(account=user.student.portal_account, password=PASSWORD)
        response = Client().post(reverse("accounts:login", args=[user.school.slug]), typed)

        assert "這個帳號暫停登入" in words_of(response)

    def test_the_password_alone_gives_no_new_tries_at_the_code(self):
        user = staff(SchoolFactory(), Role.REGISTRAR)
        Authenticator.objects.create(user=user, name="authenticator")
        door = reverse("accounts:staff-login", args=[user.school.slug])
        said = []
        for _ in range(6):
            client = Client()
            client.post(door, with_captcha(account=user.account, password=PASSWORD))
            response = client.post(reverse("accounts:second-factor"), {"token": "000000"})
            said.append(words_of(response))

        assert ["驗證碼不正確" in words for words in said] == [True] * 5 + [False]

    def test_the_citys_door_counts_too(self):
        User.objects.create_superuser("chief", password=PASSWORD)
        for _ in range(5):
            Client().post(reverse("accounts:city-login"), with_captcha(account="chief", password=WRONG))

        response = Client().post(reverse("accounts:city-login"), with_captcha(account="chief", password=PASSWORD))

        assert "這個帳號暫停登入" in words_of(response)


class TestNothingToFindOut:
    """Whether an account exists shows neither in words, nor in work, nor in time."""

    @pytest.fixture
    def emails(self, bob):
        """One account of each sort, by e-mail."""
        registrar = registrar_of(SchoolFactory())
        initial = sso_parent(by=registrar, email="new@example.com", number=make_identity(7), password=None)
        closed = sso_parent(by=registrar, email="gone@example.com", number=make_identity(8))
        SSOAccount.objects.filter(user=closed).update(state=SSOAccount.State.CLOSED)
        return [bob.email, initial.email, closed.email, "nobody@example.com"]

    def test_in_words(self, emails):
        pages = []
        for email in emails:
            typed = {"account": email, "password": WRONG}
            page = words_of(Client().post(reverse("accounts:sso-login"), typed)).replace(email, "E")
            pages.append(page.split("<main")[1].split("csrfmiddlewaretoken")[0])

        assert len(set(pages)) == 1

    def test_in_queries(self, emails):
        counts = []
        for email in emails:
            with CaptureQueriesContext(connection) as queries:
                sso(Client(), email)
            counts.append([query["sql"].split()[0] for query in queries])

        assert all(one == counts[0] for one in counts)

    def test_in_hashes(self, emails, settings, monkeypatch):
        settings.PASSWORD_HASHERS = ARGON2
        hashed = []
        for name in ("encode", "verify"):
            original = getattr(LoginHasher, name)
            monkeypatch.setattr(LoginHasher, name, _counting(original, hashed))
        for email in emails:
            user = User.objects.get(email=email) if email != emails[-1] else None
            if user and user.has_usable_password():
                user.set_password(PASSWORD)
                user.save()
                hashed.clear()
            with pytest.raises(Refused):
                log_in_parent(email=email, password=WRONG)

            assert len(hashed) == 1, email
            hashed.clear()

    def test_in_time(self, emails, settings):
        """By distribution: of two random log-ins, one of each sort, either is the slower about half the time."""
        settings.PASSWORD_HASHERS = ARGON2
        settings.LOGIN_FAILURE_LIMIT = 10_000
        settings.SSO_INITIAL_FAILURES = 10_000
        bob = User.objects.get(email=emails[0])
        bob.set_password(PASSWORD)
        bob.save()
        times = {email: [] for email in emails}
        for _ in range(45):
            for email in emails:
                began = time.perf_counter()
                with pytest.raises(Refused):
                    log_in_parent(email=email, password=WRONG)
                times[email].append(time.perf_counter() - began)

        absent = times[emails[-1]]
        for email in emails[:-1]:
            slower = statistics.mean(mine > theirs for mine in times[email] for theirs in absent)
            apart = abs(statistics.median(times[email]) - statistics.median(absent)) / statistics.median(absent)
            assert 0.2 < slower < 0.8 or apart < 0.05, (email, slower, apart)


def _counting(original, calls):
    def counted(self, *args, **kwargs):
        calls.append(original.__name__)
        return original(self, *args, **kwargs)

    return counted


def test_a_log_in_costs_ten_queries_at_most(client, bob):
    sso(client, bob.email, PASSWORD)

    with CaptureQueriesContext(connection) as queries:
        typed = {"account": bob.email, "password": PASSWORD}
        assert Client().post(reverse("accounts:sso-login"), typed).status_code == 302

    assert len(queries) <= 10, [query["sql"][:80] for query in queries]
