"""Words that somebody typed into a search, as they stand in an address: sealed, for the same person, for some hours.

Addresses are kept by logs, browsers and proxies; names, telephone numbers and what else people type do not belong there.
"""

import json

from django.conf import settings

from core import crypto, identity


def seal(text: str, *, person: int) -> str:
    """`text` as a token that only `person` (the key of an account) can open."""
    while True:
        token = crypto.encrypt(json.dumps([person, text])).rstrip("=")
        if not identity.may_be_in(token):  # chance may write what a log would blot out
            return token


def unseal(token: str, *, person: int) -> str | None:
    """The words of a token of `seal`; None where it is somebody else's, too old or no token."""
    if not token.isascii() or len(token) > 2_000:
        return None
    try:
        padded = token + "=" * (-len(token) % 4)
        sealed_for, text = json.loads(crypto.decrypt(padded, seconds=settings.SESSION_COOKIE_AGE))
    except crypto.Undecryptable:
        return None
    return str(text) if sealed_for == person else None
