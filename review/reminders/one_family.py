"""A reminder to one family, at the press of its teacher: as the ladder's, to the same addresses, and not too often."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from notifications import outbox
from notifications.models import Message
from registry.models import Student
from review.reminders import mails
from review.reminders.families import families_of, students_with_deadline

BETWEEN = timedelta(days=3)  # between two reminders to one family, the ladder's among them


class NotReminded(Exception):
    """Nothing was sent; `why` is one of the reasons below."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


NOTHING_OPEN, NO_DEADLINE, TOO_SOON, NO_ADDRESS = "nothing_open", "no_deadline", "too_soon", "no_address"


@transaction.atomic
def remind(*, student: Student, by: User) -> int:
    """Mail whom the ladder would mail about this student; returns how many. Raises NotReminded.

    Who stopped reminders is not mailed (`audience`), and nobody after the deadline.
    """
    Student.objects.select_for_update(no_key=True, of=("self",)).get(pk=student.pk)
    families = families_of(list(students_with_deadline(student.school).filter(pk=student.pk)))
    if not families:
        raise NotReminded(NOTHING_OPEN)
    (family,) = families
    if family.deadline is None or family.deadline < timezone.localdate():
        raise NotReminded(NO_DEADLINE)
    if reminded_lately(student):
        raise NotReminded(TOO_SOON)
    if not family.addresses:
        raise NotReminded(NO_ADDRESS)
    outbox.enqueue_all([mails.reminder.compose(family, to=one, school=student.school) for one in family.addresses])
    data = {"mails": len(family.addresses)}
    log.record("reminders.sent_to_family", by=by, target=student, school=student.school, data=data)
    return len(family.addresses)


def reminded_lately(student: Student) -> bool:
    since = timezone.now() - BETWEEN
    return Message.objects.filter(student_id=student.pk, kind="reminder", created_at__gte=since).exists()
