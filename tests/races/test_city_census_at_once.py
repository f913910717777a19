"""The city is counted by one of those who look at once; the others wait and get the same. Real threads, PostgreSQL."""

import time
from datetime import timedelta

import pytest

from review.census import kept
from review.census.lines import CityCensus
from review.models import CityCount
from tests.races.threads import at_once
from tests.registry.factories import SchoolFactory
from tests.review.census.city import class_of, student_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counted(monkeypatch):
    """How often the city was counted, each time slowly."""
    times = []
    count = kept.count_schools

    def slowly():
        times.append(1)
        time.sleep(0.3)
        return count()

    monkeypatch.setattr(kept, "count_schools", slowly)
    return times


def test_two_who_look_first_count_once(counted):
    school = SchoolFactory()
    student_of(class_of(school, "301"))

    outcomes = at_once(*[CityCensus.recent] * 4)

    assert len(counted) == CityCount.objects.count() == 1
    assert {one.total.families for one in outcomes} == {1}
    assert len({one.counted_at for one in outcomes}) == 1


def test_two_who_find_it_old_count_once(counted, settings):
    student_of(class_of(SchoolFactory(), "301"))
    before = CityCensus.recent()
    CityCount.objects.update(counted_at=before.counted_at - timedelta(minutes=settings.CITY_COUNT_MINUTES))

    outcomes = at_once(*[CityCensus.recent] * 4)

    assert len(counted) == 2
    assert len({one.counted_at for one in outcomes} - {before.counted_at}) == 1
