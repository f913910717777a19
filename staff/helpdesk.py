"""What the helpdesk (網路中心) does for accounts of its school: find, unlock, begin again, send again.

It sees no ID number.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import throttle
from accounts.models import User
from accounts.signals import (
    HowFar,
    PersonSeen,
    children_asked,
    fresh_link_asked,
    how_far_asked,
    portal_password_reset,
    reset_audience_asked,
)
from audit import log
from audit.models import Event
from core import emails, names
from core.text import half_width
from notifications import outbox
from notifications.models import Message
from registry.models import Student
from registry.roles import AccountKind
from registry.search import find_students

SHOWN = 20
TOLD = ["login.failed", "login.succeeded", "password.refused", "password.changed", "password.reset", "account.unlocked"]
RESENDS_A_DAY = 3


class ResentEnough(Exception):
    """This mail was sent again as often as one mail may be in a day."""


@dataclass(frozen=True)
class FamilyAccount:
    """The portal account of a student's family, stored or not yet."""

    student: Student
    user: User | None
    minutes_paused: int

    @classmethod
    def of_each(cls, students):
        """The accounts of students loaded with `family_account`: one query, however many they are."""
        families = [(student, getattr(student, "family_account", None)) for student in students]
        paused = throttle.minutes_paused([key for family in families for key in keys_of_family(*family)])
        return [
            cls(student, user, max(paused.get(key, 0) for key in keys_of_family(student, user)))
            for student, user in families
        ]

    @property
    def has_own_password(self):
        return self.user is not None and self.user.has_usable_password()

    @property
    def is_switched_off(self):
        return self.user is not None and not self.user.is_active

    @cached_property
    def own_password_since(self):
        """When the own password was set, where the event log knows."""
        if not self.has_own_password:
            return None
        changed = Event.objects.about(self.user).filter(event="password.changed").first()
        return changed.at if changed else None

    @cached_property
    def events(self):
        """What happened at log-ins of this school lately; an account not stored yet can be unlocked too."""
        about = Event.objects.about(self.student)
        if self.user:
            about |= Event.objects.about(self.user)
        return list(about.filter(event__in=TOLD, school_id=self.student.school_id)[:SHOWN])


def find_families(school, text):
    """Students of `school` by number, account or name, or by a bound parent's whole e-mail."""
    text = half_width(text)
    found = Student.objects.none()
    if "@" in text:
        children = _ask(children_asked, school=school, email=emails.normalize(text))
        found = Student.objects.filter(school=school, pk__in=children).in_seating_order()
    elif is_enough(text):
        found = find_students(school, text=text)
    return found.select_related("school_class", "family_account")


def find_staff(school, text):
    """[(member of staff, minutes paused)], a few at most; a short account has to be typed whole."""
    text = half_width(text)
    if not text:
        return []
    named = Q(account=text.lower())
    if is_enough(text):
        named |= Q(account__istartswith=text) | Q(folded_name__contains=names.fold(text))
    found = list(User.objects.filter(named, kind=AccountKind.STAFF, school=school).order_by("account")[:SHOWN])
    paused = throttle.minutes_paused([key for user in found for key in keys_of_staff(user)])
    return [(user, max(paused.get(key, 0) for key in keys_of_staff(user))) for user in found]


def is_enough(text):
    """Three letters or digits, or two characters of a name: less would list the whole school."""
    return any(len(word) >= (3 if word.isascii() else 2) for word in names.fold(text).split())


def keys_of_family(student, user):
    return throttle.counters_of("portal", f"{student.school_id}/{student.portal_account.upper()}")


def keys_of_staff(user):
    return throttle.counters_of(*throttle.scope_of(user))


def mails_of(student):
    """Mails that told of this student, from the own school only, the last first."""
    return Message.objects.filter(student_id=student.pk, school_id=student.school_id).defer("text", "html")


def failing_mails(school):
    """[(mail, its student)] of `school` that did not arrive lately, the last first, a few at most: 2 queries."""
    mails = list(Message.objects.failing().filter(school_id=school.pk, student_id__isnull=False)[:SHOWN])
    students = Student.objects.filter(school=school).in_bulk({one.student_id for one in mails})
    return [(one, students[one.student_id]) for one in mails if one.student_id in students]


@dataclass(frozen=True)
class OnThePhone:
    """How far the family is (`accounts.signals.HowFar`), and minutes until each person's log-in takes tries again."""

    how_far: HowFar
    people: list[tuple[PersonSeen, int]]


def on_the_phone(student):
    """What a parent who calls is told, in the words of their own pages."""
    [how_far] = _ask(how_far_asked, student=student)
    keys = [throttle.counters_of(*throttle.scope_of(one.user)) if one.user else [] for one in how_far.people]
    paused = throttle.minutes_paused([key for some in keys for key in some])
    minutes = [max((paused.get(key, 0) for key in some), default=0) for some in keys]
    return OnThePhone(how_far, list(zip(how_far.people, minutes, strict=True)))


def told_of_reset(student):
    """The addresses to which a reset of this family's password is mailed."""
    return _ask(reset_audience_asked, student=student)


def _ask(signal, **asked):
    """What the rooms above answer, together."""
    return [one for _receiver, answer in signal.send(User, **asked) for one in answer]


@transaction.atomic
def unlock_family(*, student, by):
    """Let the account take passwords again. Returns whether there was anything to unlock."""
    user = User.objects.filter(student=student).first()
    return _unlock(keys_of_family(student, user), target=user or student, by=by)


@transaction.atomic
def unlock_staff(*, user, by):
    return _unlock(keys_of_staff(user), target=user, by=by)


def _unlock(keys, *, target, by):
    """The second of two clicks finds nothing to remove, and is no event."""
    removed = throttle.forget(keys)
    if removed:
        log.record("account.unlocked", by=by, target=target)
    return bool(removed)


@transaction.atomic
def reset_portal_password(*, student, by):
    """Let the initial password work again and end all sessions; the family is told where an address is known.

    An account that still has its initial password stays as it is. Returns whether anything was reset.
    """
    user = User.objects.select_for_update(of=("self",)).filter(student=student).first()
    if user is None or not user.has_usable_password():
        return False
    user.password = User.UNSET_PASSWORD
    user.save(update_fields=["password"])
    user.end_sessions()
    throttle.forget(keys_of_family(student, user))
    log.record("password.reset", by=by, target=user)
    portal_password_reset.send(User, user=user)
    return True


@transaction.atomic
def resend_mail(*, message, by):
    """Send a mail once more; in the place of one with a link or a code, a new one.

    Returns False for one that waits or was cancelled. Raises `ResentEnough`, and `outbox.WasSensitive` where nobody
    makes a new link.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not message.can_be_resent:
        return False
    today = Event.objects.about(message).filter(event="message.resent", at__gt=timezone.now() - timedelta(days=1))
    if today.count() >= RESENDS_A_DAY:
        raise ResentEnough
    if message.is_sensitive:
        _send_fresh_link(message, by)
    else:
        outbox.resend(message=message, by=by)
    return True


def _send_fresh_link(message, by):
    if not any(sent for _receiver, sent in fresh_link_asked.send(User, message=message, by=by)):
        raise outbox.WasSensitive
    log.record("message.resent", by=by, target=message)
