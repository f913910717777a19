"""The mail of the ladder."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.functional import lazy

from notifications.mails import Draft, mail
from registry.deadlines import in_words
from registry.models import School
from review.reminders import optout
from review.reminders.audience import Address
from review.reminders.families import Family


@mail()
def reminder(family: Family, *, to: Address, school: School) -> Draft:
    """「親子綁定還沒完成」 to one address: what is left to do, with a link that stops reminders of this child."""
    student, deadline = family.student, family.deadline
    stop_url = optout.link_for(student, to.fingerprint, school)
    return Draft(
        to=to,
        about=student,
        school=school,
        student=student,
        context={
            "class_name": student.school_class.name,
            # Both are said when the mail is written, in the reader's language.
            "steps": lambda: family.steps,
            "left": lazy(in_words, str)(deadline),
            "deadline": deadline,
            "stop_url": stop_url,
        },
        unsubscribe_url=stop_url,
        not_after=_end_of(deadline) if deadline else None,
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())
