"""Sends what is due. Two workers never send the same mail; one that dies leaves a lease that runs out."""

import logging
import random
import smtplib
import uuid
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Message

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)


def deliver_due(*, limit=50, should_stop=lambda: False):
    """Send up to `limit` mails, one lease a mail; returns how many went out."""
    worker = str(uuid.uuid4())
    sent = 0
    server = get_connection()
    try:
        for _turn in range(limit):
            message = None if should_stop() else claim_next(worker)
            if message is None:
                break
            sent += attempt(message, server)
    finally:
        server.close()
    return sent


def claim_next(worker):
    """Lease the next mail that is due, so that no other worker takes it; None when there is none."""
    now = timezone.now()
    lease = {"leased_by": worker, "leased_until": now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)}
    with transaction.atomic():
        due = Message.objects.due(now).order_by("next_attempt_at")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        message = due.first()
        if message is None:
            return None
        Message.objects.filter(pk=message.pk).update(**lease)
    message.leased_by = worker
    return message


def attempt(message, server):
    """Send one leased mail and write down how it went. True when it went out."""
    try:
        # A connection that `send` has to open itself is closed again after that one mail.
        server.open()
        compose(message, server).send()
    except smtplib.SMTPRecipientsRefused as error:
        server.close()
        codes = [code for code, _words in error.recipients.values()]
        settle_failure(message, f"recipient refused {codes}", is_final=all(code >= 500 for code in codes))
    except Exception as error:  # noqa: BLE001 – whatever the mail server does, the next mail has its turn
        server.close()
        settle_failure(message, type(error).__name__)
    else:
        settle(message, state=Message.State.SENT, sent_at=timezone.now(), last_error="")
        logger.info("mail %s (%s) sent", message.pk, message.kind)
        return True
    return False


def compose(message, server):
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        # The same for every attempt: a reader who gets it twice after a crash can tell.
        "Message-ID": f"<outbox-{message.pk}-{int(message.created_at.timestamp())}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if message.unsubscribe_url:
        # RFC 8058: the reader's mail program offers a button that needs no page.
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to],
        connection=server,
        headers=headers,
    )
    mail.attach_alternative(message.html, "text/html")
    return mail


def settle_failure(message, error, *, is_final=False):
    """Try again later, twice as late each time, until the mail's time is over: then it is a dead letter."""
    now = timezone.now()
    pause = min(FIRST_RETRY * 2 ** min(message.attempts, 20), LONGEST_RETRY)
    next_attempt_at = now + pause * random.uniform(0.9, 1.1)  # noqa: S311 – spreads retries, guards nothing
    is_dead = is_final or next_attempt_at > message.retry_until
    logger.warning(
        "mail %s (%s) failed: %s%s", message.pk, message.kind, error, ", given up" if is_dead else ""
    )
    settle(
        message,
        state=Message.State.DEAD if is_dead else Message.State.QUEUED,
        next_attempt_at=next_attempt_at,
        last_error=error[:200],
        if_state=Message.State.QUEUED,  # one that was stopped meanwhile stays so
    )


def settle(message, *, if_state=None, **fields):
    """Write the outcome, but only while this worker still holds the lease."""
    mine = Message.objects.filter(pk=message.pk, leased_by=message.leased_by)
    if if_state:
        mine = mine.filter(state=if_state)
    mine.update(attempts=message.attempts + 1, leased_by="", leased_until=None, **fields)
