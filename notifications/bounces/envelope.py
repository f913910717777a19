"""The envelope sender of each mail: where its bounce comes back to, and what proves that it is ours.

`b+<message>.<signature>@<BOUNCE_DOMAIN>`, letters only: no address and nothing like an ID number stands in it. It differs
each time a mail is sent anew, so that a bounce of an earlier time says nothing of the later one.
"""

import re
import string

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.models import Message

LETTERS = string.ascii_lowercase
SIGNATURE = 16  # letters, 75 bits
LARGEST = 2**63  # keys of the database are below


def sender_of(message: Message) -> str | None:
    """The envelope sender of `message`; None where no bounces are read (no BOUNCE_DOMAIN)."""
    if not settings.BOUNCE_DOMAIN:
        return None
    signature = _signature(message, settings.SECRET_KEY)
    return f"{settings.BOUNCE_MAILBOX}+{_in_letters(message.pk)}.{signature}@{settings.BOUNCE_DOMAIN}"


def key_of(text: str) -> tuple[int, str] | None:
    """(key of a message, signature still to be proved) of the first envelope sender of ours in `text`."""
    mailbox, domain = re.escape(settings.BOUNCE_MAILBOX), re.escape(settings.BOUNCE_DOMAIN)
    shape = rf"(?<![\w.+-]){mailbox}\+([a-z]{{1,14}})\.([a-z]{{{SIGNATURE}}})@{domain}(?![\w.-])"
    found = re.search(shape, text.lower()) if domain else None
    if found is None or (key := _from_letters(found[1])) >= LARGEST:
        return None
    return key, found[2]


def is_signed(message: Message, signature: str) -> bool:
    """Whether the signature is that of `message` as it was sent last, by today's key or a former one."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(_signature(message, key), signature) for key in keys)


def _signature(message: Message, key: str) -> str:
    # `retry_until` is another whenever a mail is sent anew, and the same for each attempt.
    signed = f"{message.pk} {message.retry_until.timestamp():.6f}"
    digest = salted_hmac("notifications.bounces.envelope", signed, secret=key, algorithm="sha256").digest()
    return _in_letters(int.from_bytes(digest) + len(LETTERS) ** SIGNATURE)[-SIGNATURE:]


def _in_letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, len(LETTERS))
        letters = LETTERS[place] + letters
    return letters or LETTERS[0]


def _from_letters(letters: str) -> int:
    number = 0
    for one in letters:
        number = number * len(LETTERS) + LETTERS.index(one)
    return number
