"""Slips of a whole school, set by the worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.bills.models.batch import BillBatch
from core.printing.models import PrintBatch, batch_constraints


class BillSlipBatch(PrintBatch):
    """「繳費單」 of a batch of bills to print, of one class or (no class) of all."""

    EVENT, FOLDER = "bill_slips", "bill-slips"

    batch = models.ForeignKey(
        BillBatch, on_delete=models.PROTECT, related_name="slip_batches", verbose_name=_("繳費批次")
    )
    school_class = models.ForeignKey(
        "registry.SchoolClass",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("班級"),
        help_text=_("空白：全校"),
    )
    left_out = models.PositiveIntegerField(_("沒有印的張數"), default=0)

    class Meta(PrintBatch.Meta):
        verbose_name = _("繳費單製作")
        verbose_name_plural = _("繳費單製作")
        constraints = batch_constraints("bill_slips")

    def __str__(self):
        return f"{self.batch} {self.school_class or self.school} {self.get_state_display()}"
