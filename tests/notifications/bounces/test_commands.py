"""How bounces come in: by a pipe of the mail server, or from a mailbox."""

import imaplib
import io
import os
import sys

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError

from notifications.bounces import imap
from notifications.bounces.envelope import sender_of
from notifications.checks import mail_can_be_answered_for
from notifications.management.commands import fetch_bounces, read_bounce
from notifications.models import GoneAddress, Message

pytestmark = pytest.mark.django_db

UNKNOWN = "postfix, unknown user"


class Stdin:
    def __init__(self, raw):
        self.buffer = io.BytesIO(raw)


@pytest.fixture
def pipe(monkeypatch):
    def run(raw, **options):
        stdin = Stdin(raw)
        monkeypatch.setattr(sys, "stdin", stdin)
        call_command("read_bounce", **options)
        return stdin.buffer.read()

    return run


class TestPipe:
    def test_a_bounce_is_taken(self, pipe, sent, bounce_of, capsys):
        pipe(bounce_of(sent, UNKNOWN))

        assert capsys.readouterr().out == "gone\n"
        assert GoneAddress.objects.exists()

    def test_of_a_large_one_the_rest_is_thrown_away(self, pipe, sent, bounce_of):
        large = bounce_of(sent, UNKNOWN).replace("您好".encode(), b"x" * 75 + b"\n" * 5_000_000)

        assert pipe(large) == b""
        assert GoneAddress.objects.exists()

    @pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"To: somebody@example.com\n\n550 5.1.1"])
    def test_nothing_is_answered_to_what_is_not_ours(self, pipe, raw):
        pipe(raw)

        assert not GoneAddress.objects.exists()

    def test_the_relay_may_name_the_recipient(self, pipe, sent, bounce_of):
        pipe(bounce_of(sent, UNKNOWN).replace(b"To: b+", b"X: b+"), recipient=sender_of(sent))

        assert GoneAddress.objects.exists()

    @pytest.mark.parametrize("error", [OperationalError("Failing row (王小明)"), KeyError("王小明")])
    def test_the_relay_keeps_what_could_not_be_read_now(self, pipe, monkeypatch, caplog, error):
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr(read_bounce, "take", fail)

        with pytest.raises(SystemExit) as ended:
            pipe(b"x")
        assert ended.value.code == os.EX_TEMPFAIL
        assert "王小明" not in caplog.text

    def test_and_all_while_no_domain_is_set(self, pipe, settings):
        settings.BOUNCE_DOMAIN = ""

        with pytest.raises(SystemExit) as ended:
            pipe(b"x")
        assert ended.value.code == os.EX_TEMPFAIL


class Server:
    """What `imap.Mailbox` asks of imaplib: one folder of letters."""

    letters: list[bytes] = []
    flags: dict[str, str] = {}
    asked: tuple = ()
    answer = "OK"

    def __init__(self, host, port, *, ssl_context, timeout):
        type(self).asked = (host, port, ssl_context.check_hostname)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def login(self, user, password):
        type(self).asked += (user, password)

    def select(self, folder):
        type(self).asked += (folder,)
        return "OK", [b"1"]

    def uid(self, command, *words):
        if command == "SEARCH":
            unread = [str(n) for n in range(len(self.letters)) if str(n) not in self.flags]
            return self.answer, [" ".join(unread).encode()]
        if command == "FETCH":
            return "OK", [(b"1 (BODY[]<0> {9}", self.letters[int(words[0])]), b")"]
        self.flags[words[0]] = words[2]
        return "OK", [None]

    def close(self):
        pass


@pytest.fixture
def mailbox(monkeypatch, settings):
    settings.BOUNCE_IMAP_URL = "imaps://bounces%40example.com:p%2Fw@mail.example.com/Bounces"
    monkeypatch.setattr(imaplib, "IMAP4_SSL", Server)
    for name, value in {"letters": [], "flags": {}, "answer": "OK"}.items():
        monkeypatch.setattr(Server, name, value)
    return Server


class TestMailbox:
    def test_ours_are_removed_and_others_left_read(self, mailbox, sent, bounce_of, capsys):
        mailbox.letters += [
            bounce_of(sent, UNKNOWN),
            b"To: office@example.com\n\nHello",
            bounce_of(sent, "vacation without Auto-Submitted"),
        ]

        call_command("fetch_bounces")

        assert mailbox.asked == ("mail.example.com", imap.IMAPS, True, "bounces@example.com", "p/w", "Bounces")
        assert mailbox.flags == {"0": r"(\Seen \Deleted)", "1": r"(\Seen)", "2": r"(\Seen \Deleted)"}
        assert capsys.readouterr().out == "1 foreign, 1 gone, 1 no failure\n"
        call_command("fetch_bounces")
        assert capsys.readouterr().out == "nothing new\n"

    def test_one_that_fails_stays_and_the_next_has_its_turn(self, mailbox, sent, bounce_of, monkeypatch, capsys):
        mailbox.letters += [b"bad", bounce_of(sent, UNKNOWN)]
        take = fetch_bounces.take

        def fail_once(raw):
            if raw == b"bad":
                raise KeyError
            return take(raw)

        monkeypatch.setattr(fetch_bounces, "take", fail_once)

        call_command("fetch_bounces")

        assert mailbox.flags == {"1": r"(\Seen \Deleted)"}
        assert "1 failed" in capsys.readouterr().out

    def test_without_the_database_all_stay(self, mailbox, sent, bounce_of, monkeypatch):
        def fail(raw):
            raise OperationalError

        mailbox.letters.append(bounce_of(sent, UNKNOWN))
        monkeypatch.setattr(fetch_bounces, "take", fail)

        with pytest.raises(OperationalError):
            call_command("fetch_bounces")
        assert mailbox.flags == {}

    def test_a_server_that_refuses_is_named_without_its_words(self, mailbox):
        mailbox.answer = "NO"

        with pytest.raises(CommandError, match="MailboxFails"):
            call_command("fetch_bounces")

    def test_without_a_mailbox_it_says_so(self, settings):
        with pytest.raises(CommandError, match="BOUNCE_IMAP_URL"):
            call_command("fetch_bounces")


class TestSettings:
    def test_of_the_tests_are_fine(self):
        assert mail_can_be_answered_for(None) == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DEFAULT_FROM_EMAIL", "臺北市親子綁定 <no-reply@localhost>"),
            ("DEFAULT_FROM_EMAIL", "webmaster"),
            ("BOUNCE_DOMAIN", "bounces@example.com"),
            ("BOUNCE_MAILBOX", "b+b"),
            ("BOUNCE_MAILBOX", "b" * 21),
            ("BOUNCE_IMAP_URL", "imap://user:password@mail.example.com"),
            ("BOUNCE_IMAP_URL", "imaps://mail.example.com"),
        ],
    )
    def test_a_wrong_one_names_itself(self, settings, name, value):
        settings.PRODUCTION = True
        settings.DEFAULT_FROM_EMAIL = "no-reply@example.com"
        setattr(settings, name, value)

        [error] = mail_can_be_answered_for(None)

        assert isinstance(error, checks.Error)
        assert name in error.msg

    def test_the_worker_sends_nothing_with_a_wrong_one(self, settings, sent):
        settings.PRODUCTION = True

        with pytest.raises(SystemCheckError, match="DEFAULT_FROM_EMAIL"):
            call_command("send_mail", once=True, skip_checks=False)
        assert Message.objects.count() == 1
