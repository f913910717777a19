from django.db import transaction

from config.mail_preview import samples  # noqa: F401 – every room's mails are known by then
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


def draft(to="bob@example.com", language="zh-hant", **fields):
    return Draft(to=Reader(to, language), **fields)


def written(kind, to="bob@example.com", **fields):
    """A mail of this kind in the outbox, with the words of `context`: see `notifications.mails.Draft`."""
    with transaction.atomic():
        return MAILS[kind].enqueue(draft(to, **fields))
