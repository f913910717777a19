"""What parents do with their own account: another address, devices, second factor, and leaving."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from accounts import email_change, sso_accounts
from accounts.models import AccountClosure, Authenticator, BrowserSession, EmailChange, SSOAccount, User
from accounts.sso_accounts import open_sso_account
from notifications.models import Message
from oidc.models import SignOn
from registry.roles import Role
from tests.accounts.factories import PASSWORD, family_of, log_in, registrar_of, sso_parent, staff
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db

NEW = "bob.new@example.com"


@pytest.fixture
def bob():
    return sso_parent(by=registrar_of(SchoolFactory()))


def link_in(kind):
    text = Message.objects.filter(kind=kind).latest("pk").text
    return re.search(r"https?://[^/]+(/\S+)", text).group(1)


def open_link(client, link):
    path, _question, query = link.partition("?token=")
    return client.post(path, {"token": query})


class TestAddress:
    def ask(self, client, user, email=NEW, password=PASSWORD):
        log_in(client, user)
        return client.post(reverse("accounts:email-change"), {"new_email": email, "password": password})

    def test_changes_by_the_link_at_the_new_address_only(self, client, bob):
        self.ask(client, bob)
        bob.refresh_from_db()
        assert (bob.email, Message.objects.latest("pk").to) == ("bob@example.com", NEW)

        link = link_in("own-address-verify")
        Client().get(link)
        bob.refresh_from_db()
        assert bob.email == "bob@example.com"
        open_link(Client(), link)

        bob.refresh_from_db()
        assert (bob.email, bob.username) == (NEW, NEW)
        assert Message.objects.get(kind="own-address-changed").to == "bob@example.com"
        assert client.get(reverse("oidc:services")).status_code == 302  # sessions ended

    def test_needs_the_own_password(self, client, bob):
        response = self.ask(client, bob, password="wrong")

        assert "您的密碼不正確" in response.content.decode()
        assert f'value="{NEW}"' in response.content.decode()
        assert not EmailChange.objects.exists()

    def test_a_link_works_once_and_the_last_one_only(self, client, bob):
        self.ask(client, bob)
        first = link_in("own-address-verify")
        self.ask(client, bob)
        second = link_in("own-address-verify")

        assert "已經用過或過期" in open_link(Client(), first).content.decode()
        assert "電子郵件已更改" in open_link(Client(), second).content.decode()
        assert "已經用過或過期" in open_link(Client(), second).content.decode()

    def test_a_link_runs_out(self, client, bob):
        self.ask(client, bob)
        EmailChange.objects.update(expires_at=timezone.now())

        assert "已經用過或過期" in open_link(Client(), link_in("own-address-verify")).content.decode()

    def test_another_persons_address_is_not_given_away(self, client, bob):
        sso_parent(by=registrar_of(SchoolFactory()), email="carol@example.com", number=make_identity(7))
        free = self.ask(client, bob)
        taken = self.ask(client, bob, email="Carol@example.com")

        assert (free.status_code, free.url) == (taken.status_code, taken.url)
        assert Message.objects.get(to="carol@example.com").kind == "own-address-taken"
        assert not EmailChange.objects.filter(state="confirmed").exists()

    def test_an_address_that_somebody_got_meanwhile_stays_theirs(self, client, bob):
        self.ask(client, bob)
        sso_parent(by=registrar_of(SchoolFactory()), email=NEW, number=make_identity(7))

        page = open_link(Client(), link_in("own-address-verify")).content.decode()

        bob.refresh_from_db()
        assert "另一個帳號" in page
        assert bob.email == "bob@example.com"

    def test_the_old_address_takes_it_back_for_a_week(self, client, bob):
        self.ask(client, bob)
        open_link(Client(), link_in("own-address-verify"))

        page = open_link(Client(), link_in("own-address-changed")).content.decode()

        bob.refresh_from_db()
        assert "電子郵件已還原" in page
        assert bob.email == "bob@example.com"
        assert not bob.has_usable_password()  # the thief knew it

    def test_after_a_week_it_stays(self, client, bob):
        self.ask(client, bob)
        open_link(Client(), link_in("own-address-verify"))
        EmailChange.objects.update(undo_until=timezone.now())

        assert "已經用過或過期" in open_link(Client(), link_in("own-address-changed")).content.decode()

    def test_a_thief_who_changes_it_twice_loses_it_all_the_same(self, client, bob):
        self.ask(client, bob)
        open_link(Client(), link_in("own-address-verify"))
        owners = link_in("own-address-changed")
        bob.refresh_from_db()
        self.ask(client, bob, email="thief@example.com")
        open_link(Client(), link_in("own-address-verify"))
        thiefs = link_in("own-address-changed")
        Authenticator.objects.create(user=bob, name="thief")
        User.objects.filter(pk=bob.pk).update(has_second_factor=True)

        open_link(Client(), owners)
        page = open_link(Client(), thiefs).content.decode()

        bob.refresh_from_db()
        assert "已經用過或過期" in page
        assert (bob.email, bob.has_second_factor) == ("bob@example.com", False)
        assert not Authenticator.objects.exists()

    def test_a_second_factor_from_before_stays(self, client, bob):
        Authenticator.objects.create(user=bob, name="own")
        change = email_change.ask(user=bob, new_email=NEW)
        email_change.confirm(change=change)

        email_change.undo(change=change)

        assert Authenticator.objects.count() == 1


class TestDevices:
    @pytest.fixture
    def two(self, bob):
        return log_in(Client(), bob), log_in(Client(), bob)

    def test_shows_each_and_which_is_this_one(self, two, django_assert_max_num_queries):
        with django_assert_max_num_queries(5):
            page = two[0].get(reverse("accounts:devices")).content.decode()

        assert page.count('data-label="登入時間"') == 2
        assert page.count("這個裝置") == 1

    def test_those_of_one_kind_of_device_are_a_row_and_go_together(self, two, bob):
        third, fourth = (log_in(Client(), bob) for _more in range(2))
        BrowserSession.objects.filter(pk=fourth.session.session_key).update(device="Chrome/Windows")

        page = two[0].get(reverse("accounts:devices")).content.decode()
        rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]

        assert len(rows) == 3  # this one, two others of no known device, and Chrome's
        assert "這個裝置" in rows[0]
        [together] = [one for one in rows if one.count('name="mark"') == 2]
        assert "是瀏覽器沒有說明自己是什麼" in page
        two[0].post(reverse("accounts:devices-end"), {"mark": re.findall('name="mark" value="([^"]+)"', together)})
        open_now = [one.get(reverse("oidc:services")).status_code for one in (two[0], two[1], third, fourth)]
        assert open_now == [200, 302, 302, 200]

    def test_one_is_signed_out_with_its_clients(self, two, bob):
        here, there = two
        sign_on = SignOn.objects.create(user=bob)
        session = there.session
        session["sign_on"] = sign_on.sid
        session.save()
        row = BrowserSession.objects.get(pk=there.session.session_key)

        here.post(reverse("accounts:devices-end"), {"mark": row.mark})

        sign_on.refresh_from_db()
        assert sign_on.ended_at
        assert here.get(reverse("oidc:services")).status_code == 200
        assert there.get(reverse("oidc:services")).status_code == 302

    def test_all_others_at_once(self, two, bob):
        third = log_in(Client(), bob)

        two[0].post(reverse("accounts:devices-end"), {"mark": "all"})

        open_now = [one.get(reverse("oidc:services")).status_code for one in (*two, third)]
        assert open_now == [200, 302, 302]

    def test_somebody_elses_stay(self, two):
        carol = sso_parent(by=registrar_of(SchoolFactory()), email="c@example.com", number=make_identity(7))
        client = log_in(Client(), carol)
        row = BrowserSession.objects.get(pk=client.session.session_key)

        for mark in (row.mark, "all", "", row.session_key):
            two[0].post(reverse("accounts:devices-end"), {"mark": mark})

        assert client.get(reverse("oidc:services")).status_code == 200

    def test_keys_are_not_on_the_page(self, two):
        page = two[0].get(reverse("accounts:devices")).content.decode()

        assert two[1].session.session_key not in page

    def test_sessions_left_alone_are_no_longer_shown(self, two):
        BrowserSession.objects.filter(pk=two[1].session.session_key).update(seen_at=timezone.now() - timedelta(hours=2))

        assert two[0].get(reverse("accounts:devices")).content.decode().count('data-label="登入時間"') == 1

    def test_families_share_an_account_and_see_nothing(self, client):
        log_in(client, family_of(StudentFactory()))

        assert client.get(reverse("accounts:devices")).status_code == 404
        assert client.post(reverse("accounts:devices-end"), {"mark": "all"}).status_code == 404

    def test_a_new_password_ends_the_others(self, two):
        typed = {"old_password": PASSWORD, "new_password": "seven blue lanterns", "confirmation": "seven blue lanterns"}

        assert two[0].post(reverse("accounts:sso-password"), typed).status_code == 302

        assert two[0].get(reverse("oidc:services")).status_code == 200
        assert two[1].get(reverse("oidc:services")).status_code == 302


class TestSecondFactor:
    def turn_on(self, client, user):
        log_in(client, user)
        client.post(reverse("accounts:own-second-factor"), {"password": PASSWORD})
        client.get(reverse("accounts:second-factor-setup"))
        device = Authenticator.objects.get(user=user)
        code = f"{TOTP(device.secret).token():06d}"
        return client.post(reverse("accounts:second-factor-setup"), {"token": code})

    def test_is_a_parents_choice(self, client, bob):
        log_in(client, bob)

        assert client.get(reverse("oidc:services")).status_code == 200
        assert client.get(reverse("accounts:second-factor-setup")).status_code == 404

    def test_is_asked_for_once_it_is_on(self, client, bob):
        response = self.turn_on(client, bob)
        assert response.url == reverse("accounts:recovery-codes")
        assert client.get(response.url).status_code == 200

        elsewhere = Client()
        elsewhere.post(reverse("accounts:sso-login"), {"account": bob.email, "password": PASSWORD})

        assert elsewhere.get(reverse("oidc:services")).url == reverse("accounts:second-factor")
        assert elsewhere.get(reverse("accounts:own-second-factor")).status_code == 302

    def test_is_turned_off_with_the_password(self, client, bob):
        self.turn_on(client, bob)

        client.post(reverse("accounts:own-second-factor"), {"password": "wrong"})
        assert Authenticator.objects.exists()
        client.post(reverse("accounts:own-second-factor"), {"password": PASSWORD})

        assert not Authenticator.objects.exists()
        assert client.get(reverse("oidc:services")).status_code == 200

    def test_its_owner_hears_of_either(self, client, bob):
        self.turn_on(client, bob)
        client.post(reverse("accounts:own-second-factor"), {"password": PASSWORD})

        mails = Message.objects.filter(kind="second-factor-changed", to=bob.email).order_by("pk")
        assert [one.subject for one in mails] == ["您的帳號設定了第二道驗證", "您的帳號取消了第二道驗證"]


class TestComingBack:
    def test_brings_the_account_back_once(self, bob):
        sso_accounts.leave(user=bob)
        client = Client()
        typed = {"account": bob.email, "password": PASSWORD}
        assert client.post(reverse("accounts:sso-login"), typed).status_code == 200

        link = link_in("account-left")
        assert "恢復帳號" in client.get(link).content.decode()
        assert open_link(client, link).status_code == 302

        assert client.post(reverse("accounts:sso-login"), typed).status_code == 302
        assert "已經用過或過期" in open_link(Client(), link).content.decode()

    def test_is_too_late_after_thirty_days(self, bob):
        sso_accounts.leave(user=bob)
        AccountClosure.objects.update(expires_at=timezone.now())

        assert "已經用過或過期" in open_link(Client(), link_in("account-left")).content.decode()
        assert (sso_accounts.close_those_over(), sso_accounts.close_those_over()) == (1, 0)
        assert SSOAccount.objects.get(user=bob).state == SSOAccount.State.CLOSED

    def test_leaving_twice_mails_once(self, bob):
        sso_accounts.leave(user=bob)
        sso_accounts.leave(user=bob)

        assert Message.objects.filter(kind="account-left").count() == 1

    def test_a_school_that_approves_the_person_brings_it_back_too(self, bob):
        sso_accounts.leave(user=bob)

        opened = open_sso_account(
            name="王大明",
            identity_number=bob.sso_account.identity_number,
            mobile="0912345678",
            email=bob.email,
            by=staff(SchoolFactory(), Role.REGISTRAR),
        )

        assert not opened.is_new
        assert User.objects.get(pk=bob.pk).is_active
        assert sso_accounts.close_those_over() == 0

    def test_what_the_city_switched_off_stays_off(self, bob):
        sso_accounts.leave(user=bob)
        sso_accounts.note_return(bob, by=None)
        User.objects.filter(pk=bob.pk).update(is_active=False)

        sso_accounts.note_return(bob, by=None)

        assert not User.objects.get(pk=bob.pk).is_active
