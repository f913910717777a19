"""E-mail addresses: one reading, wherever one is typed or imported, so that what a person sees is what logs in."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import edits_between, without_invisible

LONGEST = 254  # characters that a mail server takes (RFC 5321)
MALFORMED = gettext_lazy("電子郵件的格式不對，例如 parent@example.com。")

# Where most people in Taiwan have their mailbox, the likelier one first.
COMMON = (
    "gmail.com", "yahoo.com.tw", "hotmail.com", "outlook.com", "icloud.com", "yahoo.com", "msn.com", "hinet.net",
    "live.com", "me.com", "pchome.com.tw", "seed.net.tw", "kimo.com", "mac.com",
)  # fmt: skip
# Real ones that a slip of the finger could make of those: nobody is asked about them.
REAL = {
    "mail.com", "email.com", "ymail.com", "fmail.com", "hmail.com", "qmail.com", "tmail.com", "vmail.com", "zmail.com",
    "gmx.com", "gmx.net", "googlemail.com", "rocketmail.com", "aol.com", "mail.ru", "hotmail.com.tw", "hotmail.co.uk",
    "hotmail.co.jp", "hotmail.fr", "hotmail.de", "outlook.com.tw", "outlook.tw", "outlook.jp", "outlook.fr", "live.tw",
    "live.cn", "live.jp", "live.com.tw", "live.com.my", "yahoo.co.jp", "yahoo.com.hk", "yahoo.com.sg", "yahoo.com.vn",
    "yahoo.com.ph", "yahoo.com.my", "yahoo.com.cn", "yahoo.com.au", "yahoo.com.br", "yahoo.com.mx", "yahoo.co.id",
    "yahoo.co.th", "yahoo.co.uk", "yahoo.co.in", "yahoo.co.kr", "yahoo.ca", "yahoo.cn", "yahoo.in", "ms.com",
    "mail.tw", "seednet.net.tw",
}  # fmt: skip
SHORTEST = 3  # letters of a name of which the last is not shown
SHORT = 4  # letters: a first part no longer than this is one slip from too many real names to be doubted
LONG = 11  # characters of a domain in which two slips are still a slip


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


def hint(email: str) -> str:
    """w•••g@gmial.com: the first and the last letter and the whole domain, enough to hear a slip on the phone.

    Of a name of three letters or fewer the first alone: two would be nearly all of it.
    """
    name, at, host = email.partition("@")
    return f"{name[:1]}•••{name[-1:]}{at}{host}" if at and len(name) > SHORTEST else mask(email)


def likely(email: str) -> str:
    """The address that a normalised one with a slip in its domain was likely meant to be; "" where there is no doubt.

    hua@gmial.com gives hua@gmail.com. A question to ask, never an error: any domain may be real.
    """
    local, _at, domain = email.rpartition("@")
    if not local or domain in REAL or domain in COMMON or len(domain) > max(map(len, COMMON)) + 2:
        return ""
    near = [known for known in COMMON if _is_slip(domain, known)]
    return f"{local}@{near[0]}" if near else ""


def _is_slip(domain: str, known: str) -> bool:
    name, _dot, rest = domain.partition(".")
    known_name, _dot, known_rest = known.partition(".")
    if len(known_name) <= SHORT and name != known_name:
        return False
    edits = edits_between(domain, known)
    # Two slips only within the name: yahoo.com.hk is not yahoo.com.tw.
    return edits == 1 or (edits == 2 and len(known) >= LONG and rest == known_rest)  # noqa: PLR2004
