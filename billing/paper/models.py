"""Slips of a whole school, set by the worker."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.bills.models.batch import BillBatch
from core.printing.models import PrintBatch, batch_constraints
from registry.models import School


def stored_slips_name(batch, _name):
    """A name that tells nothing; the folder is private."""
    return f"bill-slips/{uuid.uuid4().hex}"


class SlipBatch(PrintBatch):
    """繳費單 of a batch of bills to print, of one class or (no class) of all."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name=_("學校"))
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
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("製作者")
    )
    file = models.FileField(_("檔案"), upload_to=stored_slips_name, blank=True)

    class Meta:
        verbose_name = _("繳費單製作")
        verbose_name_plural = _("繳費單製作")
        ordering = ["-pk"]
        constraints = batch_constraints("bill_slips")

    def __str__(self):
        return f"{self.batch} {self.school_class or self.school} {self.get_state_display()}"
