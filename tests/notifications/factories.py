from django.db import transaction

from config import mail_samples  # noqa: F401 – every room's mails are known by then
from notifications.mails import MAILS, Draft, Reader
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


def written(kind, to="bob@example.com", **fields):
    """A mail of this kind in the outbox, with the words of `context`: see `notifications.mails.Draft`."""
    row = MAILS[kind].message_of(Draft(to=Reader(to), **fields))
    row.save(force_insert=True)
    return row
