"""Sends what is due. Two workers never send the same mail; one that dies leaves a lease that runs out."""

import logging
import smtplib
import uuid
from email import charset
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from core.failures import log_failure
from notifications import outbox, refusals, retries
from notifications.bounces.envelope import sender_of
from notifications.models import GoneAddress, Message
from notifications.signals import objections_asked

logger = logging.getLogger(__name__)

# Quoted-printable, 76 characters a line and ASCII alone: no server has to cut a line or to encode anew, which would break
# a signature (DKIM) that was made before.
SHORT_LINES = charset.Charset("utf-8")
SHORT_LINES.body_encoding = charset.QP


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
    return retries.claim_next(Message.objects.all(), worker)


def attempt(message, server):
    """Send one leased mail and write down how it went. True when it went out."""
    return retries.guarded(lambda one: _send(one, server), message)


def _send(message, server):
    if why := why_not(message):
        retries.settle_stopped(message, why)
        return False
    try:
        # A connection that `send` has to open itself is closed again after that one mail.
        server.open()
        compose(message, server).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        server.close()
        refusals.settle(message, error)
    except Exception as error:  # noqa: BLE001 – whatever the mail server does, the next mail has its turn
        server.close()
        if not isinstance(error, OSError):  # no fault of the mail server's
            log_failure(logger, "%s could not be sent", message, error=error)
        retries.settle_failure(message, type(error).__name__)
    else:
        retries.settle_sent(message)
        return True
    return False


def why_not(message):
    """Why a mail is not to go out any more, asked at the moment of sending: it may have waited for long; "" if it may."""
    if message.is_too_late:
        return "too late: what it tells of is over"
    if GoneAddress.objects.filter(email=message.to).exists():
        return "mails to this address come back"
    for _receiver, objection in objections_asked.send(type(message), message=message):
        if objection:
            return objection
    return ""


class NothingToSend(Exception):
    """The words of the mail are gone, or open with none of the keys: nobody gets an empty mail."""


def compose(message, server):
    """The mail as it goes out: From is ours, the envelope's sender is where its bounce is read. Raises `NothingToSend`."""
    if not message.text:
        raise NothingToSend
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
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
        body=in_lines(message.text),
        from_email=sender_of(message),  # None: Django's own, the same as From
        to=[message.to],
        connection=server,
        headers=headers,
    )
    mail.encoding = SHORT_LINES
    mail.attach_alternative(in_lines(message.html), "text/html")
    return mail


def in_lines(text):
    """`text` with the ends of lines that mail servers know: Python, and so Django, takes many more signs for one."""
    return "\n".join(text.splitlines())
