"""E-mail addresses: one reading, wherever one is typed or imported, so that what a person sees is what logs in."""

import unicodedata

from core.text import without_invisible


def normalize(text):
    """An address as it is kept, compared and logged in with: lower case, half width, nothing invisible, no white space.

    Any text comes back changed in these ways; whether it is an address is asked afterwards (`validate_email`).
    Normalising twice changes nothing.
    """
    plain = unicodedata.normalize("NFKC", without_invisible(text))
    local, at, domain = "".join(plain.split()).rpartition("@")
    # The full stop of Chinese keyboards, which domain names take for a dot.
    return unicodedata.normalize("NFKC", f"{local}{at}{domain.replace('。', '.')}".lower())


def mask(email):
    """a•••@example.com: enough to recognise one's own."""
    name, at, host = email.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else email
