"""Who was reminded of which bill: what keeps a reminder from going out twice."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SSOAccount
from billing.bills.models.bill import Bill
from notifications.models import Message


class BillNotice(models.Model):
    class Kind(models.TextChoices):
        DUE_SOON = "due_soon", _("即將到期")
        OVERDUE = "overdue", _("已逾期")
        BY_HAND = "by_hand", _("出納組提醒")

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="notices", verbose_name=_("繳費單"))
    kind = models.CharField(_("種類"), max_length=8, choices=Kind.choices)
    account = models.ForeignKey(SSOAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("家長帳號"))
    sent_at = models.DateTimeField(_("時間"), default=timezone.now)
    message = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, related_name="bill_notice", verbose_name=_("郵件")
    )

    class Meta:
        verbose_name = _("繳費提醒")
        verbose_name_plural = _("繳費提醒")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "kind", "account"], condition=~models.Q(kind="by_hand"), name="reminded_of_a_bill_once"
            )
        ]

    def __str__(self):
        return f"{self.bill_id} {self.kind}"
