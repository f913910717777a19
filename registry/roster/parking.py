"""Seats and ID numbers are moved out of the way first, so that two students can change places."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from core import crypto

PARKED_SEATS = 10_000


def park(students):
    """Let a queryset of students hold no seat and no ID number for a moment."""
    students.update(
        seat_number=F("seat_number") + PARKED_SEATS,
        identity_fingerprint=Concat(Value("parked-"), Cast("pk", CharField())),
    )


def unpark(student):
    """Give a parked student, as loaded, the own seat and number again; the caller saves."""
    student.seat_number -= PARKED_SEATS
    student.identity_fingerprint = fingerprint_of(student)


def fingerprint_of(student):
    """The fingerprint of a parked student's own number, "" where there is none."""
    return crypto.fingerprint(student.identity_number) if student.identity_cipher else ""
