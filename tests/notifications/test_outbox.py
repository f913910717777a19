"""A mail exists exactly if the transaction does."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.mails import password_changed
from accounts.models import User
from core import identity
from notifications import outbox
from notifications.models import Message
from tests.notifications.factories import message, written
from tests.notifications.kinds import context


@pytest.mark.django_db
class TestEnqueuing:
    def test_an_id_number_in_somebodys_words_is_blotted_out(self):
        mail = written("applicant-returned", context=context() | {"reason": "A123-456-789 不對"})

        assert "••• 不對" in mail.text
        assert "••• 不對" in mail.html
        assert not any(identity.is_in(part) for part in (mail.subject, mail.text, mail.html))

    def test_an_address_made_of_the_own_number_gets_its_mail(self):
        """Whoever has no other address was asked about it: the mail names it as it is."""
        mail = written(
            "applicant-returned",
            "a123456789@example.org",
            context=context() | {"reason": "請回覆 A123456789@example.org，不要寫 F131104093"},
        )

        assert mail.to == "a123456789@example.org"
        assert "請回覆 A123456789@example.org，不要寫 •••" in mail.text

    def test_words_of_people_are_no_markup(self):
        mail = written("applicant-returned", context=context() | {"reason": "<b>改</b>"})

        assert "<b>" not in mail.html
        assert "<b>改</b>" in mail.text


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_a_rollback_leaves_no_mail(self):
        def fail():
            with transaction.atomic():
                password_changed(User(email="bob@example.com", language="en"))
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()

        assert not Message.objects.exists()

    def test_outside_a_transaction_nothing_is_written(self):
        with pytest.raises(RuntimeError, match="outside the transaction"):
            password_changed(User(email="bob@example.com", language="en"))


@pytest.mark.django_db
class TestStopping:
    def test_only_what_waits(self):
        waiting, sent, dead = (message(1), message(2, state="sent", sent_at=timezone.now()), message(3, state="dead"))

        assert outbox.stop(Message.objects.all()) == 1

        states = dict(Message.objects.values_list("pk", "state"))
        assert states == {waiting.pk: "stopped", sent.pk: "sent", dead.pk: "dead"}

    def test_sending_again_does_not_undo_it(self):
        row = message(1)
        outbox.stop(Message.objects.all())

        outbox.resend(message=row, by=None)

        assert row.state == "stopped"
