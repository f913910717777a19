"""`log.record("applicant.approved", by=user, target=applicant)`: the only way events are written."""

from django.db import connection

from audit import context
from audit.models import Event
from core import identity

CHUNK = 500


def record(event, *, by=None, target=None, school=None, data=None):
    """Write one event in the caller's transaction.

    `by` is a user or None for the system; `school` defaults to the user's own. ID numbers that people typed are blotted
    out of `data`: what happened is worth recording, whatever they wrote. Raises RuntimeError outside a transaction.
    """
    _refuse_outside_transaction(event)
    written = _event(event, by, target, school, data)
    written.save(force_insert=True)
    return written


def record_all(event, targets, *, by=None):
    """As `record`, of many at once: `targets` are (target, school, data). One statement for each 500."""
    _refuse_outside_transaction(event)
    Event.objects.bulk_create((_event(event, by, *one) for one in targets), batch_size=CHUNK)


def _refuse_outside_transaction(event):
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event} is recorded outside the transaction of what it tells of")


def _event(event, by, target, school, data):
    return Event(
        event=event,
        actor_kind=getattr(by, "kind", ""),
        actor_id=getattr(by, "pk", None),
        actor_label=getattr(by, "audit_label", ""),
        school_id=school.pk if school else getattr(by, "school_id", None),
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        data=identity.blot_out_data(data or {}),
        ip_address=context.current().ip_address,
        request_id=context.current().request_id,
    )
