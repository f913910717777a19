"""收費項目: what adds up to a bill."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.bills.models.bill import Bill


class BillItem(models.Model):
    """學費, 雜費, 代收代辦費; exemptions and subsidies are negative."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="items", verbose_name=_("繳費單"))
    position = models.PositiveSmallIntegerField(_("順序"))
    name = models.CharField(_("項目"), max_length=40)
    amount = models.IntegerField(_("金額"))

    class Meta:
        verbose_name = _("繳費項目")
        verbose_name_plural = _("繳費項目")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "position"], name="item_position_once_a_bill"),
            models.CheckConstraint(condition=~Q(amount=0), name="item_has_an_amount"),
        ]

    def __str__(self):
        return f"{self.name} {self.amount}"
