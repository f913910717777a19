from django.db import transaction

from notifications.models import Message
from notifications.outbox import retry_deadline


def message(n=1, **fields):
    """A mail that is due."""
    with transaction.atomic():
        return Message.objects.create(
            **{
                "kind": "child-added",
                "to": f"bob{n}@example.com",
                "subject": f"信 {n}",
                "text": "您好",
                "html": "<p>您好</p>",
                "retry_until": retry_deadline(),
                **fields,
            }
        )
