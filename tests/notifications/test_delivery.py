"""Sending: once, again after trouble, and never by two workers."""

import os
import smtplib
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import InterfaceError, connection, connections
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from notifications import delivery, outbox, retries
from notifications.mailbox import MailboxBackend, open_mailbox
from notifications.management.commands import send_mail
from notifications.models import Message
from notifications.signals import message_resent
from tests.accounts.factories import city_admin, log_in
from tests.notifications.factories import message

State = Message.State


class Broken(BaseEmailBackend):
    error: Exception = ConnectionRefusedError("no server: secret address")

    def send_messages(self, messages):
        raise self.error


def break_mail(settings, monkeypatch, error=None):
    settings.EMAIL_BACKEND = "tests.notifications.test_delivery.Broken"
    if error:
        monkeypatch.setattr(Broken, "error", error)


@pytest.mark.django_db
class TestSending:
    def test_both_parts_go_out_once(self):
        row = message()

        assert delivery.deliver_due() == 1
        assert delivery.deliver_due() == 0

        [letter] = mail.outbox
        row.refresh_from_db()
        assert (letter.to, letter.subject, letter.body) == ([row.to], "信 1", "您好")
        assert letter.alternatives[0][0] == "<p>您好</p>"
        assert letter.extra_headers["Message-ID"].startswith(f"<outbox-{row.pk}-")
        assert row.state == State.SENT

    def test_the_message_id_is_the_same_on_every_attempt(self):
        row = message()
        server = mail.get_connection()

        first, second = (delivery.compose(row, server).extra_headers["Message-ID"] for _ in range(2))

        assert first == second

    def test_the_command_sends_what_is_due_and_ends(self, capsys):
        message()
        message(2, next_attempt_at=timezone.now() + timedelta(hours=1))

        call_command("send_mail", "--once")

        assert "1 sent" in capsys.readouterr().out

    def test_a_told_worker_stops_before_the_next_mail(self):
        message()

        assert delivery.deliver_due(should_stop=lambda: True) == 0


class Server:
    """What Django's SMTP backend asks of smtplib; refuses bob2 and drops the line, as servers do."""

    opened = 0

    def __init__(self, *args, **kwargs):
        type(self).opened += 1

    def sendmail(self, sender, recipients, message):
        if recipients == ["bob2@example.com"]:
            raise smtplib.SMTPRecipientsRefused({recipients[0]: (421, b"come back later")})

    def quit(self):
        pass


class Mailer(smtp.EmailBackend):
    connection_class = Server


@pytest.mark.django_db
class TestConnections:
    @pytest.fixture(autouse=True)
    def _server(self, settings, monkeypatch):
        settings.EMAIL_BACKEND = "tests.notifications.test_delivery.Mailer"
        monkeypatch.setattr(Server, "opened", 0)

    def test_one_connection_carries_the_whole_batch(self):
        for n in (1, 3, 4):
            message(n)

        assert delivery.deliver_due() == 3
        assert Server.opened == 1

    def test_a_dropped_connection_is_opened_again_for_the_next_mail(self):
        for n in (1, 2, 3):
            message(n)

        assert delivery.deliver_due() == 2
        assert Server.opened == 2


@pytest.mark.django_db
class TestTrouble:
    def test_is_tried_again_twice_as_late_each_time(self, settings, monkeypatch):
        break_mail(settings, monkeypatch)
        row = message()
        pauses = []
        for _ in range(12):
            Message.objects.update(next_attempt_at=timezone.now())
            delivery.deliver_due()
            row.refresh_from_db()
            pauses.append((row.next_attempt_at - timezone.now()).total_seconds() / 60)

        assert row.state == State.QUEUED
        for pause, expected in zip(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360], strict=True):
            assert expected * 0.85 < pause < expected * 1.15

    def test_is_given_up_after_72_hours_and_says_why_without_an_address(self, settings, monkeypatch):
        break_mail(settings, monkeypatch)
        row = message(retry_until=timezone.now())

        delivery.deliver_due()

        row.refresh_from_db()
        assert (row.state, row.last_error) == (State.DEAD, "ConnectionRefusedError")

    @pytest.mark.parametrize(("code", "state"), [(550, State.DEAD), (450, State.QUEUED)])
    def test_a_refused_address_is_given_up_at_once_a_busy_one_not(self, settings, monkeypatch, code, state):
        refusal = smtplib.SMTPRecipientsRefused({"bob1@example.com": (code, b"no such user")})
        break_mail(settings, monkeypatch, refusal)
        row = message()

        delivery.deliver_due()

        row.refresh_from_db()
        assert row.state == state
        assert "bob" not in row.last_error

    def test_the_next_mail_has_its_turn(self, monkeypatch):
        message(1)
        message(2)
        original = delivery.compose

        def compose(row, server):
            if row.subject == "信 1":
                raise ValueError
            return original(row, server)

        monkeypatch.setattr(delivery, "compose", compose)

        assert delivery.deliver_due() == 1
        assert [letter.subject for letter in mail.outbox] == ["信 2"]


@pytest.mark.django_db
class TestLeases:
    def test_a_mail_in_hand_is_not_taken_by_another(self):
        message()

        assert delivery.claim_next("alice")
        assert delivery.claim_next("bob") is None

    def test_a_worker_that_died_loses_nothing(self):
        message()
        delivery.claim_next("alice, killed before sending")
        Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

        assert delivery.deliver_due() == 1

    def test_a_worker_that_lost_its_lease_writes_nothing(self):
        row = message()
        slow = delivery.claim_next("alice")
        Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        delivery.claim_next("bob")

        retries.settle_failure(slow, "too late")

        row.refresh_from_db()
        assert (row.leased_by, row.last_error) == ("bob", "")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_every_mail_once():
    for n in range(40):
        message(n)
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        delivery.deliver_due()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(letter.subject for letter in mail.outbox) == sorted(f"信 {n}" for n in range(40))
    assert not Message.objects.exclude(state=State.SENT, attempts=1).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_a_mail_in_hand_loses_nothing():
    message()
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@/{database['NAME']}?host={database['OPTIONS']['host']}"
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.notifications.hanging_worker"],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout.readline() == "in hand\n"
    worker.kill()
    worker.communicate()

    assert delivery.deliver_due() == 0, "the lease of the dead worker still runs"
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert delivery.deliver_due() == 1


@pytest.mark.django_db
def test_a_dead_letter_is_sent_again_from_the_admin(client):
    row = message(state=State.DEAD, retry_until=timezone.now() - timedelta(days=1), attempts=9)
    log_in(client, city_admin())
    address = reverse("admin:notifications_message_changelist")

    client.post(address, {"action": "resend", "_selected_action": [row.pk]})
    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.SENT, 1)
    assert Event.objects.get(event="message.resent").target_id == str(row.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "times"), [(State.DEAD, 1), (State.QUEUED, 0)])
def test_whoever_sends_a_mail_again_is_told_of_once(state, times):
    row, told = message(state=state), []

    def listen(sender, message, by, **kwargs):
        told.append((message, by))

    message_resent.connect(listen)
    try:
        returned = outbox.resend(message=row, by="alice")
    finally:
        message_resent.disconnect(listen)

    assert returned.state == State.QUEUED
    assert told == [(row, "alice")] * times


def test_the_worker_outlives_its_database(monkeypatch):
    def fail(**options):
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(send_mail, "deliver_due", fail)

    assert send_mail.Command().look(threading.Event()) == 0


@pytest.mark.django_db
def test_mails_of_development_are_real_and_readable(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mail"
    row = message()

    delivery.compose(row, MailboxBackend()).send()

    [letter] = open_mailbox()
    assert letter["To"] == row.to
    assert letter.is_multipart()
