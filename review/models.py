"""Paper forms as they come back, how a school decides, what its teachers leave to the registrar; the city's count."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models import Application
from registry.models import School, Student

MOST_UNDO_MINUTES = 60  # a family waits no longer for its mail


class PaperForm(models.Model):
    """申請書: signed by every family, agreeing or not. No row: not received."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("已收，同意")
        DECLINE = "decline", _("已收，不同意")
        NOT_RECEIVED = "not_received", _("未收")

    student = models.OneToOneField(Student, on_delete=models.PROTECT, related_name="paper_form", verbose_name=_("學生"))
    answer = models.CharField(_("申請書"), max_length=12, choices=Answer.choices)
    is_whole_answer = models.BooleanField(
        _("以紙本為準"), default=False, help_text=_("家中無法上網，紙本就是這個家庭的答覆。")
    )
    marked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("登記者"))
    marked_at = models.DateTimeField(_("登記時間"))

    class Meta:
        verbose_name = _("申請書")
        verbose_name_plural = _("申請書")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["agree", "decline", "not_received"]), name="paper_form_answer_known"
            ),
            models.CheckConstraint(
                condition=~Q(answer="not_received", is_whole_answer=True), name="paper_answer_was_received"
            ),
        ]

    def __str__(self):
        return f"{self.student} {self.get_answer_display()}"


class ReturnReason(models.Model):
    """A reason that reviewers of a school can pick; the school's registrar keeps the list."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="return_reasons", verbose_name=_("學校"))
    text = models.CharField(_("原因"), max_length=150)
    position = models.PositiveSmallIntegerField(_("順序"), default=0)

    class Meta:
        verbose_name = _("退回的原因")
        verbose_name_plural = _("退回的原因")
        ordering = ["school", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["school", "text"], name="return_reason_once_a_school")]

    def __str__(self):
        return self.text


class ReviewRules(models.Model):
    """How a school wants its applications decided. No row: the defaults."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="review_rules", verbose_name=_("學校"))
    registrar_decides_guardianship = models.BooleanField(_("監護關係由註冊組核定"), default=True)
    approves_matched = models.BooleanField(_("相符的申請自動核可"), default=False)
    undo_minutes = models.PositiveSmallIntegerField(
        _("決定可以復原的時間"), null=True, help_text=_("通知信也等這麼久才寄出；沒有設定，就是系統預設的時間。")
    )

    class Meta:
        verbose_name = _("審核規則")
        verbose_name_plural = _("審核規則")
        constraints = [
            models.CheckConstraint(
                condition=Q(undo_minutes__isnull=True) | Q(undo_minutes__gte=1, undo_minutes__lte=MOST_UNDO_MINUTES),
                name="undo_window_within_bounds",
            )
        ]

    def __str__(self):
        return str(self.school)

    @property
    def undo_window(self):
        """Minutes for which a decision can be taken back, and its mail waits."""
        return self.undo_minutes or settings.DECISION_UNDO_MINUTES

    @classmethod
    def of(cls, school):
        """Asked of the school once, and not at all where it was read with its rules."""
        return getattr(school, "review_rules", None) or cls(school=school)


class Escalation(models.Model):
    """轉請註冊組審核: an application that the homeroom teacher does not decide."""

    class Why(models.TextChoices):
        GUARDIANSHIP = "guardianship", _("監護關係，導師已看過")
        OWN_FAMILY = "own_family", _("導師的子女或親屬")
        CHECKED = "checked", _("系統比對後，請由註冊組審核")
        OTHER = "other", _("其他")

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="escalation", verbose_name=_("申請")
    )
    why = models.CharField(_("原因"), max_length=12, choices=Why.choices)
    note = models.CharField(_("說明"), max_length=200, blank=True)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("交出者")
    )
    at = models.DateTimeField(_("時間"), default=timezone.now)

    class Meta:
        verbose_name = _("轉請註冊組審核的申請")
        verbose_name_plural = _("轉請註冊組審核的申請")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(why="other") | ~Q(note=""), name="other_escalation_says_why")
        ]

    def __str__(self):
        return f"{self.application} {self.get_why_display()}"


class StudentNote(models.Model):
    """What staff write down of a family for each other; families never see it."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="staff_notes", verbose_name=_("學生"))
    text = models.CharField(_("備註"), max_length=200)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("登記者"))
    at = models.DateTimeField(_("時間"), default=timezone.now)

    class Meta:
        verbose_name = _("學生備註")
        verbose_name_plural = _("學生備註")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self):
        return str(self.student)


class CityCount(models.Model):
    """One row: what the families of every school did, counted together at `counted_at`; see `review.census.kept`.

    `figures`: {key of the school, as text: what `Tally.as_figures` says of it}
    """

    ONLY = 1

    counted_at = models.DateTimeField(_("統計時間"), null=True)
    figures = models.JSONField(_("各校數字"), default=dict)

    class Meta:
        verbose_name = _("全市統計")
        verbose_name_plural = _("全市統計")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_count_of_the_city")]

    def __str__(self):
        return str(self.counted_at)


class DayCount(models.Model):
    """How a school stood on a day, kept in its first hours; see `review.census.daily`.

    `classes`: {key of a class, as text: [families, answered]}
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", verbose_name=_("學校"))
    on = models.DateField(_("日期"))
    families = models.PositiveIntegerField(_("家庭"))
    answered = models.PositiveIntegerField(_("已回覆意願"))
    papers = models.PositiveIntegerField(_("已收申請書"))
    bound = models.PositiveIntegerField(_("已綁定"))
    bills = models.PositiveIntegerField(_("繳費單"), default=0)
    paid = models.PositiveIntegerField(_("已繳清"), default=0)
    classes = models.JSONField(_("各班數字"), default=dict)

    class Meta:
        verbose_name = _("每日統計")
        verbose_name_plural = _("每日統計")
        indexes = [models.Index(fields=["on"], name="counts_of_a_day")]
        constraints = [models.UniqueConstraint(fields=["school", "on"], name="counted_once_a_day")]

    def __str__(self):
        return f"{self.school} {self.on}"
