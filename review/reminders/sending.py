"""The daily job: who is due on the ladder of the own school gets one mail, and never the same rung twice.

A chunk of students is one transaction with its mails. It holds the ladder's row, so that two runs follow each other
and a press on stop comes before a chunk or after it; the rows of `ReminderSent` say what is done already.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit import log
from core.failures import log_failure
from notifications import outbox
from notifications.models import Message
from registry.deadlines import last_deadline
from review.reminders import mails
from review.reminders.families import families_of, students_with_deadline
from review.reminders.ladder import is_due
from review.reminders.models import ReminderLadder, ReminderSent

logger = logging.getLogger(__name__)

CHUNK = 500  # students whose families are looked at in one transaction


@dataclass
class Counts:
    schools: int = 0
    mails: int = 0
    failed: list = field(default_factory=list)


def send_due(*, today=None, should_stop=lambda: False):
    """Write to the outbox what is due today at all schools; safe to run again, and twice at once."""
    today = today or timezone.localdate()
    counts = Counts()
    stop_overdue(today)
    keys = ReminderLadder.objects.filter(is_on=True, school__is_active=True).order_by("pk")
    for key in list(keys.values_list("pk", flat=True)):
        if should_stop():
            break
        try:
            counts.mails += send_for(key, today=today, should_stop=should_stop)
            counts.schools += 1
        except Exception as error:
            log_failure(logger, "reminders of ladder %s failed", key, error=error)  # the next school has its turn
            counts.failed.append(key)
    return counts


def stop_overdue(today):
    """What still waits after its deadline is not sent any more."""
    late = ReminderSent.objects.waiting().filter(deadline__lt=today)
    return outbox.stop(Message.objects.filter(pk__in=late.values("message")))


def send_for(key, *, today, should_stop=lambda: False):
    """One school, chunk by chunk; returns how many mails were written. A ladder whose deadlines passed ends."""
    if end_if_over(key, today):
        return 0
    mails, after = 0, 0
    while after is not None and not should_stop():
        written, after = send_chunk(key, after, today)
        mails += written
    return mails


@transaction.atomic
def end_if_over(key, today):
    """Switch a ladder off that has nobody left to remind: next year's deadline must not start it by itself."""
    ladder = _lock(key)
    if ladder is None:
        return True
    last = last_deadline(ladder.school)
    if last is not None and last >= today:
        return False
    ladder.is_on = False
    ladder.save(update_fields=["is_on"])
    log.record("reminders.ended", target=ladder, school=ladder.school)
    return True


@transaction.atomic
def send_chunk(key, after, today):
    """(mails written, key to go on after); None in its place when there are no more students, or no more mails."""
    ladder = _lock(key)
    if ladder is None:
        return 0, None
    near = students_with_deadline(ladder.school).filter(
        deadline__gte=today, deadline__lte=today + timedelta(days=max(ladder.days))
    )
    students = list(near.filter(pk__gt=after).order_by("pk")[:CHUNK])
    if not students:
        return 0, None
    rows = list(_due_rows(families_of(students), ladder, today))
    outbox.enqueue_all([row.message for row in rows])
    ReminderSent.objects.bulk_create(rows)
    if rows:
        data = {"mails": len(rows), "on": today.isoformat()}
        log.record("reminders.sent", target=ladder, school=ladder.school, data=data)
    return len(rows), students[-1].pk


def _lock(key):
    """The ladder, held until the transaction ends; None when it is off."""
    ladders = ReminderLadder.objects.select_for_update(no_key=True, of=("self",)).select_related("school")
    return ladders.filter(pk=key, is_on=True).first()


def sent_to(families):
    """{(student's key, address): {(deadline, rung, day)}} of what went out before."""
    sent = defaultdict(set)
    rows = ReminderSent.objects.filter(student__in=[family.student.pk for family in families])
    for student, address, *about in rows.values_list("student", "address", "deadline", "rung", "sent_on"):
        sent[student, address].add(tuple(about))
    return sent


def _due_rows(families, ladder, today):
    sent = sent_to(families)
    for family in families:
        for address in family.addresses:
            had = sent[family.student.pk, address.fingerprint]
            rung = is_due(ladder.days, deadline=family.deadline, today=today, sent=had)
            if rung is not None:
                yield ReminderSent(
                    school=ladder.school,
                    student=family.student,
                    address=address.fingerprint,
                    deadline=family.deadline,
                    rung=rung,
                    sent_on=today,
                    message=mails.reminder.compose(family, to=address, school=ladder.school),
                )
