"""A mail exists exactly if the transaction does."""

import pytest
from django.db import transaction
from django.utils import timezone

from core import identity
from notifications import outbox
from notifications.models import Message
from tests.notifications.factories import message
from tests.notifications.kinds import KINDS, context

# They may reach a stranger: the address was wrong, or is not proved yet.
NAMELESS = {
    "address-verify",
    "address-changed",
    "address-allowed",
    "account-left",
    "applicant-email-taken",
    "own-address-changed",
    "own-address-taken",
    "own-address-verify",
    "password-changed",
    "password-reset",
    "second-factor-changed",
    "sign-in-code",
}


@pytest.mark.django_db
class TestEnqueuing:
    @pytest.mark.parametrize("language", ["zh-hant", "en"])
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_can_be_written_in_every_language(self, kind, language):
        school_context = context()

        mail = outbox.enqueue(
            kind,
            to="bob@example.com",
            context=school_context,
            about=school_context["school"],
            language=language,
        )

        assert "\n" not in mail.subject
        for part in (mail.text, mail.html):
            assert ("尹〇妍" in part) == (kind not in NAMELESS)
            assert school_context["school"].name in part
        assert list(Message.objects.about(school_context["school"])) == [mail]

    def test_an_id_number_in_somebodys_words_is_blotted_out(self):
        mail = outbox.enqueue(
            "applicant-returned", to="bob@example.com", context=context() | {"reason": "A123-456-789 不對"}
        )

        assert "••• 不對" in mail.text
        assert "••• 不對" in mail.html
        assert not any(identity.is_in(part) for part in (mail.subject, mail.text, mail.html))

    def test_an_address_made_of_the_own_number_gets_its_mail(self):
        """Whoever has no other address was asked about it: the mail names it as it is."""
        mail = outbox.enqueue(
            "applicant-returned",
            to="a123456789@example.org",
            context=context() | {"reason": "請回覆 A123456789@example.org，不要寫 F131104093"},
        )

        assert mail.to == "a123456789@example.org"
        assert "請回覆 A123456789@example.org，不要寫 •••" in mail.text

    def test_words_of_people_are_no_markup(self):
        mail = outbox.enqueue(
            "applicant-returned", to="bob@example.com", context=context() | {"reason": "<b>改</b>"}
        )

        assert "<b>" not in mail.html
        assert "<b>改</b>" in mail.text


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_a_rollback_leaves_no_mail(self):
        def fail():
            with transaction.atomic():
                outbox.enqueue("child-added", to="bob@example.com", context=context())
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()

        assert not Message.objects.exists()

    def test_outside_a_transaction_nothing_is_written(self):
        with pytest.raises(RuntimeError, match="outside the transaction"):
            outbox.enqueue("child-added", to="bob@example.com", context=context())


@pytest.mark.django_db
class TestStopping:
    def test_only_what_waits(self):
        waiting, sent, dead = (
            message(1),
            message(2, state="sent", sent_at=timezone.now()),
            message(3, state="dead"),
        )

        assert outbox.stop(Message.objects.all()) == 1

        states = dict(Message.objects.values_list("pk", "state"))
        assert states == {waiting.pk: "stopped", sent.pk: "sent", dead.pk: "dead"}

    def test_sending_again_does_not_undo_it(self):
        row = message(1)
        outbox.stop(Message.objects.all())

        outbox.resend(message=row, by=None)

        assert row.state == "stopped"
