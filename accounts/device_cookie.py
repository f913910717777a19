"""Browsers in which an account was logged in to before.

Guesses from there are counted apart, so that a stranger who uses up an account's attempts does not lock its owner out.
A signed cookie names the accounts by fingerprint, each with a proof that dies with the password and whatever else ends
sessions; it opens nothing.
"""

from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "known-device"
MOST = 8  # accounts a browser is known for: a family's children and both parents


@dataclass(frozen=True)
class KnownDevice:
    """`accounts`: pairs of an account's short key and the proof of the log-in that made this browser known."""

    accounts: tuple = ()

    def knows(self, key, user):
        """Whether `user`, who has this key, was logged in here under the password of now."""
        proof = dict(self.accounts).get(key[:24])
        return proof is not None and user is not None and constant_time_compare(proof, proof_of(user))

    def with_account(self, key, user):
        others = [one for one in self.accounts if one[0] != key[:24]]
        return KnownDevice(((key[:24], proof_of(user)), *others)[:MOST])


def proof_of(user):
    """Another one after each new password, and after all that ends the person's sessions everywhere."""
    return salted_hmac(SALT, user.get_session_auth_hash(), algorithm="sha256").hexdigest()[:32]


STRANGER = KnownDevice()
_current: ContextVar[KnownDevice] = ContextVar("known_device", default=STRANGER)

current = _current.get
enter = _current.set
leave = _current.reset


def read(request):
    """The device that the browser's cookie tells of; one that nobody knows when it is missing, old or forged."""
    try:
        accounts = signing.loads(
            request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, ""),
            salt=SALT,
            max_age=settings.KNOWN_DEVICE_DAYS * 24 * 60 * 60,
        )
        return KnownDevice(tuple((str(key), str(proof)) for key, proof in accounts))
    except (signing.BadSignature, ValueError, TypeError):
        return STRANGER


def note(request, key, user):
    """After a good log-in: the answer will carry the cookie."""
    known = getattr(request, "known_device", None) or current()
    request.known_device = known.with_account(key, user)


def write(request, response):
    device = getattr(request, "known_device", None)
    if device is None:
        return
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        signing.dumps(device.accounts, salt=SALT),
        max_age=settings.KNOWN_DEVICE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
