"""What waits to be delivered: leased by one worker at a time, tried again later and later, given up in the end."""

import logging
import random
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.failures import log_failure

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)


class QueuedQuerySet(models.QuerySet):
    def due(self, now):
        """Waiting, its time has come, and no living worker holds it."""
        return self.filter(state=Queued.State.QUEUED, next_attempt_at__lte=now).filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        )


class Queued(models.Model):
    """A row that is written in the transaction of what it tells of, and delivered later by a worker."""

    class State(models.TextChoices):
        QUEUED = "queued", _("等待寄送")
        SENT = "sent", _("已寄出")
        DEAD = "dead", _("無法寄送")
        STOPPED = "stopped", _("已取消")

    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("嘗試次數"), default=0)
    created_at = models.DateTimeField(_("建立時間"), default=timezone.now)
    retry_until = models.DateTimeField(_("重試到"))
    next_attempt_at = models.DateTimeField(_("下次寄送"), default=timezone.now)
    leased_by = models.CharField(max_length=36, blank=True)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("寄出時間"), null=True)
    last_error = models.CharField(_("最近的錯誤"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def at_end(cls):
        """More fields to write, by an update, on rows that wait no longer."""
        return {}


def claim_next(waiting, worker):
    """Lease the next row of `waiting` that is due, so that no other worker takes it; None when there is none."""
    now = timezone.now()
    lease = {"leased_by": worker, "leased_until": now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)}
    with transaction.atomic():
        due = waiting.due(now).order_by("next_attempt_at")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        row = due.first()
        if row is None:
            return None
        type(row).objects.filter(pk=row.pk).update(**lease)
    row.leased_by = worker
    return row


def guarded(deliver, row):
    """Whether `deliver(row)` delivered. A fault of ours in it is logged and the row tried later: others have their turn.

    A database that does not answer is for the worker: the lease runs out by itself.
    """
    try:
        return deliver(row)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 – logged, and tried again as often as any other failure
        log_failure(logger, "%s could not be delivered", row, error=error)
        settle_failure(row, type(error).__name__)
        return False


def settle_sent(row):
    settle(row, state=Queued.State.SENT, sent_at=timezone.now(), last_error="")
    logger.info("%s sent", row)


def settle_failure(row, error, *, is_final=False, **answer):
    """Try again later, twice as late each time, until the row's time is over: then it is a dead letter.

    `answer`: fields of the row that keep what the other side said.
    """
    now = timezone.now()
    pause = min(FIRST_RETRY * 2 ** min(row.attempts, 20), LONGEST_RETRY)
    next_attempt_at = now + pause * random.uniform(0.9, 1.1)  # noqa: S311 – spreads retries, guards nothing
    is_dead = is_final or next_attempt_at > row.retry_until
    logger.warning("%s failed: %s%s", row, error, ", given up" if is_dead else "")
    settle(
        row,
        state=Queued.State.DEAD if is_dead else Queued.State.QUEUED,
        next_attempt_at=next_attempt_at,
        last_error=error[:200],
        **answer,
        if_state=Queued.State.QUEUED,  # one that was stopped meanwhile stays so
    )


def settle_stopped(row, why):
    """It is not to go out any more, and nobody should try it again."""
    logger.info("%s stopped: %s", row, why)
    settle(row, state=Queued.State.STOPPED, last_error=why[:200], if_state=Queued.State.QUEUED)


def settle(row, *, if_state=None, **fields):
    """Write the outcome, but only while this worker still holds the lease."""
    mine = type(row).objects.filter(pk=row.pk, leased_by=row.leased_by)
    if if_state:
        mine = mine.filter(state=if_state)
    if fields["state"] != Queued.State.QUEUED:
        fields |= row.at_end()
    mine.update(attempts=row.attempts + 1, leased_by="", leased_until=None, **fields)
