"""E-mail addresses: one reading, wherever one is typed or imported, so that what a person sees is what logs in."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import without_invisible

LONGEST = 254  # characters that a mail server takes (RFC 5321)
MALFORMED = gettext_lazy("電子郵件的格式不對，例如 parent@example.com。")


def normalize(text: str) -> str:
    """An address as it is kept, compared and logged in with: lower case, half width, nothing invisible, no white space.

    Any text comes back changed in these ways; whether it is an address, `validate` says afterwards.
    Normalising twice changes nothing.
    """
    plain = unicodedata.normalize("NFKC", without_invisible(text))
    local, at, domain = "".join(plain.split()).rpartition("@")
    # The full stop of Chinese keyboards, which domain names take for a dot.
    return unicodedata.normalize("NFKC", f"{local}{at}{domain.replace('。', '.')}".lower())


def validate(email: str) -> None:
    """Raise ValidationError, saying what an address looks like, unless the normalised `email` is one."""
    if len(email) > LONGEST:
        raise ValidationError(_("最多 %(limit)d 個字。") % {"limit": LONGEST}, code="max_length")
    validate_email(email)


def clean(text: str) -> str:
    """The address in a cell or a field, as it is kept. Raises ValidationError."""
    email = normalize(text)
    try:
        validate(email)
    except ValidationError as error:
        raise ValidationError(MALFORMED if error.code == "invalid" else error.message, code=error.code) from None
    return email


def mask(email: str) -> str:
    """a•••@example.com: enough to recognise one's own."""
    name, at, host = email.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else email
