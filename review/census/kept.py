"""The counts of the whole city, made together every few minutes at most, and only when somebody looks at them."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from registry.models import Student
from review.census.tallies import Tally, tallies_of
from review.models import CityCount

_read: list[CityCount] = []  # the last one, by this process


def count_schools():
    """{key of a school that takes part: its Tally}, as it is this moment."""
    return tallies_of(Student.objects.of_this_year().filter(school__is_active=True), by="school")


def recent_count():
    """The CityCount, CITY_COUNT_MINUTES old at most; two who come at once get the same.

    A process reads the figures once a count: what is kept with the count of before is of the same moment.
    """
    moment = CityCount.objects.filter(counted_at__gt=_old()).values_list("counted_at", flat=True).first()
    if moment is None or not _read or _read[0].counted_at != moment:
        _read[:] = [CityCount.objects.get() if moment else _count_anew()]
    return _read[0]


def tallies_in(count):
    """{key of a school: its Tally}"""
    return {int(key): Tally.from_figures(one) for key, one in count.figures.items()}


@transaction.atomic
def _count_anew():
    """Who holds the row counts; who waited for it finds it counted."""
    CityCount.objects.get_or_create(pk=CityCount.ONLY)
    count = CityCount.objects.select_for_update(no_key=True).get(pk=CityCount.ONLY)
    if count.counted_at is None or count.counted_at <= _old():
        count.counted_at = timezone.now()
        count.figures = {key: tally.as_figures() for key, tally in count_schools().items()}
        count.save()
    return count


def _old():
    return timezone.now() - timedelta(minutes=settings.CITY_COUNT_MINUTES)
