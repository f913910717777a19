"""Collection files that a cashier took in, and what each line of them came to."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.payments.models.settlement import Settlement
from registry.models import School


def stored_name(_file, _typed):
    """Nothing that somebody typed becomes a path."""
    return f"collections/{uuid4().hex}"


class CollectionFile(models.Model):
    """代收檔. Its content is told by a digest of its lines, so that none is taken twice."""

    class State(models.TextChoices):
        CHECKED = "checked", _("待確認")
        WAITING = "waiting", _("處理中")
        DONE = "done", _("已對帳")
        FAILED = "failed", _("沒有完成")

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="collection_files", verbose_name=_("學校")
    )
    profile = models.CharField(_("檔案種類"), max_length=20)
    name = models.CharField(_("檔名"), max_length=120)
    file = models.FileField(_("檔案"), upload_to=stored_name)
    digest = models.CharField(_("內容摘要"), max_length=64)
    count = models.PositiveIntegerField(_("筆數"))
    total = models.PositiveBigIntegerField(_("總金額"))
    done = models.PositiveIntegerField(_("已處理"), default=0)
    foreseen = models.JSONField(_("入帳前的試算"), default=dict)  # Forecast.as_dict, of `foreseen_at`
    foreseen_at = models.DateTimeField(_("試算時間"), default=timezone.now)
    left_out = models.JSONField(_("沒有讀取的內容"), default=list)  # in words, with the place in the file
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.WAITING)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("匯入者")
    )
    taken_at = models.DateTimeField(_("匯入時間"), default=timezone.now)

    class Meta:
        verbose_name = _("代收檔")
        verbose_name_plural = _("代收檔")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "digest"],
                name="collection_file_once",
                violation_error_message=_("這個檔案已經匯入過。"),
            )
        ]

    def __str__(self):
        return self.name


class CollectionLine(models.Model):
    """One line of a file and the money it became, or tells of once more (`is_known`)."""

    file = models.ForeignKey(CollectionFile, on_delete=models.CASCADE, related_name="lines", verbose_name=_("代收檔"))
    number = models.PositiveIntegerField(_("列"))
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines", verbose_name=_("入帳"))
    is_known = models.BooleanField(_("先前已入帳"), default=False)

    class Meta:
        verbose_name = _("代收檔的一筆")
        verbose_name_plural = _("代收檔的一筆")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="line_once_a_file"),
            models.UniqueConstraint(
                fields=["settlement"], condition=Q(is_known=False), name="money_comes_with_one_line"
            ),
        ]

    def __str__(self):
        return f"{self.file} {self.number}"
