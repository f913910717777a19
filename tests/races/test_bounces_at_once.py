"""The same bounce, read by two processes at once, with real threads on PostgreSQL: taken once, told once."""

import pytest
from django.utils import timezone

from audit.models import Event
from notifications.bounces.envelope import sender_of
from notifications.bounces.taking import Taken, take
from notifications.models import GoneAddress, Message
from tests.notifications.bounces.shapes import letter
from tests.notifications.factories import message
from tests.races.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _bounces_are_read(settings):
    settings.BOUNCE_DOMAIN = "bounces.example.com"


def bounce_of(row, shape="postfix, unknown user"):
    return letter(shape, verp=sender_of(row), parent=row.to)


def sent(n=1):
    return message(n, state="sent", sent_at=timezone.now())


def test_the_same_bounce_twice_is_taken_once():
    raw = bounce_of(sent())

    outcomes = at_once(*[lambda: take(raw)] * 4)

    assert sorted(outcomes) == [Taken.GONE] + [Taken.REPEATED] * 3
    assert GoneAddress.objects.count() == 1
    assert Event.objects.filter(event="message.bounced").count() == 1


def test_two_mails_to_one_address_make_one_dead_address():
    first, second = bounce_of(sent()), bounce_of(sent())

    outcomes = at_once(lambda: take(first), lambda: take(second))

    assert outcomes == [Taken.GONE] * 2
    assert GoneAddress.objects.count() == 1
    assert Message.objects.filter(bounced_as="gone").count() == 2
