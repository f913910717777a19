"""What a parent does with our mails: the code of the first log-in, the link to a password, the way back in."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import email_tokens
from accounts.models import EmailToken, FormerPassword, SSOAccount, User
from accounts.passwords import change_password, set_password_by_link
from audit.models import Event
from notifications.models import Message
from tests.accounts.factories import PASSWORD, log_in, registrar_of, sso_parent, staff, teacher_of
from tests.binding.factories import approved_application
from tests.registry.factories import SchoolFactory, StudentFactory
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db

NEW = "seven blue lanterns"
CODE, SEND, FORGOTTEN, SET, LOGIN = (
    reverse(f"accounts:{name}")
    for name in ("sso-code", "sso-code-send", "sso-forgotten", "sso-set-password", "sso-login")
)


@pytest.fixture
def fresh():
    return sso_parent(by=registrar_of(SchoolFactory()), password=None, is_proved=False)


@pytest.fixture
def bob():
    return sso_parent(by=registrar_of(SchoolFactory()))


def code_in_mail():
    return re.search(r"\d{6}", Message.objects.filter(kind="sign-in-code").latest("pk").text)[0]


def link_in(mail):
    return re.search(r"https?://\S+token=\S+", mail.text)[0].partition("token=")[2]


def sign_in(client, user):
    return client.post(LOGIN, {"account": user.email, "password": user.sso_account.identity_number[-6:]})


class TestCode:
    def test_comes_before_the_new_password(self, client, fresh):
        sign_in(client, fresh)
        assert client.get(reverse("accounts:sso-password")).url == CODE

        answered = client.post(CODE, {"code": f" {code_in_mail()[:3]} {code_in_mail()[3:]} "})

        assert answered.url == reverse("accounts:sso-password")
        assert SSOAccount.objects.get().email_proved_at
        assert Event.objects.filter(event="mailbox.proved").exists()
        assert client.get(CODE).status_code == 404

    def test_is_kept_nowhere_but_in_the_mail(self, client, fresh):
        sign_in(client, fresh)

        kept = str(list(EmailToken.objects.values())) + str(list(Event.objects.values()))
        assert code_in_mail() not in kept

    def test_five_wrong_ones_end_it(self, client, fresh):
        sign_in(client, fresh)
        code = code_in_mail()
        wrong = "000000" if code != "000000" else "111111"

        pages = [client.post(CODE, {"code": wrong}).content.decode() for _try in range(5)]

        assert "驗證碼不正確" in pages[0]
        assert "請重新寄一封" in pages[4]
        assert client.post(CODE, {"code": code}).status_code == 429
        assert SSOAccount.objects.get().email_proved_at is None

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３"])
    def test_what_is_no_code_costs_no_try(self, client, fresh, typed):
        sign_in(client, fresh)

        assert "error" in client.post(CODE, {"code": typed}).content.decode()
        assert EmailToken.objects.get().attempts == 0

    def test_runs_out_after_ten_minutes(self, client, fresh):
        sign_in(client, fresh)
        EmailToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        assert "請重新寄一封" in client.post(CODE, {"code": code_in_mail()}).content.decode()

    def test_is_sent_again_once_a_minute_and_five_times_an_hour(self, client, fresh):
        sign_in(client, fresh)
        assert "剛剛已經寄過" in client.post(SEND, follow=True).content.decode()

        for _again in range(6):
            EmailToken.objects.update(created_at=timezone.now() - timedelta(minutes=2))
            client.post(SEND)

        assert Message.objects.filter(kind="sign-in-code").count() == 5

    def test_a_new_one_ends_the_one_before(self, client, fresh):
        sign_in(client, fresh)
        first = code_in_mail()
        EmailToken.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        client.post(SEND)

        if first != code_in_mail():
            client.post(CODE, {"code": first})
            assert SSOAccount.objects.get().email_proved_at is None

    def test_of_another_account_is_worth_nothing(self, client, fresh):
        other = sso_parent(
            by=registrar_of(SchoolFactory()), email="eve@example.com", number="A234567893", password=None,
            is_proved=False,
        )  # fmt: skip
        email_tokens.send_code(other)
        code = code_in_mail()
        with pytest.raises(email_tokens.WrongCode):
            email_tokens.try_code(user=fresh, code=code)

    def test_nobody_else_has_such_a_page(self, client, bob):
        assert client.get(CODE).status_code == 302
        log_in(client, bob)
        assert client.get(CODE).status_code == 404
        log_in(client, staff(SchoolFactory(), account="t1"))
        assert client.get(CODE).status_code == 404


class TestOpeningLink:
    @pytest.fixture
    def link(self):
        student = StudentFactory()
        approved_application(teacher_of(student.school_class), student)
        return link_in(Message.objects.get(kind="account-opened"))

    def test_is_the_other_door(self, client, link):
        typed = {"token": link, "new_password": NEW, "confirmation": NEW}

        page = client.post(SET, typed, follow=True)

        account = SSOAccount.objects.select_related("user").get()
        assert "密碼已經設定" in page.content.decode()
        assert account.state == SSOAccount.State.ACTIVE
        assert account.email_proved_at
        assert account.user.check_password(NEW)
        assert Message.objects.filter(kind="password-changed").count() == 1

    def test_works_once_and_opening_it_uses_nothing_up(self, client, link):
        for _scanner in range(3):
            response = client.get(SET, {"token": link})
            assert "設定密碼" in response.content.decode()
        assert response["Referrer-Policy"] == "strict-origin"
        client.post(SET, {"token": link, "new_password": NEW, "confirmation": NEW})

        again = client.post(SET, {"token": link, "new_password": PASSWORD, "confirmation": PASSWORD})

        assert "這個連結不能用了" in again.content.decode()
        assert User.objects.get(kind="parent").check_password(NEW)

    @pytest.mark.parametrize("password", ["short", "bob@example.com", "password1234"])
    def test_takes_no_weak_password(self, client, link, password):
        client.post(SET, {"token": link, "new_password": password, "confirmation": password})

        assert not User.objects.get(kind="parent").has_usable_password()

    def test_its_token_is_kept_nowhere_but_in_the_mail(self, link):
        assert link not in str(list(EmailToken.objects.values())) + str(list(Event.objects.values()))

    @pytest.mark.parametrize("token", ["", "x", "\0", "é" * 50])
    def test_a_forged_one_opens_nothing(self, client, token):
        assert "這個連結不能用了" in client.get(SET, {"token": token}).content.decode()


@pytest.mark.django_db(transaction=True)
class TestForgotten:
    def ask(self, client, email):
        page = client.post(FORGOTTEN, {"account": email})
        do_waiting_tasks()
        return page.content.decode()

    def test_the_answer_is_the_same_whoever_asks(self, client, bob):
        known, unknown = self.ask(client, bob.email), self.ask(client, "nobody@example.com")

        def neutral(page):
            return re.sub(r'(csrfmiddlewaretoken" value|nonce|data-person)="[^"]+"', "", page)

        assert "如果這個電子郵件是一個帳號" in known
        assert neutral(known) == neutral(unknown)
        assert Message.objects.count() == 1

    def test_the_link_sets_a_new_password_and_ends_the_sessions(self, client, bob):
        other = log_in(type(client)(), bob)
        self.ask(client, bob.email.upper())
        link = link_in(Message.objects.get(kind="password-reset"))

        client.post(SET, {"token": link, "new_password": NEW, "confirmation": NEW})

        bob.refresh_from_db()
        assert bob.check_password(NEW)
        assert other.get(reverse("binding:sso-home")).status_code == 302
        assert Message.objects.filter(kind="password-changed").exists()

    def test_the_link_lets_an_owner_in_whom_a_stranger_locked_out(self, client, bob):
        for _guess in range(6):
            Client().post(reverse("accounts:sso-login"), {"account": bob.email, "password": "no idea"})
        self.ask(client, bob.email)
        link = link_in(Message.objects.get(kind="password-reset"))

        client.post(SET, {"token": link, "new_password": NEW, "confirmation": NEW})
        response = Client().post(reverse("accounts:sso-login"), {"account": bob.email, "password": NEW})

        assert response.status_code == 302

    def test_the_answer_takes_the_same_time(self, client, bob, settings):
        """By distribution: of two random answers, one of each sort, either is the slower about half the time."""
        settings.LOGIN_FAILURE_LIMIT = settings.IP_FAILURE_LIMIT = 10_000
        times = {bob.email: [], "nobody@example.com": []}
        for _time in range(60):
            for email, taken in times.items():
                began = time.perf_counter()
                client.post(FORGOTTEN, {"account": email})
                taken.append(time.perf_counter() - began)

        known, unknown = times.values()
        slower = statistics.mean(mine > theirs for mine in known for theirs in unknown)
        apart = abs(statistics.median(known) - statistics.median(unknown)) / statistics.median(unknown)
        assert 0.2 < slower < 0.8 or apart < 0.05, (slower, apart)

    def test_the_link_lasts_half_an_hour(self, client, bob):
        self.ask(client, bob.email)
        lasts = EmailToken.objects.get().expires_at - timezone.now()
        assert timedelta(minutes=29) < lasts <= timedelta(minutes=30)
        EmailToken.objects.update(expires_at=timezone.now())

        page = client.get(SET, {"token": link_in(Message.objects.get())}).content.decode()

        assert "這個連結不能用了" in page

    def test_asked_often_it_mails_five_times_at_most(self, client, bob):
        for _time in range(8):
            assert "如果這個電子郵件是一個帳號" in self.ask(client, bob.email)

        assert Message.objects.filter(kind="password-reset").count() == 5

    def test_who_never_came_in_gets_the_opening_mail_again(self, client):
        student = StudentFactory()
        application = approved_application(teacher_of(student.school_class), student)
        SSOAccount.objects.update(initial_failures=10, initial_until=timezone.now())

        self.ask(client, application.applicants.get().email)

        account = SSOAccount.objects.get()
        assert account.takes_initial_password
        assert Message.objects.filter(kind="account-opened").count() == 2
        assert not Message.objects.filter(kind="password-reset").exists()

    def test_a_closed_account_gets_nothing(self, client, bob):
        SSOAccount.objects.update(state="closed")

        self.ask(client, bob.email)

        assert not Message.objects.exists()

    def test_what_is_no_address_is_said(self, client):
        assert "電子郵件" in client.post(FORGOTTEN, {"account": "bob"}).content.decode()


class TestPasswords:
    def test_the_last_three_are_not_taken_again(self, client, bob):
        log_in(client, bob)
        words = [PASSWORD, "one more quiet boat", "two more quiet boats", "three more quiet boats"]
        for new in words[1:]:
            change_password(user=bob, password=new)

        def change(new):
            log_in(client, User.objects.get(pk=bob.pk))
            typed = {"old_password": words[-1], "new_password": new, "confirmation": new}
            return client.post(reverse("accounts:sso-password"), typed)

        for used in words[1:]:
            assert "這個密碼最近用過" in change(used).content.decode()
        assert FormerPassword.objects.filter(user=bob).count() == 2
        assert change(words[0]).status_code == 302

    def test_its_owner_is_told_at_each_change(self, bob):
        change_password(user=bob, password=NEW)
        teacher = staff(SchoolFactory(), account="t1", email="t1@example.com")
        change_password(user=teacher, password="seven quiet boats at noon")

        assert list(Message.objects.filter(kind="password-changed").values_list("to", flat=True)) == [
            "t1@example.com",
            "bob@example.com",
        ]
        assert NEW not in str(list(Message.objects.values()))


def test_two_presses_of_a_link_set_one_password(bob):
    email_tokens.send_way_in(bob.email, "zh-hant")
    key = email_tokens.find_link(link_in(Message.objects.get()))

    assert set_password_by_link(token=key, password=NEW)
    assert not set_password_by_link(token=key, password="one more quiet boat")
    bob.refresh_from_db()
    assert bob.check_password(NEW)
