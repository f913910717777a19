"""The bounces of a mailbox."""

import imaplib
import logging
from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from core.failures import kinds_of, log_failure
from notifications.bounces.imap import Mailbox, MailboxFails, opened_mailbox
from notifications.bounces.taking import Taken, take

logger = logging.getLogger(__name__)

NOT_OURS = {Taken.FOREIGN, Taken.FORGED}  # left there, for who looks after the mailbox


def take_from(mailbox: Mailbox, uid: str) -> str:
    """How it was taken. One that fails stays unread, and keeps no other from its turn."""
    raw = mailbox.letter(uid)
    try:
        taken = take(raw)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 – whatever somebody sent, the next one has its turn
        log_failure(logger, "a letter of the bounce mailbox could not be read", error=error)
        return "failed"
    (mailbox.mark_read if taken in NOT_OURS else mailbox.remove)(uid)
    return taken


class Command(BaseCommand):
    help = "Read the unread mails of the mailbox that BOUNCE_IMAP_URL names; to be run every few minutes."

    def handle(self, **options):
        if not (settings.BOUNCE_DOMAIN and settings.BOUNCE_IMAP_URL):
            raise CommandError("BOUNCE_DOMAIN and BOUNCE_IMAP_URL are not set, see docs/settings.md.")
        counts: Counter[str] = Counter()
        try:
            with opened_mailbox() as mailbox:
                for uid in mailbox.unread():
                    counts[take_from(mailbox, uid)] += 1
        except (OSError, imaplib.IMAP4.error, MailboxFails) as error:
            # What the server said may quote the account.
            raise CommandError(f"the mailbox could not be read: {kinds_of(error)}") from None
        self.stdout.write(", ".join(f"{number} {taken}" for taken, number in sorted(counts.items())) or "nothing new")
