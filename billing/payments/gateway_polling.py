"""Callbacks get lost: the worker asks the gateway about payments that may still bring money."""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import F, Q
from django.utils import timezone

from billing.payments import gateway_notices, gateways
from billing.payments.models import Payment
from core.failures import log_failure

logger = logging.getLogger(__name__)

FIRST_AFTER = timedelta(minutes=3)
AGAIN_AFTER = timedelta(hours=1)
UNTIL_AFTER = timedelta(days=10)  # what a store was paid arrives about two days after the code's last day


def ask_about_missed(*, limit=20, should_stop=lambda: False):
    """Ask about up to `limit` payments; returns how many answers brought money."""
    brought = 0
    for payment in due()[:limit]:
        if should_stop():
            break
        # Written down before asking: two workers don't ask twice, and a gateway that hangs is not asked at once again.
        claimed = Payment.objects.filter(pk=payment.pk, asked_at=payment.asked_at)
        if claimed.update(asked_at=timezone.now()):
            brought += _ask(payment)
    return brought


def _ask(payment):
    """Whether the answer brought money. One that can't be understood keeps nobody else's question from being asked."""
    try:
        return bool(ask_about(payment))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 – asked again in an hour
        log_failure(logger, "asking about payment %s failed", payment.pk, error=error)
        return False


def due():
    """Also attempts that were left or failed lately: their money may have come all the same."""
    now = timezone.now()
    waiting = Payment.objects.filter(
        Q(state__in=Payment.LIVE, started_at__gt=now - timedelta(days=60))
        | Q(state=Payment.State.FAILED, started_at__gt=now - UNTIL_AFTER)
    )
    is_time = Q(asked_at__isnull=True, started_at__lt=now - FIRST_AFTER) | Q(asked_at__lt=now - AGAIN_AFTER)
    return waiting.filter(is_time).order_by(F("asked_at").asc(nulls_first=True), "pk")


def ask_about(payment):
    """One question; an answer counts as a callback does."""
    gateway = gateways.find(payment.gateway)
    if gateway is None:
        return []
    try:
        notice = gateway.query(payment)
    except (gateways.Unreachable, gateways.Unverified) as trouble:
        logger.warning("asking %s about payment %s: %s", payment.gateway, payment.pk, trouble)
        return []
    return gateway_notices.take_notice(notice)
