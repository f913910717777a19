"""What each shape of bounce leads to, and that whatever is not proved to be ours changes nothing."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.utils import timezone

from audit.models import Event
from core import identity
from notifications import delivery, outbox
from notifications.bounces import envelope, reading
from notifications.bounces.taking import Taken, take
from notifications.models import GoneAddress, Message
from tests.notifications.bounces.shapes import FAILURES, NO_FAILURES, letter, postfix
from tests.notifications.factories import message

pytestmark = pytest.mark.django_db

UNKNOWN = "postfix, unknown user"
FULL = "postfix, full until given up"


def all_rows():
    """What is in the tables that a bounce may write to."""
    return list(Message.objects.order_by("pk").values()), list(GoneAddress.objects.values()), Event.objects.count()


class TestShapes:
    @pytest.mark.parametrize(("name", "outcome", "code"), [(one[0], *one[2:]) for one in FAILURES])
    def test_a_failure(self, sent, bounce_of, name, outcome, code):
        taken = take(bounce_of(sent, name))

        sent.refresh_from_db()
        assert (taken, sent.bounced_as, sent.server_code) == (outcome, outcome, code)
        assert sent.bounced_at is not None
        assert GoneAddress.objects.filter(email=sent.to).exists() == (outcome == "gone")

    @pytest.mark.parametrize("name", NO_FAILURES)
    def test_what_is_no_failure_changes_nothing(self, sent, bounce_of, name):
        before = all_rows()

        assert take(bounce_of(sent, name)) == Taken.NO_FAILURE
        assert all_rows() == before

    @pytest.mark.parametrize("name", [one[0] for one in FAILURES])
    def test_the_second_time_nothing_changes(self, sent, bounce_of, name):
        take(bounce_of(sent, name))
        before = all_rows()

        assert take(bounce_of(sent, name)) == Taken.REPEATED
        assert all_rows() == before

    @pytest.mark.parametrize("name", [one[0] for one in FAILURES if one[2] != "refused"])
    def test_an_address_in_chinese(self, bounce_of, name):
        row = message(to="王大明@例子.台灣", state="sent", sent_at=timezone.now())
        raw = letter(name, verp=envelope.sender_of(row), parent="王大明@xn--fsqu00a.xn--kpry57d")

        assert take(raw) in (Taken.GONE, Taken.LOST)

    def test_a_report_in_utf8_names_the_address_as_it_is(self):
        row = message(to="王大明@example.com", state="sent", sent_at=timezone.now())
        raw = letter("without smtputf8", verp=envelope.sender_of(row), parent=row.to)
        [report] = reading.reports_in(reading.read(raw))

        assert report.addresses == {row.to}
        assert take(raw) == Taken.REFUSED

    def test_the_servers_words_are_kept_readable_short_and_without_numbers(self, sent, bounce_of):
        take(bounce_of(sent, "exim, in Chinese"))
        second = message(1, state="sent", sent_at=timezone.now())
        long = postfix("5.7.1", "smtp; 550 5.7.1 \x00A123456789 " + "x" * 5000)
        take(long.replace("{verp}", envelope.sender_of(second)).replace("{parent}", second.to).encode())

        sent.refresh_from_db()
        second.refresh_from_db()
        assert sent.server_words == "550 5.1.1 使用"
        assert second.server_words.startswith("550 5.7.1 ••• xxx")
        assert len(second.server_words) == 300

    def test_of_a_server_that_says_it_in_the_text_alone(self, sent, bounce_of):
        take(bounce_of(sent, "exim, lines too long"))

        sent.refresh_from_db()
        assert sent.server_words == "message has lines too long for transport"

    def test_what_happened_is_an_event(self, sent, bounce_of):
        take(bounce_of(sent, UNKNOWN))

        event = Event.objects.about(sent).get(event="message.bounced")
        assert event.data == {"as": "gone", "code": "5.1.1"}

    def test_bytes_that_are_no_text_are_no_trouble(self, sent, bounce_of):
        raw = (
            bounce_of(sent, UNKNOWN)
            .replace(b"User unknown", b"\xff\xfe \xe4\xbd")
            .replace(b"Subject: x", b"\xff: \xfe")
        )

        assert take(raw) == Taken.GONE


class TestWhoseItIs:
    def forged(self, sent, raw):
        signed = envelope.sender_of(sent)
        letter, rest = signed.split(".", 1)
        return raw.replace(signed.encode(), f"{letter}.{'a' if rest[0] != 'a' else 'b'}{rest[1:]}".encode())

    @pytest.mark.parametrize("name", [one[0] for one in FAILURES] + list(NO_FAILURES))
    def test_a_forged_signature_changes_nothing(self, sent, bounce_of, name):
        before = all_rows()

        assert take(self.forged(sent, bounce_of(sent, name))) == Taken.FORGED
        assert all_rows() == before

    @pytest.mark.parametrize("name", [one[0] for one in FAILURES])
    def test_a_mail_that_is_not_ours_changes_nothing(self, sent, name):
        before = all_rows()

        for verp in (
            "no-reply@example.com",
            "b+x.y@bounces.example.com",
            "",
            "b+" + "z" * 14 + ".aaaaaaaaaaaaaaaa@bounces.example.com",
        ):
            assert take(letter(name, verp=verp, parent=sent.to)) == Taken.FOREIGN
        assert all_rows() == before

    @pytest.mark.parametrize("name", [one[0] for one in FAILURES])
    def test_one_out_of_time_changes_nothing(self, sent, bounce_of, settings, name):
        Message.objects.update(sent_at=timezone.now() - timedelta(days=settings.BOUNCE_DAYS, minutes=1))
        before = all_rows()

        assert take(bounce_of(sent, name)) == Taken.TOO_LATE
        assert all_rows() == before

    def test_the_signature_of_one_mail_is_not_that_of_another(self, sent, bounce_of):
        other = message(2, state="sent", sent_at=timezone.now())
        key, signature = envelope.sender_of(sent).partition("@")[0], envelope.sender_of(other).partition(".")[2]
        stolen = f"{key.partition('.')[0]}.{signature}"

        assert take(letter(UNKNOWN, verp=stolen, parent=sent.to)) == Taken.FORGED

    def test_a_bounce_of_the_time_before_says_nothing_of_a_mail_sent_anew(self, sent, bounce_of):
        raw = bounce_of(sent, UNKNOWN)
        outbox.resend(message=sent, by=None)

        assert take(raw) == Taken.FORGED
        assert take(bounce_of(sent, UNKNOWN)) == Taken.GONE

    def test_one_that_came_back_may_come_back_again(self, sent, bounce_of):
        take(bounce_of(sent, FULL))
        outbox.resend(message=sent, by=None)
        sent.refresh_from_db()

        assert (sent.bounced_as, sent.server_code, sent.server_words) == ("", "", "")
        assert take(bounce_of(sent, FULL)) == Taken.LOST

    def test_a_former_secret_key_still_proves(self, sent, bounce_of, settings):
        raw = bounce_of(sent, UNKNOWN)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
            [settings.SECRET_KEY],
            "another key of forty characters, or more",
        )

        assert take(raw) == Taken.GONE

    def test_a_relay_may_name_the_recipient_instead(self, sent, bounce_of):
        raw = bounce_of(sent, UNKNOWN).replace(b"To: b+", b"X: b+")

        assert take(raw) == Taken.FOREIGN
        assert take(raw, recipient=envelope.sender_of(sent).upper()) == Taken.GONE

    def test_one_that_is_faster_than_the_worker_counts(self, bounce_of):
        row = message()

        assert take(bounce_of(row, UNKNOWN)) == Taken.GONE
        assert delivery.deliver_due() == 0

    def test_the_address_of_today_is_left_alone_when_a_former_one_is_gone(self, sent, bounce_of):
        take(bounce_of(sent, UNKNOWN))

        assert not GoneAddress.objects.exclude(email="bob1@example.com").exists()


class TestEnvelope:
    def test_holds_no_address_and_nothing_like_a_number_and_is_short(self, sent):
        sender = envelope.sender_of(sent)

        assert len(sender.partition("@")[0]) <= 64
        assert not any(one.isdigit() for one in sender)
        assert "bob" not in sender
        assert not identity.is_in(sender)

    def test_differs_from_the_sender_that_people_see(self, sent, settings):
        mail = delivery.compose(sent, None)
        letter = message_from_bytes(mail.message().as_bytes())

        assert mail.from_email == envelope.sender_of(sent)
        assert "no-reply@localhost" in letter["From"]

    def test_is_the_plain_one_where_no_bounces_are_read(self, sent, settings):
        settings.BOUNCE_DOMAIN = ""

        assert delivery.compose(sent, None).from_email == settings.DEFAULT_FROM_EMAIL
        assert envelope.key_of("b+b.aaaaaaaaaaaaaaaa@") is None


class TestAfterwards:
    def test_no_mail_goes_to_a_dead_address(self, sent, bounce_of):
        take(bounce_of(sent, UNKNOWN))
        row = message()

        assert delivery.deliver_due() == 0

        row.refresh_from_db()
        assert row.state == "stopped"
        assert "come back" in row.last_error

    def test_what_is_lost_three_times_in_a_fortnight_is_dead(self, bounce_of, settings):
        for n in range(settings.BOUNCES_LOST):
            assert not GoneAddress.objects.exists(), n
            take(bounce_of(message(state="sent", sent_at=timezone.now()), FULL))

        assert GoneAddress.objects.get().email == "bob1@example.com"

    def test_what_was_lost_long_ago_is_forgotten(self, bounce_of, settings):
        for _n in range(settings.BOUNCES_LOST - 1):
            take(bounce_of(message(state="sent", sent_at=timezone.now()), FULL))
        Message.objects.update(bounced_at=timezone.now() - timedelta(days=settings.BOUNCE_DAYS, minutes=1))
        take(bounce_of(message(state="sent", sent_at=timezone.now()), FULL))

        assert not GoneAddress.objects.exists()

    def test_what_is_refused_however_often_is_not(self, bounce_of):
        for _n in range(5):
            take(bounce_of(message(state="sent", sent_at=timezone.now()), "policy"))

        assert not GoneAddress.objects.exists()
        assert delivery.deliver_due() == 0
