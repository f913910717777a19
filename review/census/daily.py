"""The figures of each school, kept once a day: how they rise, and how they stood a week and a year ago."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from core.charts import Trend
from registry.models import School, SchoolClass, Student
from registry.signals import Money, money_asked
from review.census.tallies import Tally, tallies_of
from review.models import DayCount

SHOWN = timedelta(days=60)
KEPT = timedelta(days=800)  # two school years and a little
WEEK, YEAR = timedelta(days=7), timedelta(days=364)  # 52 weeks: the same day of the week
NEAR = timedelta(days=3)  # a night that nobody counted is stood in for by one near it
CHUNK = 200


@transaction.atomic
def count_today() -> int:
    """Keep today's figures of every school that takes part. Counted twice a day, the later figures stand.

    Returns how many schools. A number of queries that does not grow with the city, but for the rows written.
    """
    today = timezone.localdate()
    by_class = tallies_of(Student.objects.of_this_year().filter(school__is_active=True), by="school_class")
    schools = dict(SchoolClass.objects.filter(pk__in=by_class).values_list("pk", "school"))
    grouped: dict[int, dict[int, Tally]] = {}
    for key, tally in by_class.items():
        grouped.setdefault(schools[key], {})[key] = tally
    money = money_of(None)
    rows = [_row(school, today, tallies, money.get(school)) for school, tallies in grouped.items()]
    fields = [field.name for field in DayCount._meta.concrete_fields if field.name not in ("id", "school", "on")]
    DayCount.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["school", "on"], update_fields=fields
    )
    DayCount.objects.filter(on__lt=today - KEPT).delete()
    return len(rows)


def _row(school, today, tallies, money):
    total, money = Tally.total(tallies.values()), money or Money()
    return DayCount(
        school_id=school,
        on=today,
        families=total.families,
        answered=total.answered,
        papers=total.papers,
        bound=total.bound,
        bills=money.bills,
        paid=money.paid,
        classes={str(key): [tally.families, tally.answered] for key, tally in tallies.items()},
    )


def money_of(school: School | None) -> dict[int, Money]:
    """{key of a school: its Money}, of one school or of all: the rooms of bills above answer."""
    answers = money_asked.send(School, school=school)
    return {key: money for _receiver, answer in answers for key, money in answer.items()}


class Earlier(NamedTuple):
    """How it stood on a day: percentages, None where nothing was counted in them."""

    on: date
    answered: int | None
    papers: int | None
    paid: int | None


@dataclass(frozen=True)
class Earliers:
    week: Earlier | None
    year: Earlier | None


def share(part: int, whole: int) -> int | None:
    """In percent, rounded down: 100 stands for all."""
    return part * 100 // whole if whole else None


def earliers(school: School | None = None) -> Earliers:
    """A week and a year ago, of a school or of the city; one query."""
    today = timezone.localdate()
    asked = [today - WEEK, today - YEAR]
    days = [day + timedelta(days=off) for day in asked for off in range(-NEAR.days, NEAR.days + 1)]
    rows = DayCount.objects.filter(on__in=days, on__lt=today)
    if school:
        rows = rows.filter(school=school)
    sums = {name: Sum(name) for name in ("families", "answered", "papers", "bills", "paid")}
    found = {
        row["on"]: row for row in rows.order_by().values("on").annotate(**{f"sum_{k}": v for k, v in sums.items()})
    }
    return Earliers(*(_nearest(found, day) for day in asked))


def _nearest(found: dict[date, Any], day: date) -> Earlier | None:
    near = [one for one in found if abs(one - day) <= NEAR]
    if not near:
        return None
    row = found[min(near, key=lambda one: (abs(one - day), one))]
    return Earlier(
        row["on"],
        share(row["sum_answered"], row["sum_families"]),
        share(row["sum_papers"], row["sum_families"]),
        share(row["sum_paid"], row["sum_bills"]),
    )


def trends_of(census: Any) -> list[Trend]:
    """The whole school's line, then one for each class that the census shows; nothing before a second day; one query.

    Today's figures, which nobody kept yet, end each line.
    """
    today = timezone.localdate()
    rows = list(DayCount.objects.filter(school=census.school, on__gte=today - SHOWN, on__lt=today).order_by("on"))
    if not rows:
        return []
    ends = {"first": rows[0].on, "last": today}
    whole = [(row.on, share(row.answered, row.families) or 0) for row in rows]
    lines = [Trend.of(str(census.school.short_name), [*whole, (today, census.total.percent)], **ends)]
    for line in census.classes:
        points = [(row.on, share(*reversed(kept)) or 0) for row in rows if (kept := row.classes.get(str(line.key)))]
        lines.append(Trend.of(line.name, [*points, (today, line.tally.percent)], **ends))
    return lines
