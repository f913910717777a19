"""繳費批次: bills that a cashier makes, issues and closes together."""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.states import HasStates
from registry.models import School

STANDS_STILL = timedelta(minutes=1)


class Semester(models.IntegerChoices):
    """Semester 1 runs from August to January."""

    FIRST = 1, _("第 1 學期")
    SECOND = 2, _("第 2 學期")


class BatchQuerySet(models.QuerySet):
    def for_desk(self, school):
        """What a cashier of `school` may open, with the names that its page shows."""
        return self.filter(school=school).select_related("school", "made_by", "issued_by", "taken_back_by")

    def issued(self):
        """Those that were issued and not taken back; families may not have them yet."""
        return self.filter(issued_at__isnull=False).exclude(state=BillBatch.State.ISSUING)

    def to_release(self, now):
        """Those whose wait is over, and those that a worker left half released."""
        waited = Q(state=BillBatch.State.WAITING, wait_until__lte=now)
        return self.filter(waited | Q(state=BillBatch.State.RELEASING))


class BillBatch(HasStates):
    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ISSUING = "issuing", _("發出中")
        WAITING = "waiting", _("等待通知家長")
        RELEASING = "releasing", _("通知家長中")
        ISSUED = "issued", _("已發出")
        CLOSED = "closed", _("已結束")

    # To DRAFT: taken back before any family knew. A draft that was taken back is closed, not deleted: its codes may
    # be on paper already.
    MOVES: dict[str, set] = {
        State.DRAFT: {State.ISSUING, State.CLOSED},
        State.ISSUING: {State.WAITING, State.DRAFT},
        State.WAITING: {State.RELEASING, State.DRAFT},
        State.RELEASING: {State.ISSUED},
        State.ISSUED: {State.CLOSED},
    }
    # Its bills have codes and may be printed.
    PRINTABLE = (State.WAITING, State.RELEASING, State.ISSUED)

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="bill_batches", verbose_name=_("學校"))
    school_year = models.PositiveSmallIntegerField(
        _("學年度"), validators=[MinValueValidator(90), MaxValueValidator(200)], help_text=_("民國年，例如 115。")
    )
    semester = models.PositiveSmallIntegerField(_("學期"), choices=Semester.choices)
    title = models.CharField(_("名稱"), max_length=60, help_text=_("家長看到的名稱，例如「學雜費」。"))
    translations = models.JSONField(_("其他語言的名稱"), default=dict, blank=True)  # see billing.bills.words
    due_on = models.DateField(_("繳費期限"))
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("建立者")
    )
    made_at = models.DateTimeField(_("建立時間"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("發出者")
    )
    issued_at = models.DateTimeField(_("發出時間"), null=True)
    wait_until = models.DateTimeField(_("通知家長的時間"), null=True)
    moved_at = models.DateTimeField(_("上次有進度的時間"), null=True)
    # Lessons of the semester: how much goes back to who leaves depends on how much of it is over.
    term_from = models.DateField(_("學期開始上課日"), null=True)
    term_to = models.DateField(_("學期結束日"), null=True)
    reminders_stopped_at = models.DateTimeField(_("停止提醒的時間"), null=True)
    reminders_stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("停止提醒者")
    )
    # The last time a cashier asked for reminders of what is open: the worker sends them.
    remind_from = models.DateTimeField(_("提醒開始的時間"), null=True)
    remind_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("提醒者")
    )
    remind_all = models.PositiveIntegerField(_("要提醒的張數"), default=0)
    remind_done = models.PositiveIntegerField(_("已提醒的張數"), default=0)
    remind_mails = models.PositiveIntegerField(_("寄出的提醒"), default=0)
    remind_ended_at = models.DateTimeField(_("提醒完成的時間"), null=True)
    taken_back_at = models.DateTimeField(_("收回時間"), null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("收回者")
    )
    closed_at = models.DateTimeField(_("結束時間"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("結束者")
    )
    close_reason = models.CharField(_("結束原因"), max_length=200, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("繳費批次")
        verbose_name_plural = _("繳費批次")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["school", "school_year", "semester"], name="batches_of_a_semester"),
            models.Index(
                fields=["wait_until"], condition=Q(state__in=["waiting", "releasing"]), name="batches_to_release"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_by__isnull=False), name="issued_batch_names_who"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="closed_batch_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "releasing"]) | Q(wait_until__isnull=False),
                name="waiting_batch_has_time",
            ),
            models.CheckConstraint(
                condition=Q(term_from__isnull=True, term_to__isnull=True) | Q(term_from__lt=F("term_to")),
                name="term_of_a_batch_has_two_ends",
                violation_error_message=_("學期結束日要在開始上課日之後。"),
            ),
            models.CheckConstraint(
                condition=Q(reminders_stopped_at__isnull=False, reminders_stopped_by__isnull=False)
                | Q(reminders_stopped_at__isnull=True, reminders_stopped_by__isnull=True),
                name="reminders_stopped_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(remind_from__isnull=False, remind_by__isnull=False)
                | Q(remind_from__isnull=True, remind_by__isnull=True, remind_ended_at__isnull=True),
                name="reminded_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=False, taken_back_by__isnull=False)
                | Q(taken_back_at__isnull=True, taken_back_by__isnull=True),
                name="taken_back_by_somebody_at_some_time",
            ),
        ]

    def __str__(self):
        return f"{self.school_year}-{self.semester} {self.title}"

    @property
    def can_be_taken_back(self):
        """Until the families hear of it."""
        if self.state == self.State.ISSUING:
            return True
        return self.state == self.State.WAITING and bool(self.wait_until and self.wait_until > timezone.now())

    def note_progress(self):
        """The worker did a part of it just now."""
        self.moved_at = timezone.now()
        self.save(update_fields=["moved_at"])

    @property
    def is_at_work(self):
        """The worker has something left to do of it."""
        return self.state in (self.State.ISSUING, self.State.RELEASING)

    @property
    def is_reminding(self):
        """The worker has reminders left to send that a cashier asked for."""
        return self.remind_from is not None and self.remind_ended_at is None

    @property
    def stands_still(self):
        """Nothing has moved for a minute: the worker was stopped, somebody may start it again."""
        since = max((one for one in (self.moved_at, self.closed_at, self.issued_at) if one), default=None)
        return since is not None and timezone.now() - since > STANDS_STILL

    @property
    def minutes_to_wait(self):
        """Whole minutes until families hear of it, counted up; 0 when they hear now."""
        left = (self.wait_until - timezone.now()).total_seconds() if self.wait_until else 0
        return max(0, ceil(left / 60))
