"""Forms of several classes or of a whole school, set by the worker; its row says how far that is."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.files import HasEncryptedFile
from registry.paper_forms.texts import LANGUAGES

KEPT = timedelta(days=1)
PATIENCE = timedelta(minutes=10)


def stored_forms_name(batch, _name):
    """A name that tells nothing; the folder is private."""
    return f"paper-forms/{uuid.uuid4().hex}"


class PaperFormBatchQuerySet(models.QuerySet):
    def overdue(self):
        """Batches whose files were kept long enough."""
        return self.exclude(file="").filter(finished_at__lt=timezone.now() - KEPT)

    def alive(self):
        """Waiting, or moving on."""
        moving = Q(state="running", progressed_at__gte=timezone.now() - PATIENCE)
        return self.filter(Q(state="waiting") | moving)


class PaperFormBatch(HasEncryptedFile, models.Model):
    """申請書 to print. The file holds names and log-in addresses: it is encrypted, and gone after a day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待製作")
        RUNNING = "running", _("製作中")
        READY = "ready", _("可以下載")
        FAILED = "failed", _("沒有完成")

    MOVES: dict[str, set] = {
        State.WAITING: {State.RUNNING},
        State.RUNNING: {State.READY, State.FAILED},
        State.FAILED: {State.WAITING},
    }

    school = models.ForeignKey(
        "registry.School", on_delete=models.PROTECT, related_name="paper_form_batches", verbose_name=_("學校")
    )
    classes = models.ManyToManyField(
        "registry.SchoolClass",
        blank=True,
        related_name="+",
        verbose_name=_("班級"),
        help_text=_("空白：全校"),
    )
    language = models.CharField(_("語言"), max_length=7, choices=list(LANGUAGES.items()))
    return_on = models.DateField(_("繳回日期"))
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(_("第幾次"), default=0)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("份數"))
    missing = models.CharField(_("缺字"), max_length=200, blank=True)
    file = models.FileField(_("檔案"), upload_to=stored_forms_name, blank=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("製作者"))
    created_at = models.DateTimeField(_("要求時間"), default=timezone.now)
    progressed_at = models.DateTimeField(_("最近進度"), default=timezone.now)
    finished_at = models.DateTimeField(_("完成時間"), null=True)

    objects = PaperFormBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("申請書製作")
        verbose_name_plural = _("申請書製作")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", finished_at__isnull=False)
                | (~Q(state="ready") & Q(finished_at__isnull=True, file="")),
                name="paper_forms_ready_with_time",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=models.F("total")), name="paper_forms_done_of_total"
            ),
        ]

    def __str__(self):
        return f"{self.school} {self.return_on:%Y-%m-%d} {self.get_state_display()}"

    @property
    def class_names(self):
        """301、302, or nothing for the whole school."""
        return "、".join(one.name for one in self.classes.all())

    @property
    def is_alive(self):
        """Worth waiting for."""
        return self.state == self.State.WAITING or (self.state == self.State.RUNNING and not self.is_stuck)

    @property
    def is_stuck(self):
        """The worker died: nothing moved for ten minutes."""
        return self.state == self.State.RUNNING and self.progressed_at < timezone.now() - PATIENCE

    @property
    def has_failed(self):
        return self.state == self.State.FAILED or self.is_stuck

    @property
    def has_file(self):
        kept_since = timezone.now() - KEPT
        return bool(self.file and self.finished_at and self.finished_at > kept_since)

    def move_to(self, state):
        if state not in self.MOVES.get(self.state, ()):
            raise ValueError(f"a batch of paper forms does not move from {self.state} to {state}")
        self.state = state
        self.progressed_at = timezone.now()
