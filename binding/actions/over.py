"""What ends by a date. Pages look at the dates themselves; this writes down what they say, and tells people."""

import logging

from django.db import transaction

from binding.actions.binding import end_locked
from binding.actions.court import begin_order, close_order
from binding.actions.custody import close_restriction
from binding.actions.locks import lock_family
from binding.actions.withdrawal import lapse
from binding.models import AddressChange, Binding, CourtOrder, CustodyRestriction, Withdrawal

logger = logging.getLogger(__name__)


def sweep():
    """{what: how many}. Each in a transaction of its own: one that fails holds up no other."""
    return {
        "orders begun": _each(CourtOrder.objects.due(), lambda one: begin_order(order=one)),
        "orders over": _each(CourtOrder.objects.past(), lambda one: close_order(order=one)),
        "bindings ended": _each(Binding.objects.lapsed(), end_lapsed),
        "restrictions over": _each(CustodyRestriction.objects.past(), close_restriction),
        "withdrawals lapsed": _each(Withdrawal.objects.expired(), lapse),
        "links expired": _each(AddressChange.objects.expired(), expire_link),
    }


def _each(rows, act):
    done = 0
    for row in rows.select_related().order_by("pk").iterator(500):
        try:
            done += bool(act(row))
        except Exception as error:  # noqa: BLE001 – tomorrow it is tried again, the others have their turn today
            logger.error("%s %s could not end: %s", row._meta.label_lower, row.pk, type(error).__name__)
    return done


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
        change.settle(AddressChange.State.EXPIRED)
    return change
