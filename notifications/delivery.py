"""Sends what is due. Two workers never send the same mail; one that dies leaves a lease that runs out."""

import smtplib
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications import outbox, queue
from notifications.models import Message


def deliver_due(*, limit=50, should_stop=lambda: False):
    """Send up to `limit` mails, one lease a mail; returns how many went out."""
    outbox.give_up_secrets_out_of_time()
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
    """Lease the next mail that is due; None when there is none."""
    return queue.claim_next(Message.objects.all(), worker)


def attempt(message, server):
    """Send one leased mail and write down how it went. True when it went out."""
    try:
        # A connection that `send` has to open itself is closed again after that one mail.
        server.open()
        compose(message, server).send()
    except smtplib.SMTPRecipientsRefused as error:
        server.close()
        codes = [code for code, _words in error.recipients.values()]
        queue.settle_failure(
            message, f"recipient refused {codes}", is_final=all(code >= 500 for code in codes)
        )
    except Exception as error:  # noqa: BLE001 – whatever the mail server does, the next mail has its turn
        server.close()
        queue.settle_failure(message, type(error).__name__)
    else:
        queue.settle_sent(message)
        return True
    return False


class NothingToSend(Exception):
    """The words of the mail are gone, or open with none of the keys: nobody gets an empty mail."""


def compose(message, server):
    """Raises `NothingToSend`."""
    if not message.text:
        raise NothingToSend
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
