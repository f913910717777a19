"""Keeps national IDs and evidence unreadable at rest, and IDs findable without being readable."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Undecryptable(Exception):
    """A stored value opens with none of the keys: a key is missing from IDENTITY_KEYS."""


def encrypt(text: str) -> str:
    """`text` as a token (text), with the first of IDENTITY_KEYS."""
    return encrypt_bytes(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text of a token of `encrypt`, whichever key it was made with."""
    return decrypt_bytes(token.encode()).decode()


def encrypt_bytes(data: bytes) -> bytes:
    return _ring(tuple(settings.IDENTITY_KEYS)).encrypt(data)


def decrypt_bytes(data: bytes) -> bytes:
    try:
        return _ring(tuple(settings.IDENTITY_KEYS)).decrypt(data)
    except InvalidToken:
        raise Undecryptable("a stored value does not open with any of IDENTITY_KEYS") from None


def fingerprint(text: str) -> str:
    """Keyed digest (HMAC-SHA256, 64 hex characters): equal for equal text, telling nothing without the key."""
    return hmac.new(settings.IDENTITY_FINGERPRINT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
