"""What timelines call the accounts behind events."""

import pytest

from accounts.actors import names_of_actors
from audit import log
from audit.models import Event
from tests.accounts.factories import staff
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db


def events_of(*actors):
    for actor in actors:
        log.record("paper_form.marked", by=actor)
    return list(Event.objects.all())


def test_staff_are_called_by_their_names_else_by_their_account(django_assert_num_queries):
    school = SchoolFactory()
    named, unnamed = staff(school, account="t301", name="陳怡君"), staff(school, account="t302", name="")
    events = events_of(named, unnamed, None)

    with django_assert_num_queries(1):
        names = names_of_actors(events)

    assert names == {named.pk: "陳怡君", unnamed.pk: "t302"}
