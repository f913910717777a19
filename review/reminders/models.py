"""A school's ladder of reminders, what went out, who wants none, and slips for families without an address."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.printing.models import PrintBatch, batch_constraints
from notifications.models import Message
from registry.models import School, Student

MOST_RUNGS = 5
MOST_DAYS = 60


def usual_days():
    return [14, 7, 2]


class ReminderLadder(models.Model):
    """How many days before the deadline families are mailed. It runs from the press that started it."""

    school = models.OneToOneField(
        School, on_delete=models.CASCADE, related_name="reminder_ladder", verbose_name=_("學校")
    )
    days = models.JSONField(_("截止日前幾天"), default=usual_days)
    is_on = models.BooleanField(_("自動提醒中"), default=False)
    changed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("設定者")
    )
    changed_at = models.DateTimeField(_("設定時間"), default=timezone.now)

    class Meta:
        verbose_name = _("提醒設定")
        verbose_name_plural = _("提醒設定")

    def __str__(self):
        return f"{self.school} {self.days}"


class ReminderSentQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(message__state=Message.State.QUEUED)


class ReminderSent(models.Model):
    """One address was mailed about one student, once a rung of one deadline."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", verbose_name=_("學校"))
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("學生"))
    address = models.CharField(_("信箱（指紋）"), max_length=64)
    deadline = models.DateField(_("截止日"))
    rung = models.PositiveSmallIntegerField(_("截止日前幾天"))
    sent_on = models.DateField(_("日期"))
    message = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, related_name="reminder", verbose_name=_("郵件")
    )

    objects = ReminderSentQuerySet.as_manager()

    class Meta:
        verbose_name = _("已提醒")
        verbose_name_plural = _("已提醒")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["school", "-deadline", "-rung"], name="reminders_of_a_school")]
        constraints = [
            models.UniqueConstraint(fields=["student", "address", "deadline", "rung"], name="reminded_once_a_rung"),
            models.CheckConstraint(condition=Q(rung__gte=1, rung__lte=MOST_DAYS), name="rung_within_bounds"),
        ]

    def __str__(self):
        return f"{self.student} {self.deadline:%Y-%m-%d} -{self.rung}"


class ReminderOptOut(models.Model):
    """This address wants no more reminders about this student."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+", verbose_name=_("學生"))
    address = models.CharField(_("信箱（指紋）"), max_length=64)
    at = models.DateTimeField(_("時間"), default=timezone.now)

    class Meta:
        verbose_name = _("不再提醒")
        verbose_name_plural = _("不再提醒")
        constraints = [models.UniqueConstraint(fields=["student", "address"], name="opted_out_once")]

    def __str__(self):
        return str(self.student)


class ReminderSlipBatch(PrintBatch):
    """「提醒單」 of a whole school, to print."""

    EVENT, FOLDER = "slips", "reminder-slips"

    class Who(models.TextChoices):
        UNREACHABLE = "unreachable", _("還沒完成，而且學校沒有可用的電子郵件")
        ALL = "all", _("所有還沒完成的家庭")

    who = models.CharField(_("對象"), max_length=11, choices=Who.choices, default=Who.UNREACHABLE)

    class Meta(PrintBatch.Meta):
        verbose_name = _("提醒單製作")
        verbose_name_plural = _("提醒單製作")
        constraints = batch_constraints("slips")

    def __str__(self):
        return f"{self.school} {self.get_who_display()} {self.get_state_display()}"
