"""代收設定: changed by the cashier, without touching what was printed under them."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from billing.bills.models import CollectingAgent
from registry.models import School

FIELDS = (
    "collection_code", "date_layout", "write_off_prefix", "pad_side", "store_limit", "store_fee", "bank_rule",
    "bank_name", "bank_collection_number",
)  # fmt: skip


class Changed(Exception):
    """The settings are not those that the page showed any more."""


def current_agent(school: School) -> CollectingAgent | None:
    """None when the school never set it up."""
    return CollectingAgent.objects.current().filter(school=school).first()


def values_of(agent: CollectingAgent) -> dict[str, Any]:
    return {name: getattr(agent, name) for name in FIELDS}


def version_of(agent: CollectingAgent | None) -> str:
    """What a page showed: which row, and what stands in it."""
    if agent is None:
        return "none"
    written = json.dumps(values_of(agent), sort_keys=True)
    return f"{agent.pk}-{hashlib.sha256(written.encode()).hexdigest()[:16]}"


@transaction.atomic
def write_settings(*, school: School, values: dict[str, Any], version: str, by: User) -> CollectingAgent:
    """Set the school's collecting agent; once bills were issued under a row, a new one takes its place.

    `values` has all of FIELDS, `version` is of what the page showed. Returns the current row; raises Changed. The
    same values again are no change.
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    # Held against new bills as well: whether there are any must stay true until the end.
    current = CollectingAgent.objects.current().filter(school=school).select_for_update(of=("self",)).first()
    if current and values_of(current) == values:
        return current
    if version != version_of(current):
        raise Changed
    old = values_of(current) if current else {}
    agent = _row_to_write(school, current)
    for name in FIELDS:
        setattr(agent, name, values[name])
    agent.save()
    data = {"old": old, "new": values, "replaces": current.pk if current and current != agent else None}
    log.record("collecting_agent.changed", by=by, target=agent, school=school, data=data)
    return agent


def _row_to_write(school, current):
    """The current row as long as no bill refers to it, else a new one that goes on with its numbers."""
    if current is None:
        return CollectingAgent(school=school)
    if not current.bills.exists():
        return current
    current.retired_at = timezone.now()
    current.save(update_fields=["retired_at"])
    return CollectingAgent(school=school, next_number=current.next_number)
