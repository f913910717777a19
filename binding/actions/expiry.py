"""The nightly work: what a date ends. Pages look at the dates themselves; this records what they say, and mails people."""

import logging
from collections import Counter

from binding.actions.court_orders import begin_order, expire_order
from binding.actions.custody import expire_restriction
from binding.actions.email_correction import expire_correction
from binding.actions.ending import end_by_last_day
from binding.actions.withdrawal import lapse
from binding.models import Binding, CourtOrder, CustodyRestriction, EmailCorrection, Withdrawal
from core.failures import log_failure

logger = logging.getLogger(__name__)


def end_expired() -> dict[str, int]:
    """{what: how many}, with how many "failed". Each in a transaction of its own: one that fails holds up no other."""
    counts: Counter = Counter()
    for what, rows, act in (
        ("orders begun", CourtOrder.objects.due(), lambda one: begin_order(order=one)),
        ("orders expired", CourtOrder.objects.past(), lambda one: expire_order(order=one)),
        ("bindings ended", Binding.objects.lapsed(), end_by_last_day),
        ("restrictions expired", CustodyRestriction.objects.past(), expire_restriction),
        ("withdrawals lapsed", Withdrawal.objects.expired(), lapse),
        ("links expired", EmailCorrection.objects.expired(), expire_correction),
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
