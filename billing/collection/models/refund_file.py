"""退款轉帳檔: refunds that go to a bank together, and what the bank made of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.payments.models.refund import Refund
from core.states import HasStates
from registry.models import School


class RefundFile(HasStates):
    """Its bytes are not kept: they are written anew of its lines, and hold accounts of families."""

    class State(models.TextChoices):
        SENT = "sent", _("已交銀行，等待結果")
        DONE = "done", _("已登記結果")

    MOVES: dict[str, set] = {State.SENT: {State.DONE}}

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="refund_files", verbose_name=_("學校"))
    layout = models.CharField(_("檔案格式"), max_length=20)
    state = models.CharField(_("狀態"), max_length=4, choices=State.choices, default=State.SENT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("製作者")
    )
    made_at = models.DateTimeField(_("製作時間"), default=timezone.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("登記者")
    )
    done_at = models.DateTimeField(_("登記時間"), null=True)

    class Meta:
        verbose_name = _("退款轉帳檔")
        verbose_name_plural = _("退款轉帳檔")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, done_by__isnull=False)
                | Q(state="sent", done_at__isnull=True, done_by__isnull=True),
                name="refund_file_done_by_somebody",
            )
        ]

    def __str__(self):
        return f"{timezone.localtime(self.made_at):%Y%m%d}-{self.pk}"


class RefundLine(HasStates):
    """One refund in a file. What the bank did not pay out may go into another file, nothing else may."""

    class State(models.TextChoices):
        SENT = "sent", _("等待結果")
        DONE = "done", _("已入帳")
        RETURNED = "returned", _("銀行退件")

    MOVES: dict[str, set] = {State.SENT: {State.DONE, State.RETURNED}}

    file = models.ForeignKey(RefundFile, on_delete=models.CASCADE, related_name="lines", verbose_name=_("退款轉帳檔"))
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines", verbose_name=_("退款"))
    number = models.PositiveIntegerField(_("列"))
    amount = models.PositiveIntegerField(_("金額"))
    payee_cipher = models.TextField(_("受款帳戶（加密）"), editable=False)  # as it was sent
    payee_hint = models.CharField(_("受款帳戶"), max_length=40)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.SENT)

    class Meta:
        verbose_name = _("退款轉帳檔的一筆")
        verbose_name_plural = _("退款轉帳檔的一筆")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="refund_line_once_a_file"),
            models.UniqueConstraint(
                fields=["refund"], condition=~Q(state="returned"), name="refund_in_one_file_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.file_id} {self.number}"
