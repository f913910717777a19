"""Keeps national IDs and evidence unreadable at rest, and IDs findable without being readable."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Undecryptable(Exception):
    """A value opens with none of the keys (one is missing from IDENTITY_KEYS), or is older than it may be."""


def encrypt(text: str) -> str:
    """`text` as a token (text), with the first of IDENTITY_KEYS."""
    return encrypt_bytes(text.encode()).decode()


def decrypt(token: str, *, seconds: int | None = None) -> str:
    """The text of a token of `encrypt`, whichever key it was made with; not older than `seconds`, where that is said."""
    return decrypt_bytes(token.encode(), seconds=seconds).decode()


def encrypt_bytes(data: bytes) -> bytes:
    return _ring(tuple(settings.IDENTITY_KEYS)).encrypt(data)


def decrypt_bytes(data: bytes, *, seconds: int | None = None) -> bytes:
    try:
        return _ring(tuple(settings.IDENTITY_KEYS)).decrypt(data, ttl=seconds)
    except InvalidToken:
        raise Undecryptable("a value does not open with any of IDENTITY_KEYS, or is too old") from None


def fingerprint(text: str) -> str:
    """Keyed digest (HMAC-SHA256, 64 hex characters): equal for equal text, telling nothing without the key."""
    return hmac.new(settings.IDENTITY_FINGERPRINT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
