"""Callbacks get lost: the worker asks the gateway about payments that may still bring money.

What nobody paid is not told of either. Once its code is of no use any more, and the gateway still knows of no money, an
attempt is let go, so that nobody is warned of it for ever; should money come all the same, it counts.
"""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from audit import log
from billing.payments import gateway_notices, gateways
from billing.payments.models import GatewayPause, Payment
from core.failures import log_failure

logger = logging.getLogger(__name__)

FIRST_AFTER = timedelta(minutes=3)
AGAIN_AFTER = timedelta(hours=1)
UNTIL_AFTER = timedelta(days=10)  # what a store was paid arrives about two days after the code's last day
LET_GO_AFTER = timedelta(days=4)  # those two days, and a weekend
LEFT_AFTER = timedelta(days=1)  # a payer who went to the gateway and took no code


def ask_about_missed(*, limit=20, should_stop=lambda: False):
    """Ask about up to `limit` payments; returns how many answers brought money."""
    brought = 0
    for payment in due()[:limit]:  # a pause that begins meanwhile is seen before each question
        if should_stop():
            break
        if is_paused(payment.gateway):
            continue
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
    paused = GatewayPause.objects.filter(until__gt=now).values("gateway")
    waiting = Payment.objects.exclude(gateway__in=paused).filter(
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
    except gateways.AskedTooOften as trouble:
        pause(payment.gateway, trouble.pause)
        return []
    except (gateways.Unreachable, gateways.Unverified) as trouble:
        logger.warning("asking %s about payment %s: %s", payment.gateway, payment.pk, trouble)
        return []
    if notice.outcome == gateways.Outcome.UNDECIDED and _is_over(payment):
        let_go(payment=payment)
        return []
    return gateway_notices.take_notice(notice)


def pause(gateway: str, time: timedelta) -> None:
    """Ask this gateway nothing for a while."""
    GatewayPause.objects.update_or_create(gateway=gateway, defaults={"until": timezone.now() + time})
    logger.warning("%s was asked too often and is left alone for %s", gateway, time)


def is_paused(gateway: str) -> bool:
    return GatewayPause.objects.filter(gateway=gateway, until__gt=timezone.now()).exists()


def _is_over(payment):
    """Nobody can pay it any more, and what was paid at the last moment would have been told of."""
    if payment.state == Payment.State.CODE_ISSUED:
        return payment.pay_until is not None and payment.pay_until < timezone.now() - LET_GO_AFTER
    return payment.state == Payment.State.STARTED and payment.started_at < timezone.now() - LEFT_AFTER


@transaction.atomic
def let_go(*, payment: Payment) -> Payment:
    """An attempt that brought no money in its time is live no more."""
    payment = Payment.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=payment.pk)
    if payment.is_live:
        payment.move_to(Payment.State.FAILED)
        payment.parts.update(is_live=False)
        log.record("payment.let_go", target=payment, school=payment.school)
    return payment
