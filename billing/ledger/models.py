"""The ledger: every move of money as a debit and a credit of the same amount. Rows are added, never changed."""

from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import AppendOnly
from registry.models import School


class Account(models.TextChoices):
    """Where money is, or who owes it."""

    RECEIVABLE = "receivable", _("應收學費")  # families owe the school
    INCOME = "income", _("學雜費收入")
    GATEWAY = "gateway", _("線上付款待撥")
    STORES = "stores", _("超商代收待撥")
    BANK = "bank", _("銀行存款")
    CASH = "cash", _("庫存現金")
    REFUNDS = "refunds", _("應退款項")  # the school owes families
    SUSPENSE = "suspense", _("待查款項")  # money that nobody knows the bill of yet


MONEY = (Account.GATEWAY, Account.STORES, Account.BANK, Account.CASH)


class LedgerQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly("the ledger is never changed")

    def delete(self):
        raise AppendOnly("the ledger is never shortened")

    def balances(self):
        """{account: debits less credits} in whole dollars; they add up to nothing."""
        found: dict[str, int] = {}
        for side, sign in (("debit", 1), ("credit", -1)):
            for account, total in self.values_list(side).annotate(Sum("amount")).order_by():
                found[account] = found.get(account, 0) + sign * total
        return found


class LedgerEntry(models.Model):
    """From one account to another: `debit` gains what `credit` gives. A correction is another entry."""

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, related_name="ledger", verbose_name=_("學校")
    )
    on = models.DateField(_("記帳日"), default=timezone.localdate)
    at = models.DateTimeField(_("時間"), default=timezone.now)
    debit = models.CharField(_("借方"), max_length=16, choices=Account.choices)
    credit = models.CharField(_("貸方"), max_length=16, choices=Account.choices)
    amount = models.PositiveIntegerField(_("金額"))
    what = models.CharField(_("事由"), max_length=20)
    bill = models.ForeignKey(
        "billing.Bill", on_delete=models.PROTECT, null=True, related_name="ledger", verbose_name=_("繳費單")
    )
    settlement = models.ForeignKey(
        "billing.Settlement", on_delete=models.PROTECT, null=True, related_name="ledger", verbose_name=_("入帳")
    )

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("帳目")
        verbose_name_plural = _("帳目")
        ordering = ["pk"]
        indexes = [models.Index(fields=["school", "on"], name="ledger_of_a_day")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_between_two_accounts"),
        ]

    def __str__(self):
        return f"{self.get_debit_display()} / {self.get_credit_display()} {self.amount}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise AppendOnly("the ledger is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("the ledger is never shortened")
