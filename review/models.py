"""The paper forms that homeroom teachers collect, and the reasons that a school gives."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import School, Student
from review.reminders.models import ReminderLadder, ReminderOptOut, ReminderSent, SlipBatch

__all__ = ["PaperForm", "ReminderLadder", "ReminderOptOut", "ReminderSent", "ReturnReason", "SlipBatch"]


class PaperForm(models.Model):
    """申請書: signed by every family, agreeing or not. No row: not received."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("已收，同意")
        DECLINE = "decline", _("已收，不同意")
        NOT_RECEIVED = "not_received", _("未收")

    student = models.OneToOneField(
        Student, on_delete=models.PROTECT, related_name="paper_form", verbose_name=_("學生")
    )
    answer = models.CharField(_("申請書"), max_length=12, choices=Answer.choices)
    marked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("登記者"))
    marked_at = models.DateTimeField(_("登記時間"))

    class Meta:
        verbose_name = _("申請書")
        verbose_name_plural = _("申請書")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["agree", "decline", "not_received"]), name="paper_form_answer_known"
            )
        ]

    def __str__(self):
        return f"{self.student} {self.get_answer_display()}"


class ReturnReason(models.Model):
    """A reason that reviewers of a school can pick; the school's registrar keeps the list."""

    school = models.ForeignKey(
        School, on_delete=models.CASCADE, related_name="return_reasons", verbose_name=_("學校")
    )
    text = models.CharField(_("原因"), max_length=150)
    position = models.PositiveSmallIntegerField(_("順序"), default=0)

    class Meta:
        verbose_name = _("退回的原因")
        verbose_name_plural = _("退回的原因")
        ordering = ["school", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["school", "text"], name="return_reason_once_a_school")]

    def __str__(self):
        return self.text
