"""What would become of each line of a collection file that waits for the cashier."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.bills.models.bill import Bill
from billing.collection.models.collection_file import CollectionFile
from core.spreadsheets import place_of


class ForeseenLine(models.Model):
    """One line of a file that nobody has posted, as it was looked at last; gone when the file is posted or dropped."""

    class Outcome(models.TextChoices):
        NEW = "new", _("會入帳")
        KNOWN = "known", _("先前已入帳")
        AGAIN = "again", _("已繳清的繳費單又收到")
        DOUBTFUL = "doubtful", _("要查明")
        UNKNOWN = "unknown", _("找不到繳費單")

    TO_LOOK_AT = (Outcome.AGAIN, Outcome.DOUBTFUL, Outcome.UNKNOWN)

    file = models.ForeignKey(
        CollectionFile, on_delete=models.CASCADE, related_name="foreseen_lines", verbose_name=_("代收檔")
    )
    number = models.PositiveIntegerField(_("列"))  # counted through all sheets
    sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    line = models.PositiveIntegerField(_("工作表的列"))
    code = models.CharField(_("銷帳編號或帳號"), max_length=20)
    amount = models.PositiveIntegerField(_("金額"))
    paid_on = models.DateField(_("代收日期"))
    channel = models.CharField(_("通路"), max_length=40, blank=True)
    reference = models.CharField(_("交易序號"), max_length=40, blank=True)
    bill = models.ForeignKey(Bill, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("繳費單"))
    outcome = models.CharField(_("結果"), max_length=8, choices=Outcome.choices)
    why = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("代收檔試算的一筆")
        verbose_name_plural = _("代收檔試算的各筆")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="foreseen_line_once_a_file")]

    def __str__(self):
        return f"{self.file} {self.number}"

    @property
    def place(self):
        return place_of(self.line, sheet=self.sheet)
