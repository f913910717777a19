"""What the helpdesk (網路中心) does for accounts of its school: unlock, and begin again. It sees no ID number."""

from dataclasses import dataclass

from django.db import transaction

from accounts import throttle
from accounts.models import User
from accounts.signals import portal_password_reset
from audit import log
from audit.models import Event
from notifications.models import Message

SHOWN = 20
TOLD = ["login.failed", "login.succeeded", "password.changed", "password.reset", "account.unlocked"]


@dataclass(frozen=True)
class FamilyAccount:
    """The portal account of a student's family, stored or not yet."""

    student: object
    user: User | None
    minutes_paused: int

    @classmethod
    def of(cls, student):
        user = User.objects.filter(student=student).first()
        paused = throttle.minutes_paused(keys_of_family(student, user))
        return cls(student, user, max(paused.values(), default=0))

    @property
    def has_own_password(self):
        return self.user is not None and self.user.has_usable_password()

    @property
    def events(self):
        """What happened at the door lately."""
        return Event.objects.about(self.user).filter(event__in=TOLD)[:SHOWN] if self.user else []


def keys_of_family(student, user):
    keys = [throttle.key_of("portal", f"{student.school_id}/{student.portal_account.upper()}")]
    return [*keys, throttle.key_of("password", user.pk)] if user else keys


def keys_of_staff(user):
    return [
        throttle.key_of("staff", f"{user.school_id}/{user.account}"),
        throttle.key_of("password", user.pk),
    ]


def mails_of(student):
    """Mails that told of this student, from the own school only, the last first."""
    return Message.objects.filter(student_id=student.pk, school_id=student.school_id).defer("text", "html")


@transaction.atomic
def unlock_family(*, student, by):
    """Let the account take passwords again."""
    user = User.objects.filter(student=student).first()
    _unlock(keys_of_family(student, user), target=user or student, by=by)


@transaction.atomic
def unlock_staff(*, user, by):
    _unlock(keys_of_staff(user), target=user, by=by)


def _unlock(keys, *, target, by):
    for key in keys:
        throttle.give_back(key)
    log.record("account.unlocked", by=by, target=target)


@transaction.atomic
def reset_portal_password(*, student, by):
    """Let the initial password work again and end all sessions; the family is told where an address is known.

    An account that still has its initial password stays as it is. Returns whether anything was reset.
    """
    user = User.objects.select_for_update(of=("self",)).filter(student=student).first()
    for key in keys_of_family(student, user):
        throttle.give_back(key)
    if user is None or not user.has_usable_password():
        return False
    user.password = User.UNSET_PASSWORD
    user.save(update_fields=["password"])
    user.end_sessions()
    log.record("password.reset", by=by, target=user)
    portal_password_reset.send(User, user=user)
    return True
