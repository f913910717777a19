"""The school's ladder: written, started after a look at what it would send, and stopped at once."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from notifications import outbox
from notifications.models import Message
from registry.deadlines import last_deadline
from registry.models import School
from review.reminders.models import ReminderLadder, ReminderSent


class Changed(Exception):
    """Ladder or deadline are not what the preview was made of."""


class NoDeadline(Exception):
    """There is no deadline ahead to remind of."""


def ladder_of(school: School) -> ReminderLadder:
    """The school's ladder, or the usual one, which is off."""
    return ReminderLadder.objects.filter(school=school).first() or ReminderLadder(school=school)


def version_of(ladder: ReminderLadder, school: School) -> str:
    """What a preview was made of."""
    return f"{school.binding_deadline or ''}/{','.join(map(str, ladder.days))}"


@transaction.atomic
def write_ladder(*, school: School, deadline: date | None, days: list[int], by: User) -> ReminderLadder:
    """Set deadline and rungs. A ladder that changes stops: nobody is mailed by a plan that nobody looked at."""
    ladder, school = _lock(school)
    old = version_of(ladder, school)
    school.binding_deadline, ladder.days = deadline, days
    if version_of(ladder, school) == old:
        return ladder
    school.save(update_fields=["binding_deadline"])
    ladder.is_on = False
    _save(ladder, by)
    data = {"deadline": deadline.isoformat() if deadline else "", "days": days}
    log.record("reminders.ladder_written", by=by, target=ladder, school=school, data=data)
    return ladder


@transaction.atomic
def start(*, school: School, version: str, by: User) -> ReminderLadder:
    """Begin to mail. Raises Changed unless `version` is what the preview showed, and NoDeadline."""
    ladder, school = _lock(school)
    if version != version_of(ladder, school):
        raise Changed
    last = last_deadline(school)
    if last is None or last < timezone.localdate():
        raise NoDeadline
    if not ladder.is_on:
        ladder.is_on = True
        _save(ladder, by)
        log.record("reminders.started", by=by, target=ladder, school=school, data={"days": ladder.days})
    return ladder


@transaction.atomic
def stop(*, school: School, by: User) -> int:
    """Mail nobody any more; reminders that wait in the outbox stay there. Returns how many those were."""
    ladder, school = _lock(school)
    waiting = ReminderSent.objects.waiting().filter(school=school)
    stopped = outbox.stop(Message.objects.filter(pk__in=waiting.values("message")))
    if ladder.is_on or stopped:
        ladder.is_on = False
        _save(ladder, by)
        log.record("reminders.stopped", by=by, target=ladder, school=school, data={"mails": stopped})
    return stopped


def _lock(school: School) -> tuple[ReminderLadder, School]:
    """The ladder and the school, held until the transaction ends."""
    ReminderLadder.objects.get_or_create(school=school)
    ladder = ReminderLadder.objects.select_for_update(no_key=True).get(school=school)
    return ladder, School.objects.select_for_update(no_key=True).get(pk=school.pk)


def _save(ladder: ReminderLadder, by: User) -> None:
    ladder.changed_by, ladder.changed_at = by, timezone.now()
    ladder.save()
