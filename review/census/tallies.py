"""What the families of a class, a grade, a school or the city did: counted in the database, never row by row.

Who counts: students enrolled now, in a class of the year that their school is in. A family has answered when it
did so online, or when its homeroom teacher registered the paper form as its whole answer; the last answer stands.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import ClassVar

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q
from django.utils import timezone

from binding.models import Applicant, Application, Binding
from consent.models import ConsentDecision
from review.models import PaperForm

# A review that has waited for three days is slow, for seven late; counted in days of the calendar since sending.
SLOW_DAYS, LATE_DAYS = 3, 7

AGREED = Q(online=ConsentDecision.Answer.AGREED)
DECLINED = Q(online=ConsentDecision.Answer.DECLINED)
SILENT = Q(online__isnull=True)
PAPER_AGREES = Q(paper_form__answer=PaperForm.Answer.AGREE)
PAPER_DECLINES = Q(paper_form__answer=PaperForm.Answer.DECLINE)
# The application was handed back and nobody in it waits: whether paper and answer differ is the family's to say.
OF_STUDENT = Applicant.objects.filter(
    application__student=OuterRef("pk"), application__status=Application.Status.SUBMITTED
)
WITH_FAMILY = Q(Exists(OF_STUDENT.filter(review=Applicant.Review.RETURNED))) & ~Q(
    Exists(OF_STUDENT.filter(review=Applicant.Review.PENDING))
)
DIFFERS = ((AGREED & PAPER_DECLINES) | (DECLINED & PAPER_AGREES)) & ~WITH_FAMILY


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Figures of some families; every figure is a number of students, as each has one family."""

    late_days: ClassVar[int] = LATE_DAYS

    families: int = 0
    agreed: int = 0
    declined: int = 0
    paper_agree: int = 0
    paper_decline: int = 0
    paper_only: int = 0
    mismatches: int = 0
    bound: int = 0
    waiting: int = 0
    slow: int = 0
    late: int = 0
    waiting_since: date | None = None

    @property
    def online(self):
        return self.agreed + self.declined

    @property
    def papers(self):
        return self.paper_agree + self.paper_decline

    @property
    def answered(self):
        return self.online + self.paper_only

    @property
    def silent(self):
        return self.families - self.answered

    @property
    def fresh(self):
        """Reviews that wait for two days at most."""
        return self.waiting - self.slow - self.late

    @property
    def share(self):
        """Answered, of all, from 0 to 1."""
        return self.answered / self.families if self.families else 0.0

    @property
    def percent(self):
        """Rounded down: 100 stands for every family."""
        return self.answered * 100 // self.families if self.families else 0

    @property
    def oldest_days(self):
        """How long the oldest review waits; None when none does."""
        return (timezone.localdate() - self.waiting_since).days if self.waiting_since else None

    def as_figures(self):
        """What JSON can keep: every figure that is not nothing, the day as text."""
        figures = {one.name: value for one in fields(self) if (value := getattr(self, one.name))}
        return figures | {"waiting_since": self.waiting_since.isoformat()} if self.waiting_since else figures

    @classmethod
    def from_figures(cls, figures):
        since = figures.get("waiting_since")
        return cls(**figures | {"waiting_since": date.fromisoformat(since)} if since else figures)

    @classmethod
    def total(cls, tallies):
        tallies = list(tallies)
        numbers = {
            one.name: sum(getattr(tally, one.name) for tally in tallies)
            for one in fields(cls)
            if one.name != "waiting_since"
        }
        since = min((one.waiting_since for one in tallies if one.waiting_since), default=None)
        return cls(**numbers, waiting_since=since)


def tallies_of(students, *, by):
    """{key of each class or school: its Tally}, by "school_class" or "school"; three queries, however many."""
    slow, late = slow_and_late()
    return together(by, answers(students, by), bound(students, by), reviews(students, by, slow, late))


def together(by, *figures):
    """{key: Tally} of what `answers`, `bound` and `reviews` found."""
    found: dict[int, dict] = {}
    for line in chain(*figures):
        found.setdefault(line[by], {}).update(line)
    return {key: _tally(**line) for key, line in found.items()}


def _tally(*, school=None, school_class=None, waiting_since=None, **figures):
    return Tally(**figures, waiting_since=timezone.localdate(waiting_since) if waiting_since else None)


def with_answer(students):
    """Each student once, with `online`: the answer that stands, None where there is none."""
    newer = ConsentDecision.objects.filter(student=OuterRef("standing__student"), pk__gt=OuterRef("standing__pk"))
    # The condition belongs to the join: there the database sets superseded answers aside before it looks at students.
    standing = FilteredRelation("consent_decisions", condition=Q(~Exists(newer)))
    return students.annotate(standing=standing, online=F("standing__answer"))


def answers(students, by):
    return _grouped(with_answer(students), by).annotate(
        families=Count("pk"),
        agreed=Count("pk", filter=AGREED),
        declined=Count("pk", filter=DECLINED),
        paper_agree=Count("pk", filter=PAPER_AGREES),
        paper_decline=Count("pk", filter=PAPER_DECLINES),
        paper_only=Count("pk", filter=SILENT & Q(paper_form__is_whole_answer=True)),
        mismatches=Count("pk", filter=DIFFERS),
    )


def bound(students, by, on=None):
    """A student with two parents bound counts once."""
    bindings = Binding.objects.active(on).filter(student=OuterRef("pk"))
    return _grouped(students.filter(Exists(bindings)), by).annotate(bound=Count("pk"))


def slow_and_late():
    """Before which moments an application was sent whose review is slow, and late, today."""
    return _days_ago(SLOW_DAYS), _days_ago(LATE_DAYS)


def reviews(students, by, slow_before, late_before):
    """Applications with somebody to decide on; a student has one that is sent and open at most."""
    pending = Applicant.objects.filter(application=OuterRef("applications__pk"), review=Applicant.Review.PENDING)
    # One call: a second one would join another application of the same student.
    waiting = students.filter(Q(applications__status=Application.Status.SUBMITTED), Exists(pending))
    sent_at = "applications__submitted_at"
    slow, late = Q(**{f"{sent_at}__lt": slow_before}), Q(**{f"{sent_at}__lt": late_before})
    return _grouped(waiting, by).annotate(
        waiting=Count("pk"),
        slow=Count("pk", filter=slow & ~late),
        late=Count("pk", filter=late),
        waiting_since=Min(sent_at),
    )


def _grouped(students, by):
    return students.order_by().values(by)


def _days_ago(days):
    """Midnight after that day here: what was sent before it has waited for `days` days at least."""
    day = timezone.localdate() - timedelta(days=days - 1)
    return timezone.make_aware(datetime.combine(day, time.min))
