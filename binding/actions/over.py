"""What ends by a date. Pages look at the dates themselves; this writes down what they say, and tells people."""

import logging
from collections import Counter

from django.db import transaction

from binding.actions.court_orders import begin_order, close_order
from binding.actions.custody import close_restriction
from binding.actions.locks import lock_family
from binding.actions.starting import end_locked
from binding.actions.withdrawal import lapse
from binding.models import AddressChange, Binding, CourtOrder, CustodyRestriction, Withdrawal
from core.failures import log_failure

logger = logging.getLogger(__name__)


def sweep():
    """{what: how many}, with how many "failed". Each in a transaction of its own: one that fails holds up no other."""
    counts: Counter = Counter()
    for what, rows, act in (
        ("orders begun", CourtOrder.objects.due(), lambda one: begin_order(order=one)),
        ("orders over", CourtOrder.objects.past(), lambda one: close_order(order=one)),
        ("bindings ended", Binding.objects.lapsed(), end_lapsed),
        ("restrictions over", CustodyRestriction.objects.past(), close_restriction),
        ("withdrawals lapsed", Withdrawal.objects.expired(), lapse),
        ("links expired", AddressChange.objects.expired(), expire_link),
    ):
        counts[what], failed = _each(rows, act)
        counts["failed"] += failed
    return dict(counts)


def _each(rows, act):
    """(done, failed); what failed is tried again tomorrow, the others have their turn today."""
    done = failed = 0
    for row in rows.select_related().order_by("pk").iterator(500):
        try:
            done += bool(act(row))
        except Exception as error:  # noqa: BLE001 – said in the log and by the command
            log_failure(logger, "%s %s could not end", row._meta.label_lower, row.pk, error=error)
            failed += 1
    return done, failed


@transaction.atomic
def end_lapsed(binding):
    """End a binding whose last day is past; its people are told."""
    lock_family(binding.student)
    binding = Binding.objects.lapsed().filter(pk=binding.pk).to_end().first()
    if binding:
        end_locked(binding, binding.reason_of_last_day, None)
    return binding


@transaction.atomic
def expire_link(change):
    """Free the address for others."""
    change = AddressChange.objects.expired().select_for_update(of=("self",)).filter(pk=change.pk).first()
    if change:
        change.close(AddressChange.State.EXPIRED)
    return change
