"""ECPay's CheckMacValue: SHA-256 over the sorted fields between two secrets, encoded as .NET does it."""

import hashlib
from urllib.parse import quote_plus

from django.utils.crypto import constant_time_compare

FIELD = "CheckMacValue"
# What .NET's UrlEncode leaves as it is and Python's does not.
AS_THEY_ARE = {f"%{ord(sign):02x}": sign for sign in "-_.!*()"}


def check_mac_value(fields, *, key, iv):
    """Upper-case hex. A CheckMacValue among `fields` is left out."""
    pairs = sorted(((name, value) for name, value in fields.items() if name != FIELD), key=_in_any_case)
    line = "&".join([f"HashKey={key}", *(f"{name}={value}" for name, value in pairs), f"HashIV={iv}"])
    return hashlib.sha256(encode(line).encode()).hexdigest().upper()


def encode(text):
    encoded = quote_plus(text, safe="").replace("~", "%7e").lower()
    for escaped, sign in AS_THEY_ARE.items():
        encoded = encoded.replace(escaped, sign)
    return encoded


def is_signed(fields, *, key, iv):
    """Compared in constant time."""
    return constant_time_compare(fields.get(FIELD, "").upper(), check_mac_value(fields, key=key, iv=iv))


def signed(fields, *, key, iv):
    return {**fields, FIELD: check_mac_value(fields, key=key, iv=iv)}


def _in_any_case(pair):
    return pair[0].lower()
