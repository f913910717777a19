"""What was changed about a student: old and new values, who, when and why."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.student import Student


class StudentChange(models.Model):
    """One change of one student. `old` and `new` hold the fields that differ (see `registry.history`)."""

    class Cause(models.TextChoices):
        ROSTER = "roster", _("名冊匯入")
        UNDO = "undo", _("復原名冊匯入")
        CORRECTION = "correction", _("家長申請更正")
        DIRECT = "direct", _("註冊組修改")
        MOVE = "move", _("學籍異動")
        PROMOTION = "promotion", _("升級")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="changes", verbose_name=_("學生"))
    cause = models.CharField(_("原因"), max_length=10, choices=Cause.choices)
    old = models.JSONField(_("原來"))
    new = models.JSONField(_("之後"))
    note = models.CharField(_("說明"), max_length=200, blank=True)
    roster_import = models.ForeignKey(
        "RosterImport", on_delete=models.SET_NULL, null=True, related_name="changes", verbose_name=_("名冊")
    )
    school = models.ForeignKey("School", on_delete=models.PROTECT, verbose_name=_("學校"))
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, verbose_name=_("修改者"))
    at = models.DateTimeField(_("時間"), default=timezone.now)

    class Meta:
        verbose_name = _("學籍異動紀錄")
        verbose_name_plural = _("學籍異動紀錄")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["student", "-id"], name="changes_of_a_student")]

    def __str__(self):
        return f"{self.get_cause_display()} {self.at:%Y-%m-%d %H:%M}"
