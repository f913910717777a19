"""Browsers in which an account was logged in to before.

Guesses from there are counted apart, so that a stranger who uses up an account's attempts does not lock its owner out.
A signed cookie names the accounts by fingerprint; it opens nothing.
"""

import secrets
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

SALT = "known-device"
MOST = 8  # accounts a browser is known for: a family's children and both parents


@dataclass(frozen=True)
class KnownDevice:
    mark: str = ""
    accounts: tuple = ()

    def knows(self, key):
        return key[:24] in self.accounts

    def with_account(self, key):
        others = [one for one in self.accounts if one != key[:24]]
        return KnownDevice(self.mark or secrets.token_urlsafe(12), (key[:24], *others)[:MOST])


STRANGER = KnownDevice()
_current: ContextVar[KnownDevice] = ContextVar("known_device", default=STRANGER)

current = _current.get
enter = _current.set
leave = _current.reset


def read(request):
    """The device that the browser's cookie tells of; one that nobody knows when it is missing, old or forged."""
    try:
        mark, *accounts = signing.loads(
            request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, ""),
            salt=SALT,
            max_age=settings.KNOWN_DEVICE_DAYS * 24 * 60 * 60,
        )
    except (signing.BadSignature, ValueError, TypeError):
        return STRANGER
    return KnownDevice(mark, tuple(accounts))


def note(request, key):
    """After a good log-in: the answer will carry the cookie."""
    request.known_device = current().with_account(key)


def write(request, response):
    device = getattr(request, "known_device", None)
    if device is None:
        return
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        signing.dumps([device.mark, *device.accounts], salt=SALT),
        max_age=settings.KNOWN_DEVICE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
