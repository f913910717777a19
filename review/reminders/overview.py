"""What the page of reminders shows of a school: who is left, what would be mailed, what went out."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from notifications.models import Message
from review.reminders import ladder as ladders
from review.reminders.families import families_of, students_with_deadline
from review.reminders.models import ReminderSent
from review.reminders.sending import sent_to

SHOWN_DAYS = 30
SHOWN_RUNGS = 15


@dataclass(frozen=True)
class Overview:
    """The families of a school with an open step, and the ladder over them."""

    families: list
    mailings: list[ladders.Mailing]

    @classmethod
    def of(cls, school, days):
        """A dozen queries, whatever the size of the school."""
        families = families_of(list(students_with_deadline(school)))
        today = timezone.localdate()
        return cls(families, ladders.preview(families, days, today=today, sent=sent_to(families)))

    @property
    def reachable(self):
        return sum(family.is_reachable for family in self.families)

    @property
    def unreachable(self):
        return len(self.families) - self.reachable

    @property
    def shown(self):
        return self.mailings[:SHOWN_DAYS]


def went_out(school):
    """What was mailed a rung, the latest deadline first: families, and mails by what became of them."""
    states = {state.value: Count("pk", filter=Q(message__state=state)) for state in Message.State}
    rows = ReminderSent.objects.filter(school=school).values("deadline", "rung")
    rows = rows.annotate(families=Count("student", distinct=True), **states)
    return rows.order_by("-deadline", "rung")[:SHOWN_RUNGS]
