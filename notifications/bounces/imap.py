"""The bounce mailbox over IMAP, for a city that gives no more than a mailbox."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings

IMAPS = 993
FOLDER = "INBOX"


class MailboxFails(Exception):
    """The server answered anything but OK; the message says to which command."""


class Mailbox:
    """What nobody has read yet. A letter that was read is either marked so or removed."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self.server = server

    def unread(self) -> list[str]:
        """Their lasting numbers."""
        [found] = self._ask("SEARCH", "UNSEEN")
        return found.decode().split() if found else []

    def letter(self, uid: str) -> bytes:
        """As much of it as is read; it stays unread."""
        found = self._ask("FETCH", uid, f"(BODY.PEEK[]<0.{settings.BOUNCE_MAX_BYTES}>)")
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def mark_read(self, uid: str) -> None:
        self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def remove(self, uid: str) -> None:
        self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)")

    def _ask(self, command: str, *words: str) -> list:
        status, answer = self.server.uid(command, *words)
        if status != "OK":
            raise MailboxFails(command)
        return answer


@contextmanager
def opened_mailbox() -> Iterator[Mailbox]:
    """The mailbox of BOUNCE_IMAP_URL, by TLS; what was removed is gone when it is closed.

    Raises OSError, imaplib.IMAP4.error and MailboxFails.
    """
    url = urlsplit(settings.BOUNCE_IMAP_URL)
    context = ssl.create_default_context()
    with imaplib.IMAP4_SSL(
        url.hostname or "", url.port or IMAPS, ssl_context=context, timeout=settings.EMAIL_TIMEOUT
    ) as server:
        server.login(unquote(url.username or ""), unquote(url.password or ""))
        if server.select(unquote(url.path.strip("/")) or FOLDER)[0] != "OK":
            raise MailboxFails("SELECT")
        yield Mailbox(server)
        server.close()
