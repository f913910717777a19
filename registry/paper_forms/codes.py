"""The code on a paper form with which the school registers its return.

Nothing is stored: the code is the student's number in our table and a truncated HMAC over it and the school year of
the class, in Crockford's base32, e.g. 07KQ-3M9T-XW42. Without the secret key the chance to hit upon a code is one in
2^40 a try, and only staff of the school can try.
"""

import re
import unicodedata
from urllib.parse import unquote

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from registry.models import Student

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("OIL", "011")
KEY_LENGTH, MAC_LENGTH = 4, 8  # characters of five bits each; a larger key makes the code longer
MAX_KEY_LENGTH = 12
IN_ADDRESS = re.compile(r"/review/paper/([^/?#\s]+)")
SALT = "registry.paper_forms.codes"


def code_for(student):
    """The code of the student's form of this school year; twelve characters, or more for very large tables."""
    return _base32(student.pk, KEY_LENGTH) + _mac(student, settings.SECRET_KEY)


def in_groups(code):
    """As people read it: 07KQ-3M9T-XW42"""
    head, middle, tail = code[:-MAC_LENGTH], code[-MAC_LENGTH : -MAC_LENGTH // 2], code[-MAC_LENGTH // 2 :]
    return f"{head}-{middle}-{tail}"


def student_for(code, school):
    """The student of `school` whose form bears this code, typed or scanned in any way; None when it does not fit."""
    code = tidy(code)
    key, mac = code[:-MAC_LENGTH], code[-MAC_LENGTH:]
    if not KEY_LENGTH <= len(key) <= MAX_KEY_LENGTH or not set(code) <= set(ALPHABET):
        return None
    students = Student.objects.filter(school=school).select_related("school_class")
    student = students.filter(pk=_number(key)).first()
    return student if student and _is_signed(student, mac) else None


def could_be_code(text: str) -> bool:
    """Whether `text` has the letters and the length of a code, whoever's it is."""
    code = tidy(text)
    return KEY_LENGTH + MAC_LENGTH <= len(code) <= MAX_KEY_LENGTH + MAC_LENGTH and set(code) <= set(ALPHABET)


def tidy(text):
    """The code alone: out of its address, without hyphens and spaces, O read as 0, I and L as 1."""
    text = unicodedata.normalize("NFKC", text)[:400]
    address = IN_ADDRESS.search(text)
    text = unquote(address[1]) if address else text
    return re.sub(r"[\s\-‐-―−_.]", "", text).upper().translate(LOOKALIKES)


def _is_signed(student, mac):
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(mac, _mac(student, key)) for key in keys)


def _mac(student, key):
    signed = f"{student.school_class.school_year}/{student.pk}"
    digest = salted_hmac(SALT, signed, secret=key, algorithm="sha256").digest()
    return _base32(int.from_bytes(digest[: MAC_LENGTH * 5 // 8]), MAC_LENGTH)


def _base32(number, length):
    characters: list[str] = []
    while number or len(characters) < length:
        number, digit = divmod(number, 32)
        characters.append(ALPHABET[digit])
    return "".join(reversed(characters))


def _number(text):
    number = 0
    for character in text:
        number = number * 32 + ALPHABET.index(character)
    return number
