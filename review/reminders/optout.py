"""Stopping reminders for one address and one student, by the link of the mail.

The link carries the student's number in our table, the fingerprint of the address and a truncated HMAC over both,
in one run of letters and digits that begins with a digit: the outbox takes no part of it for an ID number.
"""

import re

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from audit import log
from notifications import outbox
from notifications.models import Message
from registry.models import School, Student
from review.reminders.models import ReminderLadder, ReminderOptOut, ReminderSent

SALT = "review.reminders.optout"
TOKEN = re.compile(r"([1-9]\d{0,17})x([0-9a-f]{64})([0-9a-f]{32})", re.ASCII)


def link_for(student: Student, address: str, school: School) -> str:
    token = token_for(student, address)
    return settings.SITE_URL + reverse("review:reminder-stop", args=[school.slug, token])


def token_for(student: Student, address: str) -> str:
    """`address` is a fingerprint (see audience.fingerprint_of)."""
    return f"{student.pk}x{address}{_mac(student.pk, address, settings.SECRET_KEY)}"


def read_token(token: str) -> tuple[Student, str] | None:
    """(student, fingerprint of the address), or None when the token is none of ours."""
    found = TOKEN.fullmatch(token)
    if not found:
        return None
    key, address, mac = int(found[1]), found[2], found[3]
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(mac, _mac(key, address, secret)) for secret in secrets):
        return None
    student = Student.objects.select_related("school").filter(pk=key).first()
    return (student, address) if student else None


def _mac(key: int, address: str, secret: str) -> str:
    return salted_hmac(SALT, f"{key}/{address}", secret=secret, algorithm="sha256").hexdigest()[:32]


def has_opted_out(student: Student, address: str) -> bool:
    return ReminderOptOut.objects.filter(student=student, address=address).exists()


@transaction.atomic
def opt_out(*, student: Student, address: str) -> None:
    """No more reminders about this student to this address, the waiting ones included; twice is once."""
    # A chunk that is being written is waited for: what it mails is stopped below.
    list(ReminderLadder.objects.select_for_update(no_key=True).filter(school=student.school_id))
    _row, is_new = ReminderOptOut.objects.get_or_create(student=student, address=address)
    if is_new:
        log.record("reminders.opted_out", target=student, school=student.school)
    waiting = ReminderSent.objects.waiting().filter(student=student, address=address)
    outbox.stop(Message.objects.filter(pk__in=waiting.values("message")))


@transaction.atomic
def opt_in(*, student: Student, address: str) -> None:
    """Reminders again; what was stopped meanwhile is not sent afterwards."""
    gone, _rows = ReminderOptOut.objects.filter(student=student, address=address).delete()
    if gone:
        log.record("reminders.opted_in", target=student, school=student.school)
