"""What a mail server says while it takes a mail: kept, final or not, and the address judged by it; and what it is given."""

import smtplib
from email import message_from_bytes

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from audit.models import Event
from config.mail_samples import samples
from notifications import delivery
from notifications.mails import ONE_TIME_LINK
from notifications.models import GoneAddress, Message
from tests.notifications.factories import message

pytestmark = pytest.mark.django_db
State = Message.State
# Python and Django's check of long lines take all of these for the end of one; a mail server none.
ENDS = {
    "vertical tab": "\x0b",
    "form feed": "\x0c",
    "file": "\x1c",
    "next line": "\x85",
    "line": "\u2028",
    "part": "\u2029",
}


def recipient(code, words):
    return smtplib.SMTPRecipientsRefused({"bob1@example.com": (code, words)})


UNKNOWN = b"5.1.1 <bob1@example.com>: A123456789 User unknown"
# (error, state, code, what it says of the address)
ANSWERS = [
    (recipient(550, UNKNOWN), State.DEAD, "5.1.1", "gone"),
    (recipient(550, b"No such user"), State.DEAD, "550", "refused"),
    (recipient(550, b"5.2.2 full"), State.DEAD, "5.2.2", "refused"),
    (recipient(450, b"4.2.0 come back"), State.QUEUED, "4.2.0", ""),
    (recipient(554, b"5.7.1 <bob1@example.com>: Relay access denied"), State.QUEUED, "5.7.1", ""),
    (recipient(550, b"relay not permitted"), State.QUEUED, "550", ""),
    (smtplib.SMTPSenderRefused(552, b"5.3.4 too large", "x"), State.DEAD, "5.3.4", ""),
    (smtplib.SMTPSenderRefused(550, b"5.1.1 who are you", "x"), State.QUEUED, "5.1.1", ""),
    (smtplib.SMTPDataError(554, b"5.7.1 looks like spam"), State.DEAD, "5.7.1", "refused"),
    (smtplib.SMTPDataError(451, b"4.3.0 later"), State.QUEUED, "4.3.0", ""),
    (smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password"), State.QUEUED, "5.7.8", ""),
]


class Answering(BaseEmailBackend):
    error: Exception = OSError()

    def send_messages(self, messages):
        raise self.error


@pytest.mark.parametrize(("error", "state", "code", "outcome"), ANSWERS, ids=lambda one: str(one)[:40])
def test_each_answer(settings, monkeypatch, caplog, error, state, code, outcome):
    settings.EMAIL_BACKEND = "tests.notifications.test_refusals.Answering"
    monkeypatch.setattr(Answering, "error", error)
    row = message()

    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.server_code, row.bounced_as) == (state, code, outcome)
    assert row.server_words
    assert "A123456789" not in row.server_words
    assert GoneAddress.objects.filter(email=row.to).exists() == (outcome == "gone")
    assert Event.objects.about(row).filter(event="message.bounced").exists() == bool(outcome)
    assert "bob1" not in row.last_error
    assert "bob1" not in caplog.text


class TestLines:
    @pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
    def test_none_is_too_long_whatever_people_paste(self, end):
        words = end.join(["王大明 said " * 40] * 20)
        row = message(text=words + "\r\n" + "x" * 3000, html=f"<p>{words}</p><p>{'字' * 3000}</p>")

        raw = delivery.compose(row, None).message().as_bytes()

        assert max(len(line) for line in raw.split(b"\n")) <= 78
        assert raw.isascii()
        assert raw.replace(b"\r\n", b"\n").count(b"\r") == 0

    @pytest.mark.parametrize("end", [*ENDS.values(), "\n", "\r\n", "\r"])
    def test_the_words_arrive_with_plain_ends(self, end):
        row = message(text=f"王{end}大明", html=f"<p>王{end}大明</p>")
        letter = message_from_bytes(delivery.compose(row, None).message().as_bytes())

        plain, html = (part.get_payload(decode=True).decode() for part in letter.get_payload())

        assert (plain, html) == ("王\n大明", "<p>王\n大明</p>")


def test_a_mail_with_a_link_or_a_code_has_an_end():
    """After it, the mail is not tried any longer."""
    sensitive = [one for one in samples("zh-hant") if one.is_sensitive]
    # Who has an account already, or a proved mailbox, gets these without a link.
    without = [one for one in sensitive if one.kind != "sign-in-code" and not ONE_TIME_LINK.search(one.text)]
    sensitive = [one for one in sensitive if one not in without]

    assert {one.kind for one in without} == {"delegation-started", "application-received"}
    assert {one.kind for one in without} <= {one.kind for one in sensitive}
    assert len(sensitive) > 5
    assert [one.kind for one in sensitive if one.not_after is None] == []
    assert all(one.retry_until <= one.not_after for one in sensitive)
