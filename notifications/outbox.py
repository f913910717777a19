"""The outbox: a mail exists exactly if the transaction of what it tells of does. `notifications.mails` writes them."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Message
from notifications.signals import message_resent


class TooLate(Exception):
    """The mail is gone, or a worker holds it this moment."""


class WasSensitive(Exception):
    """The mail carried a link or a code, and is empty now: only a new one can be sent."""


def enqueue_all(messages):
    """Write many mails from `Mail.compose` at once. Raises RuntimeError outside a transaction."""
    refuse_outside_transaction("mail")
    return Message.objects.bulk_create(messages)


def refuse_outside_transaction(kind):
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} is enqueued outside the transaction of what it tells of")


def take_back(messages):
    """Cancel mails that still wait; raises `TooLate`, and cancels none, where one may have gone out.

    Whoever holds the row first has it: the worker that leases it, or the transaction that takes it back.
    """
    held = list(messages.select_for_update().order_by("pk"))
    if any(one.state != Message.State.QUEUED or one.leased_by or one.attempts for one in held):
        raise TooLate
    _stop(Message.objects.filter(pk__in=[one.pk for one in held]))
    return len(held)


def stop(messages):
    """Keep waiting mails from going out; returns how many.

    A worker may hold one of them this very moment: if it goes out it counts as sent, else it is not tried again.
    """
    return _stop(messages.filter(state=Message.State.QUEUED))


def _stop(messages):
    return messages.update(state=Message.State.STOPPED, **Message.at_end())


def give_up_secrets_out_of_time():
    """Give up, and empty, mails with a link or a code whose time is over. Returns how many.

    The worker does so with each mail that it tries; this is for those that wait while no worker runs, or far away.
    """
    over = Message.objects.secrets_out_of_time(timezone.now())
    return over.update(state=Message.State.DEAD, last_error="its time was over", **Message.at_end())


def retry_deadline():
    return timezone.now() + timedelta(hours=settings.OUTBOX_RETRY_HOURS)


@transaction.atomic
def resend(*, message, by):
    """Give a dead letter, or a sent one that was lost, another 72 hours; any other, and one too late, stays as it is.

    Raises `WasSensitive` for one that went out with a link or a code, which nobody but its maker can make anew.
    """
    if message.is_sensitive and message.can_be_resent:
        raise WasSensitive
    again = Message.objects.filter(
        pk=message.pk, state__in=[Message.State.SENT, Message.State.DEAD], is_sensitive=False
    )
    changed = again.exclude(not_after__lt=timezone.now()).update(
        state=Message.State.QUEUED,
        attempts=0,
        sent_at=None,
        next_attempt_at=timezone.now(),
        retry_until=retry_deadline(),
        leased_by="",
        leased_until=None,
        bounced_as="",
        bounced_at=None,
        server_code="",
        server_words="",
    )
    message.refresh_from_db()
    if changed:
        message_resent.send(Message, message=message, by=by)
    return message
