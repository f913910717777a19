"""One refund in a file for the bank, and what the bank did about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.payments.models.refund import Refund
from billing.payments.models.refund_file import RefundFile
from core.states import HasStates


class RefundLine(HasStates):
    """`to` is the account as it may be shown for ever; in full it stands on the refund, as long as that is owed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等銀行處理")
        PAID = "paid", _("已匯出")
        RETURNED = "returned", _("銀行退回")
        GIVEN_UP = "given_up", _("已取消")

    MOVES: dict[str, set] = {State.WAITING: {State.PAID, State.RETURNED, State.GIVEN_UP}}

    file = models.ForeignKey(RefundFile, on_delete=models.PROTECT, related_name="lines", verbose_name=_("匯款檔"))
    number = models.PositiveIntegerField(_("序號"))
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines", verbose_name=_("退款"))
    amount = models.PositiveIntegerField(_("金額"))
    to = models.CharField(_("退款帳戶"), max_length=120)
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("退回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("匯款檔的一筆")
        verbose_name_plural = _("匯款檔的各筆")
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_refund_line_a_number"),
            models.UniqueConstraint(
                fields=["refund"],
                condition=Q(state="waiting"),
                name="refund_waits_in_one_file",
                violation_error_message=_("這筆退款已經在另一個匯款檔裡。"),
            ),
            models.UniqueConstraint(fields=["refund"], condition=Q(state="paid"), name="refund_paid_by_one_line"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_line_has_an_amount"),
            models.CheckConstraint(
                condition=(Q(state="returned") & ~Q(reason="")) | (~Q(state="returned") & Q(reason="")),
                name="refund_line_returned_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.file_id}.{self.number} {self.amount} {self.get_state_display()}"
