"""Files to print that the worker makes; their rows say how far that is."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.encrypted_files import HasEncryptedFile
from core.states import HasStates

PATIENCE = timedelta(minutes=10)


def stored_name(batch: "PrintBatch", _name: str) -> str:
    """A name that tells nothing; the folder is private."""
    return f"{batch.FOLDER}/{uuid.uuid4().hex}"


class PrintBatchQuerySet(models.QuerySet):
    def overdue(self) -> Self:
        """Batches whose files were kept long enough."""
        return self.exclude(file="").filter(finished_at__lt=timezone.now() - PrintBatch.KEPT)

    def alive(self) -> Self:
        """Waiting, or moving on."""
        moving = Q(state="running", progressed_at__gte=timezone.now() - PATIENCE)
        return self.filter(Q(state="waiting") | moving)


def batch_constraints(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(state="ready", finished_at__isnull=False)
            | (~Q(state="ready") & Q(finished_at__isnull=True, file="")),
            name=f"{name}_ready_with_time",
        ),
        models.CheckConstraint(condition=Q(done__lte=models.F("total")), name=f"{name}_done_of_total"),
    ]


class PrintBatch(HasEncryptedFile, HasStates):
    """A school's sheets in a file. The file is encrypted, and gone after a day.

    Each kind names its `EVENT`, which the names of its events begin with, and the `FOLDER` of its files.
    """

    EVENT: str
    FOLDER: str
    KEPT = timedelta(days=1)

    class State(models.TextChoices):
        WAITING = "waiting", _("等待製作")
        RUNNING = "running", _("製作中")
        READY = "ready", _("可以下載")
        FAILED = "failed", _("沒有完成")

    MOVES: dict[str, set[str]] = {
        State.WAITING: {State.RUNNING},
        State.RUNNING: {State.READY, State.FAILED},
        State.FAILED: {State.WAITING},
    }

    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+", verbose_name=_("學校"))
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(_("第幾次"), default=0)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("份數"))
    missing = models.CharField(_("缺字"), max_length=200, blank=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("製作者"))
    created_at = models.DateTimeField(_("要求時間"), default=timezone.now)
    progressed_at = models.DateTimeField(_("最近進度"), default=timezone.now)
    finished_at = models.DateTimeField(_("完成時間"), null=True)
    file = models.FileField(_("檔案"), upload_to=stored_name, blank=True)

    objects = PrintBatchQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]

    @property
    def is_alive(self) -> bool:
        """Worth waiting for."""
        return self.state == self.State.WAITING or (self.state == self.State.RUNNING and not self.is_stuck)

    @property
    def is_stuck(self) -> bool:
        """The worker died: nothing moved for ten minutes."""
        return self.state == self.State.RUNNING and self.progressed_at < timezone.now() - PATIENCE

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED or self.is_stuck

    @property
    def has_file(self) -> bool:
        return bool(self.file and self.finished_at and self.finished_at > timezone.now() - self.KEPT)

    def move_to(self, state: str, **fields: Any) -> None:
        super().move_to(state, progressed_at=timezone.now(), **fields)
