"""Refunds that a school gave its bank together: one file, told line by line what became of it (ADR 43)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.states import HasStates
from registry.models import School


class RefundFileQuerySet(models.QuerySet):
    def for_desk(self, school):
        return self.filter(school=school).select_related("made_by", "closed_by")


class RefundFile(HasStates):
    """`key` of the page that asked names it: a second press is the same file. What is in it is written anew when taken."""

    class State(models.TextChoices):
        OPEN = "open", _("等銀行處理")
        DONE = "done", _("已完成")
        GIVEN_UP = "given_up", _("已取消")

    MOVES: dict[str, set] = {State.OPEN: {State.DONE, State.GIVEN_UP}}

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="refund_files", verbose_name=_("學校"))
    key = models.CharField(_("防重複碼"), max_length=80, unique=True)
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.OPEN)
    count = models.PositiveIntegerField(_("筆數"))
    total = models.PositiveIntegerField(_("總金額"))
    made_at = models.DateTimeField(_("製作時間"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("製作者")
    )
    closed_at = models.DateTimeField(_("結束時間"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("結束者")
    )

    objects = RefundFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("匯款檔")
        verbose_name_plural = _("匯款檔")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["school", "-id"], name="refund_files_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0, total__gt=0), name="refund_file_has_lines"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="refund_file_closed_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.pk} {self.count} {self.total} {self.get_state_display()}"
