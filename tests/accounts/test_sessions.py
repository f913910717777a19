"""Sessions: a new key at each log-in, an end after idleness and twelve hours, nothing lost of what was typed."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sessions, user_agents
from accounts.models import Authenticator, BrowserSession, TrustedDevice
from audit.models import Event
from oidc.models import SignOn
from registry.roles import Role
from tests.accounts.factories import PASSWORD, family_of, log_in, registrar_of, sso_parent, staff, with_captcha
from tests.binding.factories import answered_family
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"


@pytest.fixture
def bob():
    return sso_parent(by=registrar_of(SchoolFactory()))


def log_in_at_sso(client, user, **more):
    typed = {"account": user.email, "password": PASSWORD, **more}
    return client.post(reverse("accounts:sso-login"), typed, HTTP_USER_AGENT=CHROME)


def age(client, *, idle=0, since=0):
    """Let minutes pass: `idle` since the last page, `since` since the log-in."""
    session = client.session
    session["seen"] -= idle * 60
    session["started"] -= max(idle, since) * 60
    session.save()


class TestKey:
    def test_is_new_after_each_log_in_even_of_the_same_person(self, client, bob):
        keys = []
        for _ in range(2):
            log_in_at_sso(client, bob)
            keys.append(client.session.session_key)

        assert keys[0] != keys[1]
        assert [row.pk for row in BrowserSession.objects.all()] == [keys[1]]

    def test_given_by_a_stranger_is_worth_nothing(self, client, bob):
        """Session fixation: what the attacker knows is not what the log-in goes on with."""
        client.session["x"] = "y"
        client.cookies[project.SESSION_COOKIE_NAME] = planted = "a" * 32

        log_in_at_sso(client, bob)

        stranger = Client()
        stranger.cookies[project.SESSION_COOKIE_NAME] = planted
        assert client.session.session_key != planted
        assert stranger.get(reverse("oidc:services")).status_code == 302

    def test_tells_device_and_times_and_no_address(self, client, bob):
        log_in_at_sso(client, bob)

        row = BrowserSession.objects.get()
        assert (row.user, user_agents.in_words(row.device)) == (bob, "Chrome（Windows）")
        assert row.started_at <= timezone.now()
        assert "127.0.0.1" not in str(row.get_decoded())


class TestEnd:
    @pytest.mark.parametrize(("idle", "stays"), [(59, True), (61, False)])
    def test_after_an_hour_of_idleness_for_parents(self, client, bob, idle, stays):
        log_in(client, bob)
        age(client, idle=idle)

        response = client.get(reverse("oidc:services"))

        assert (response.status_code == 200) == stays

    @pytest.mark.parametrize(("idle", "stays"), [(14, True), (16, False)])
    def test_after_a_quarter_for_staff(self, client, idle, stays):
        registrar = registrar_of(SchoolFactory())
        log_in(client, registrar)
        age(client, idle=idle)

        response = client.get(reverse("review:home", args=[registrar.school.slug]))

        assert (response.status_code == 200) == stays

    def test_each_page_begins_the_time_anew_but_not_past_twelve_hours(self, client, bob):
        log_in(client, bob)
        for _ in range(12):
            age(client, idle=59)
            assert client.get(reverse("oidc:services")).status_code == 200
        age(client, since=13)

        assert client.get(reverse("oidc:services")).status_code == 302
        assert not BrowserSession.objects.filter(user=bob).exists()

    def test_the_row_itself_ends_after_twelve_hours(self, client, bob):
        log_in(client, bob)
        age(client, idle=30)
        client.get(reverse("oidc:services"))

        row = BrowserSession.objects.get()
        assert row.expire_date - row.started_at == timedelta(hours=13)  # an hour to be told so

    def test_ends_the_sign_on_too(self, client, bob):
        sign_on = SignOn.objects.create(user=bob)
        log_in(client, bob)
        session = client.session
        session["sign_on"] = sign_on.sid
        session.save()
        age(client, idle=61)

        client.get(reverse("oidc:services"))

        sign_on.refresh_from_db()
        assert sign_on.ended_at

    def test_a_public_page_knows_nobody_either(self, client):
        user = family_of(StudentFactory())
        log_in(client, user)
        age(client, idle=61)

        page = client.get(reverse("accounts:school", args=[user.school.slug])).content.decode()

        assert "登出" not in page

    def test_being_seen_is_written_once_a_minute(self, client, bob, django_assert_num_queries):
        log_in(client, bob)
        client.get(reverse("accounts:stay"))

        with django_assert_num_queries(1):  # session with its person
            client.get(reverse("accounts:stay"))
        age(client, idle=2)
        with django_assert_num_queries(2):
            client.get(reverse("accounts:stay"))

    def test_a_session_ended_elsewhere_is_not_written_anew(self, client, bob):
        """The row is deleted between reading and writing it."""
        log_in(client, bob)
        session = client.session
        session["x"] = "y"
        BrowserSession.objects.all().delete()

        with pytest.raises(UpdateError):
            session.save()

        assert not BrowserSession.objects.exists()


class TestDoors:
    """One browser holds one session: who logs in at one door leaves the others."""

    def test_a_parent_at_sso_leaves_the_portal(self, client, bob):
        family = family_of(StudentFactory())
        log_in(client, family)
        former = client.session.session_key

        log_in_at_sso(client, bob)

        assert not BrowserSession.objects.filter(pk=former).exists()
        assert client.get(reverse("binding:tasks", args=[family.school.slug])).status_code == 404

    def test_a_family_at_the_portal_leaves_sso_and_its_clients(self, client, bob):
        sign_on = SignOn.objects.create(user=bob)
        log_in(client, bob)
        session = client.session
        session["sign_on"] = sign_on.sid
        session.save()
        family = family_of(StudentFactory())

        typed = with_captcha(account=family.student.portal_account, password=PASSWORD)
        client.post(reverse("accounts:login", args=[family.school.slug]), typed)

        sign_on.refresh_from_db()
        assert sign_on.ended_at
        assert client.get(reverse("oidc:services")).status_code == 404


class TestTheWayBack:
    """Who was away for too long comes back by the own door, and hears why."""

    @pytest.fixture
    def registrar(self):
        return registrar_of(SchoolFactory())

    @pytest.mark.parametrize(
        "page", ["review:home", "registry:students", "billing:cashier-money", "staff:staff-accounts"]
    )
    def test_of_staff_leads_to_the_staffs_door(self, client, registrar, page):
        log_in(client, registrar)
        age(client, idle=16)
        address = reverse(page, args=[registrar.school.slug])

        door = client.get(address).url

        assert door == f"{reverse('accounts:staff-login', args=[registrar.school.slug])}?next={address}"
        assert "太久沒有操作，為了安全已自動登出" in client.get(door).content.decode()

    def test_of_who_was_not_here_before_says_nothing(self, client, registrar):
        door = client.get(reverse("review:home", args=[registrar.school.slug])).url

        assert "太久沒有操作" not in client.get(door).content.decode()

    def test_of_parents_leads_to_theirs(self, client, bob):
        log_in(client, bob)
        age(client, idle=61)

        door = client.get(reverse("billing:home")).url

        assert door.startswith(reverse("accounts:sso-login"))
        assert "太久沒有操作" in client.get(door).content.decode()

    def test_leads_nobody_to_a_page_that_is_not_theirs(self, client):
        user = family_of(StudentFactory())
        user.set_password(PASSWORD)
        user.save()
        school = user.school.slug
        for wanted in (reverse("review:home", args=[school]), "/no/such/page/here/"):
            typed = with_captcha(account=user.student.portal_account, password=PASSWORD, next=wanted)
            answer = Client().post(reverse("accounts:login", args=[school]), typed)
            assert answer.url == reverse("binding:tasks", args=[school])


class TestStaying:
    def test_by_a_press_begins_the_time_anew(self, client, bob):
        log_in(client, bob)
        age(client, idle=59)

        told = client.post(reverse("accounts:stay")).json()

        assert told["seconds"] > 59 * 60
        assert client.session["seen"] > client.session["started"]

    def test_is_too_late_after_the_end(self, client, bob):
        log_in(client, bob)
        age(client, idle=61)

        assert client.post(reverse("accounts:stay")).status_code == 302

    def test_needs_the_token_of_the_page(self, bob):
        client = log_in(Client(enforce_csrf_checks=True), bob)

        assert client.post(reverse("accounts:stay")).status_code == 403

    def test_tells_persons_apart(self, client, bob):
        log_in(client, bob)
        first = client.get(reverse("accounts:stay")).json()["person"]
        log_in(client, family_of(StudentFactory()))

        assert client.get(reverse("accounts:stay")).json()["person"] != first

    def test_every_page_says_how_long(self, client, bob):
        log_in(client, bob)

        page = client.get(reverse("oidc:services")).content.decode()

        assert 'data-seconds="3600"' in page or 'data-seconds="3599"' in page


class TestUnsent:
    """A form sent after the end comes back after the log-in."""

    def run_out_and_send(self, client, user, address, typed, **more):
        log_in(client, user)
        age(client, idle=61)
        return client.post(address, typed, HTTP_REFERER=f"http://testserver{address}?q=x", **more)

    def test_is_sent_again_with_a_press(self, client):
        user = answered_family()
        address = reverse("binding:apply", args=[user.school.slug])

        response = self.run_out_and_send(client, user, address, {"kind": "two_parents"})
        typed = with_captcha(account=user.student.portal_account, password=PASSWORD)
        login, _query, after = response.url.partition("?next=")
        user.set_password(PASSWORD)
        user.save()
        back = client.post(login, {**typed, "next": after})
        page = client.get(back.url).content.decode()

        assert after == back.url == reverse("accounts:saved-post")
        assert f'action="{address}"' in page
        assert 'name="kind" value="two_parents"' in page
        assert client.get(reverse("accounts:saved-post")).status_code == 302  # shown once

    def test_leaves_out_passwords_numbers_codes_and_files(self, client, bob):
        typed = {
            "name": "王大明",
            "password": "s3cret",
            "new_password": "s3cret",
            "confirmation": "s3cret",
            "identity_number": "A123456789",
            "note": "我的證號是 ａ１２３４５６７８９ 喔",
            "token": "123456",
        }

        self.run_out_and_send(client, bob, reverse("oidc:services"), typed)
        log_in_at_sso(client, bob)
        page = client.get(reverse("accounts:saved-post")).content.decode()

        assert "王大明" in page
        assert not [secret for secret in ("s3cret", "456789", "４５６７", "123456") if secret in page]
        assert "密碼、證號、驗證碼和檔案沒有保留" in page

    def test_is_sealed_while_it_waits(self, client, bob):
        self.run_out_and_send(client, bob, reverse("oidc:services"), {"name": "王大明"})

        assert "王大明" not in str(client.session.items())

    def test_is_nobody_elses(self, client, bob):
        self.run_out_and_send(client, bob, reverse("oidc:services"), {"name": "王大明"})
        log_in(client, sso_parent(by=registrar_of(SchoolFactory()), email="c@example.com", number="A123456789"))

        response = client.get(reverse("accounts:saved-post"))

        assert response.status_code == 302
        assert "saved_post" not in client.session

    def test_is_kept_where_the_browser_forgot_its_session(self, client):
        """A phone closes the browser: the cookie of the session is gone, the form stays open."""
        user = answered_family()
        address = reverse("binding:apply", args=[user.school.slug])
        log_in(client, user)
        token = re.search(r'name="person_token" value="([^"]+)"', client.get(address).content.decode())[1]
        del client.cookies[project.SESSION_COOKIE_NAME]

        response = client.post(address, {"kind": "two_parents", "person_token": token})
        door = client.get(response.url).content.decode()
        log_in(client, user)
        page = client.get(reverse("accounts:saved-post")).content.decode()

        assert "登入已逾時，請重新登入。剛才填的文字還在" in door
        form = re.search(rf'<form action="{address}".*?</form>', page, re.DOTALL)[0]
        assert 'name="kind" value="two_parents"' in form
        assert form.count('name="person_token"') == 1  # its own: the one that was sent is not sent again

    def test_a_forged_word_for_whose_it_is_keeps_nothing(self, client):
        user = answered_family()
        address = reverse("binding:apply", args=[user.school.slug])

        response = client.post(address, {"kind": "two_parents", "person_token": f"{sessions.tell_apart(user)}:x:y"})

        assert "登入已逾時，請重新登入。" in client.get(response.url).content.decode()
        assert "saved_post" not in client.session

    def test_without_any_cookie_the_page_leads_to_the_log_in(self):
        school = SchoolFactory()
        client = Client(enforce_csrf_checks=True)

        page = client.post(reverse("binding:apply", args=[school.slug]), {"kind": "two_parents"})

        assert page.status_code == 403
        assert "登入已逾時，請重新登入" in page.content.decode()
        assert f'href="{reverse("accounts:login", args=[school.slug])}"' in page.content.decode()

    def test_strangers_leave_nothing_in_the_database(self, client):
        client.post(reverse("oidc:services"), {"name": "x" * 1000})

        assert not BrowserSession.objects.exists()


class TestTrustedDevice:
    """A member of staff's own computer is not asked for the code again, for a while."""

    @pytest.fixture
    def alice(self):
        user = staff(SchoolFactory(), Role.REGISTRAR)
        Authenticator.objects.create(user=user, name="authenticator")
        return user

    @pytest.fixture
    def at_home(self, client, alice, monkeypatch):
        """Alice's computer, remembered, and she has logged out."""
        monkeypatch.setattr(Authenticator, "verify_token", lambda self, token: token == "123456")
        self.enter(client, alice)
        client.post(reverse("accounts:second-factor"), {"token": "123456", "remembers": "on"})
        client.post(reverse("accounts:logout"))
        return client

    def enter(self, client, user):
        typed = with_captcha(client, account=user.account, password=PASSWORD)
        return client.post(reverse("accounts:staff-login", args=[user.school.slug]), typed)

    def desk_of(self, client, user):
        return client.get(reverse("review:home", args=[user.school.slug]))

    def test_comes_in_with_the_password_alone(self, at_home, alice):
        self.enter(at_home, alice)

        assert self.desk_of(at_home, alice).status_code == 200
        assert Event.objects.filter(event="second_factor.device_recognised").exists()

    def test_another_computer_does_not(self, at_home, alice):
        elsewhere = Client()
        self.enter(elsewhere, alice)

        assert self.desk_of(elsewhere, alice).url == reverse("accounts:second-factor")

    def test_another_person_at_it_does_not(self, at_home, alice):
        carol = staff(alice.school, Role.REGISTRAR, account="carol")
        Authenticator.objects.create(user=carol, name="authenticator")
        self.enter(at_home, carol)

        assert self.desk_of(at_home, carol).url == reverse("accounts:second-factor")

    @pytest.mark.parametrize("end", ["sessions", "password", "time", "revoked", "factor", "setting"])
    def test_is_asked_again_after(self, at_home, alice, settings, end):
        if end == "sessions":
            alice.end_sessions()
        if end == "password":
            alice.set_password(PASSWORD)
            alice.save()
        if end == "time":
            TrustedDevice.objects.update(expires_at=timezone.now())
        if end == "revoked":
            TrustedDevice.objects.all().delete()
        if end == "factor":
            alice.authenticator_set.all().delete()
            Authenticator.objects.create(user=alice, name="another")
        if end == "setting":
            settings.SECOND_FACTOR_DAYS = 0
        self.enter(at_home, alice)

        assert self.desk_of(at_home, alice).url == reverse("accounts:second-factor")

    def test_is_remembered_only_where_ticked(self, client, alice, monkeypatch):
        monkeypatch.setattr(Authenticator, "verify_token", lambda self, token: True)
        self.enter(client, alice)
        client.post(reverse("accounts:second-factor"), {"token": "123456"})

        assert not TrustedDevice.objects.exists()


def test_the_second_factor_leads_to_the_page_one_came_for(client, monkeypatch):
    monkeypatch.setattr(Authenticator, "verify_token", lambda self, token: True)
    user = staff(SchoolFactory(), Role.REGISTRAR)
    Authenticator.objects.create(user=user, name="authenticator")
    client.force_login(user, backend="accounts.backends.AccountBackend")
    wanted = reverse("registry:students", args=[user.school.slug])

    client.get(wanted)

    assert client.post(reverse("accounts:second-factor"), {"token": "123456"}).url == wanted


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome（Windows）"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari（iPhone）"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36 Line/14.1.0", "LINE（Android）"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Gecko/20100101 Firefox/131.0", "Firefox（macOS）"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge（Windows）"),
        ("<script>alert(1)</script>", "不明的裝置"),
        ("", "不明的裝置"),
    ],
)
def test_devices_are_called_by_what_people_know(rf, agent, words):
    request = rf.get("/", HTTP_USER_AGENT=agent)

    assert user_agents.in_words(user_agents.device_of(request)) == words


def test_idle_time_is_a_setting(client, settings):
    settings.STAFF_IDLE_MINUTES = 5

    assert (sessions.idle_minutes("staff"), sessions.idle_minutes("family"), sessions.idle_minutes("parent")) == (
        5,
        60,
        60,
    )
