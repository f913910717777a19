"""收費表: a table of charges that was read, until the cashier has said what its columns are for."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.bills.models.batch import Semester
from core.models import WordsField
from registry.models import School


class ChargeTable(models.Model):
    """Kept so that the page of its columns can be left and opened again; a draft takes its place, or it is forgotten.

    `columns`, `lines` and `notes` are those of `billing.bills.charges.Reading` as JSON: keys of students and amounts, no
    names and nothing else of the file.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="charge_tables", verbose_name=_("學校"))
    school_year = models.PositiveSmallIntegerField(_("學年度"))
    semester = models.PositiveSmallIntegerField(_("學期"), choices=Semester.choices)
    title = models.CharField(_("名稱"), max_length=60)
    due_on = models.DateField(_("繳費期限"))
    columns = WordsField(_("欄位"))
    lines = WordsField(_("各列"))
    notes = WordsField(_("說明"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("上傳者")
    )
    made_at = models.DateTimeField(_("上傳時間"), default=timezone.now)

    class Meta:
        verbose_name = _("收費表")
        verbose_name_plural = _("收費表")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["made_at"], name="charge_tables_by_age")]

    def __str__(self):
        return f"{self.school_year}-{self.semester} {self.title}"
