"""`log.record("applicant.approved", by=user, target=applicant)`: the only way events are written."""

from django.db import connection

from audit import context
from audit.models import Event
from core import identity


def record(event, *, by=None, target=None, school=None, data=None):
    """Write one event in the caller's transaction.

    `by` is a user or None for the system; `school` defaults to the user's own. Raises RuntimeError outside a
    transaction and ValueError when `data` holds what looks like an ID number.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event} is recorded outside the transaction of what it tells of")
    refuse_identity_numbers(event, data)
    return Event.objects.create(
        event=event,
        actor_kind=getattr(by, "kind", ""),
        actor_id=getattr(by, "pk", None),
        actor_label=getattr(by, "audit_label", ""),
        school_id=school.pk if school else getattr(by, "school_id", None),
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        data=data or {},
        address=context.current().address,
        request_id=context.current().request_id,
    )


def refuse_identity_numbers(event, data):
    if any(identity.is_in(word) for word in words_of(data)):
        raise ValueError(f"{event} would carry an ID number into the event log")


def words_of(data):
    """Every key and value as it was typed: JSON would write a new line as the letter n before a number."""
    if isinstance(data, dict):
        for pair in data.items():
            yield from words_of(pair)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from words_of(item)
    else:
        yield str(data)
