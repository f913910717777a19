"""Secrets that are told once, in a link or a cookie, and of which only a digest is kept."""

import hashlib


def digest_of(token: str) -> str:
    """What is kept of a token: SHA-256 (hex). 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
