import pytest
from django.utils import timezone

from notifications.bounces.envelope import sender_of
from tests.notifications.bounces.shapes import letter
from tests.notifications.factories import message


@pytest.fixture(autouse=True)
def _bounces_are_read(settings):
    settings.BOUNCE_DOMAIN = "bounces.example.com"


@pytest.fixture
def sent():
    """A mail that went out to bob1@example.com."""
    return message(state="sent", sent_at=timezone.now(), student_id=7)


@pytest.fixture
def bounce_of():
    """`bounce_of(message, shape)`: the bytes of its bounce."""
    return lambda row, name: letter(name, verp=sender_of(row), parent=row.to)
