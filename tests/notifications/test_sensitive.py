"""Mails with a link or a code: nobody reads them but who gets them, and nothing of them is kept."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import email_tokens, passwords
from accounts.models import SSOAccount
from audit.models import Event
from notifications import delivery, outbox
from notifications.mails import MAILS
from notifications.models import Message
from registry.roles import Role
from tests.accounts.factories import city_admin, log_in, registrar_of, sso_parent, staff, teacher_of
from tests.binding.factories import approved_application
from tests.notifications.factories import written
from tests.notifications.kinds import context
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db

SENSITIVE = sorted(kind for kind, one in MAILS.items() if one.is_sensitive)
State = Message.State


def secret(kind="password-reset", link="https://example.com/?token=geheim", **details):
    return written(kind, context=context() | {"link": link}, **details)


def stored(row):
    """What lies in the table itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, text, html FROM notifications_message WHERE id = %s", [row.pk])
        return cursor.fetchone()


def is_empty(row):
    _subject, text, html = stored(row)
    return (text, html) == ("", "")


class TestEveryKind:
    @pytest.mark.parametrize("kind", SENSITIVE)
    def test_the_subject_holds_nothing_of_it(self, kind):
        row = written(kind, context=context() | {"link": "geheim", "code": "geheim"})

        assert "geheim" in row.text
        assert "geheim" not in row.subject

    def test_one_that_nobody_marked_is_not_written(self):
        words = context() | {"reason": "https://example.com/?token=geheim"}

        with pytest.raises(ValueError, match="one-time link"):
            written("applicant-returned", context=words)


class TestAtRest:
    def test_it_lies_sealed_while_it_waits_and_goes_out_in_plain(self):
        row = secret()

        assert "geheim" not in "".join(stored(row))
        assert delivery.deliver_due() == 1
        [letter] = mail.outbox
        assert "token=geheim" in letter.body
        assert "token=geheim" in letter.alternatives[0][0]

    def test_other_mails_stay_readable(self):
        row = written("child-added", context=context())
        delivery.deliver_due()

        assert "尹〇妍" in stored(row)[1]

    def test_with_a_lost_key_nobody_gets_an_empty_mail(self, settings):
        row = secret()
        settings.IDENTITY_KEYS = ["YW5vdGhlci1rZXktZm9yLXRoZS10ZXN0cy1vbmx5ISE="]

        assert delivery.deliver_due() == 0

        row.refresh_from_db()
        assert mail.outbox == []
        assert row.last_error == "NothingToSend"


class TestEmptied:
    def test_once_sent(self):
        row = secret()
        delivery.deliver_due()

        assert is_empty(row)

    def test_when_given_up(self, settings):
        settings.EMAIL_BACKEND = "tests.notifications.test_delivery.Broken"
        row = secret(not_after=timezone.now())
        delivery.claim_next("worker")
        row.refresh_from_db()
        delivery.attempt(row, delivery.get_connection())

        row.refresh_from_db()
        assert row.state == State.STOPPED
        assert is_empty(row)

    def test_but_not_while_it_is_tried_again(self, settings):
        settings.EMAIL_BACKEND = "tests.notifications.test_delivery.Broken"
        row = secret()
        delivery.deliver_due()

        row.refresh_from_db()
        assert row.state == State.QUEUED
        assert "token=geheim" in row.text

    def test_when_stopped(self):
        row = secret()
        outbox.stop(Message.objects.filter(pk=row.pk))

        assert is_empty(row)

    def test_when_taken_back(self):
        row = secret(hold=timedelta(minutes=5))
        outbox.take_back(Message.objects.filter(pk=row.pk))

        row.refresh_from_db()
        assert row.state == State.STOPPED
        assert is_empty(row)

    @pytest.mark.parametrize("hold", [0, 5])
    def test_when_its_time_is_over_and_no_worker_ever_had_it(self, hold):
        row = secret(hold=timedelta(minutes=hold))
        Message.objects.update(retry_until=timezone.now() - timedelta(minutes=1))

        assert delivery.deliver_due() == 0

        row.refresh_from_db()
        assert row.state == State.DEAD
        assert is_empty(row)
        assert mail.outbox == []

    def test_the_database_takes_no_other_end(self):
        row = secret()

        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=row.pk).update(state=State.STOPPED)

    def test_a_code_is_not_mailed_when_it_is_worth_nothing_any_more(self):
        user = sso_parent(by=registrar_of(SchoolFactory()), password=None, is_proved=False)
        email_tokens.send_code(user)

        row = Message.objects.get(kind="sign-in-code")
        assert row.retry_until <= timezone.now() + timedelta(minutes=10)


class TestInTheAdmin:
    @pytest.fixture
    def city(self, client):
        return log_in(client, city_admin())

    def page(self, city, row):
        return city.get(reverse("admin:notifications_message_change", args=[row.pk]))

    def test_its_words_are_never_shown(self, city):
        row = secret()

        words = self.page(city, row).content.decode()

        assert "geheim" not in words
        assert row.to in words
        assert 'class="form-row field-text"' not in words

    def test_each_look_at_any_mail_is_an_event(self, city):
        row = written("child-added", context=context())
        for _ in range(2):
            assert "尹〇妍" in self.page(city, row).content.decode()

        looks = Event.objects.about(row).filter(event="message.viewed")
        assert [one.actor_label for one in looks] == ["city/admin"] * 2

    @pytest.mark.parametrize("page", ["changelist", "history"])
    def test_no_list_or_history_of_it_tells_more(self, city, page):
        row = secret()
        arguments = [row.pk] if page == "history" else []

        words = city.get(reverse(f"admin:notifications_message_{page}", args=arguments)).content.decode()
        found = city.get(reverse("admin:notifications_message_changelist"), {"q": "geheim"}).content.decode()

        assert "geheim" not in words
        assert f'/message/{row.pk}/change/"' not in found

    def test_it_is_not_sent_again(self, city):
        row = secret()
        delivery.deliver_due()

        response = city.post(
            reverse("admin:notifications_message_changelist"),
            {"action": "resend", "_selected_action": [row.pk]},
            follow=True,
        )

        row.refresh_from_db()
        assert row.state == State.SENT
        assert "1 封信含有連結或驗證碼" in response.content.decode()

    def test_who_reads_there_comes_into_no_account(self, city):
        """The walk of before: ask for a reset, read the link in the admin, set the password."""
        user = sso_parent(by=registrar_of(SchoolFactory()))
        email_tokens.send_way_in(user.email, "zh-hant")
        row = Message.objects.get(kind="password-reset")

        assert "set-password" not in self.page(city, row).content.decode()


class TestHelpdesk:
    @pytest.fixture
    def binding(self):
        """Approved, its mail sent; the owner never came in."""
        school_class = SchoolClassFactory()
        student = StudentFactory(school=school_class.school, school_class=school_class)
        binding = approved_application(teacher_of(school_class), student).applicants.get().binding
        Message.objects.update(next_attempt_at=timezone.now())
        delivery.deliver_due()
        return binding

    def press(self, client, binding, row):
        school = binding.student.school
        log_in(client, staff(school, Role.HELPDESK, account=f"help{row.pk}"))
        return client.post(reverse("staff:helpdesk-resend", args=[school.slug, row.pk]), follow=True)

    def test_a_new_link_is_mailed_in_the_place_of_the_old_one(self, client, binding):
        first = Message.objects.get(kind="account-opened")

        self.press(client, binding, first)

        second = Message.objects.filter(kind="account-opened").latest("pk")
        assert second.pk != first.pk
        assert email_tokens.find_link(re.search(r"token=([\w-]+)", second.text)[1]).user == binding.account.user
        old = re.search(r"token=([\w-]+)", mail.outbox[-1].body)[1]
        assert email_tokens.find_link(old) is None
        assert Event.objects.about(first).filter(event="message.resent").exists()

    def test_once_the_account_is_open_there_is_nothing_to_send(self, client, binding):
        passwords.change_password(user=binding.account.user, password="seven blue lanterns")
        first = Message.objects.get(kind="account-opened")

        page = self.press(client, binding, first).content.decode()

        assert "這封信裡的連結或驗證碼只給本人用一次" in page
        assert Message.objects.filter(kind="account-opened").count() == 1

    def test_three_times_a_day_and_no_more(self, client, binding):
        for _ in range(2):
            self.press(client, binding, Message.objects.filter(kind="account-opened").latest("pk"))
            Message.objects.update(next_attempt_at=timezone.now())
            delivery.deliver_due()

        response = self.press(client, binding, Message.objects.filter(kind="account-opened").latest("pk"))

        assert response.status_code == 429
        assert "今天已經重寄很多次" in response.content.decode()
        assert SSOAccount.objects.get(pk=binding.account_id).state == SSOAccount.State.INITIAL
