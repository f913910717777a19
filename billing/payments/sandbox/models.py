"""What the pretend gateway remembers. It knows a merchant's reference, an amount and a callback, no person."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import WebAddressField
from notifications.retries import Queued, QueuedQuerySet


class SandboxTrade(models.Model):
    class State(models.TextChoices):
        CODE = "code", _("已取號")
        PAID = "paid", _("已付款")
        FAILED = "failed", _("付款失敗")

    reference = models.CharField(_("特店交易編號"), max_length=20, unique=True)
    amount = models.PositiveIntegerField(_("金額"))
    method = models.CharField(_("付款方式"), max_length=16)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices)
    code = models.CharField(_("繳費代碼"), max_length=20, blank=True)
    callback = WebAddressField(_("回報網址"), max_length=300)
    at = models.DateTimeField(_("時間"), default=timezone.now)

    class Meta:
        verbose_name = _("測試付款")
        verbose_name_plural = _("測試付款")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["code", "paid", "failed"]), name="sandbox_trade_state_known"
            )
        ]

    def __str__(self):
        return f"{self.reference} {self.get_state_display()}"

    @property
    def number(self):
        return f"SB{self.pk:010}"


class SandboxCallback(Queued):
    """A form that the worker posts to the merchant until it answers 1|OK."""

    trade = models.ForeignKey(SandboxTrade, on_delete=models.CASCADE, related_name="callbacks")
    fields = models.JSONField(_("欄位"))

    objects = QueuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("測試付款的回報")
        verbose_name_plural = _("測試付款的回報")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(state="queued"), name="sandbox_callbacks_due")
        ]

    def __str__(self):
        return f"sandbox callback #{self.pk}"
