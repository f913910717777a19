"""Steps 2 and 3: an application with one or two applicants, each decided on its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.relationship import GUARDIANS, PARENTS
from core.states import HasStates, InvalidMove
from registry.models import SchoolClass, Student


class Review(models.TextChoices):
    """What is decided of each applicant."""

    PENDING = "pending", _("待審核")
    APPROVED = "approved", _("已通過")
    RETURNED = "returned", _("退回修正")
    REJECTED = "rejected", _("未通過")
    WITHDRAWN = "withdrawn", _("已撤回")


class ApplicationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=[Application.Status.DRAFT, Application.Status.SUBMITTED])

    def sent(self):
        return self.filter(status__in=[Application.Status.SUBMITTED, Application.Status.DECIDED])

    def of_reviewer(self, user, on=None):
        """Those that families of the user's classes sent."""
        return self.sent().filter(student__school_class__in=SchoolClass.objects.of_reviewer(user, on))

    def withdrawn_from(self, user):
        """Those that families of the user's classes took back, perhaps while a reviewer had them open."""
        withdrawn = self.filter(status=Application.Status.WITHDRAWN, submitted_at__isnull=False)
        return withdrawn.filter(student__school_class__in=SchoolClass.objects.of_reviewer(user))

    def latest_of(self, student):
        """The application that the family's pages speak of: the last one that was not withdrawn."""
        return self.latest_first(student).prefetch_related("applicants").first()

    def latest_first(self, student):
        """Those of `student`, or its key, that were not withdrawn."""
        return self.filter(student=student).exclude(status=Application.Status.WITHDRAWN).order_by("-pk")


class Application(HasStates):
    """What a family sends for one student."""

    class Kind(models.TextChoices):
        ONE_PARENT = "one_parent", _("雙親為監護人，一位申辦")
        TWO_PARENTS = "two_parents", _("雙親為監護人，二位申辦")
        GUARDIAN = "guardian", _("其他關係者擔任監護人")

    class Status(models.TextChoices):
        DRAFT = "draft", _("未送出")
        SUBMITTED = "submitted", _("待審核")
        DECIDED = "decided", _("審核完成")
        WITHDRAWN = "withdrawn", _("已撤回")

    STATE_FIELD = "status"
    MOVES: dict[str, set] = {
        Status.DRAFT: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.SUBMITTED: {Status.DECIDED, Status.WITHDRAWN},
        Status.DECIDED: {Status.SUBMITTED},  # a decision taken back
    }
    RELATIONSHIPS = {Kind.ONE_PARENT: PARENTS, Kind.TWO_PARENTS: PARENTS, Kind.GUARDIAN: GUARDIANS}

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="applications", verbose_name=_("學生"))
    kind = models.CharField(_("申辦方式"), max_length=12, choices=Kind.choices)
    status = models.CharField(_("狀態"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    revision = models.PositiveIntegerField(
        _("版次"), default=1, help_text=_("送出後每次修改加一；審核時的版次不符，審核就要重看。")
    )
    language = models.CharField(
        _("語言"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("送出申請時頁面的語言，通知信用同一種語言。"),
    )
    started_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("填寫者"))
    started_at = models.DateTimeField(_("開始時間"), default=timezone.now)
    checked_at = models.DateTimeField(_("確認送出時間"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("送出時間"), null=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("親子帳號申請")
        verbose_name_plural = _("親子帳號申請")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(status__in=["draft", "submitted"]),
                name="one_open_application_a_student",
                violation_error_message=_("這位學生已有一份進行中的申請。"),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "decided"]) | Q(submitted_at__isnull=False),
                name="sent_application_has_time",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(checked_at__isnull=False),
                name="application_checked_before_sent",
            ),
        ]

    def __str__(self):
        return f"{self.student} {self.get_status_display()}"

    @property
    def positions(self):
        """The places of its applicants: 1, or 1 and 2."""
        return [1, 2] if self.kind == self.Kind.TWO_PARENTS else [1]

    @property
    def relationships(self):
        return self.RELATIONSHIPS[self.Kind(self.kind)]

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_submitted(self):
        return self.status == self.Status.SUBMITTED

    @property
    def is_open(self):
        return self.is_draft or self.is_submitted

    @property
    def needs_evidence(self):
        return self.kind == self.Kind.GUARDIAN

    @property
    def takes_evidence(self):
        """Whether files may be added and removed: in a draft, and once sent while somebody undecided may mend them."""
        if not self.is_submitted:
            return self.is_draft
        return any(one.is_undecided and "evidence" in one.open_fields for one in self.applicants.all())

    def applicant_at(self, position):
        return next((one for one in self.applicants.all() if one.position == position), None)

    def missing_parts(self):
        """Positions of applicants not complete yet, and "evidence" where a guardian has shown none."""
        complete = {one.position for one in self.applicants.all() if one.is_complete}
        missing = [position for position in self.positions if position not in complete]
        if self.needs_evidence and not self.evidence.all():
            missing.append("evidence")
        return missing

    def close_if_decided(self):
        """Close the application when nobody in it waits any longer."""
        states = {one.review for one in self.applicants.all()}
        if states & {Review.PENDING, Review.RETURNED}:
            return
        self.move_to(self._state_after(states))

    @property
    def state_when_withdrawn(self):
        """Of an open one whose undecided applicants were withdrawn: who is bound already leaves it decided."""
        if self.is_draft:
            return self.Status.WITHDRAWN
        return self._state_after({one.review for one in self.applicants.all()})

    def _state_after(self, states):
        return self.Status.WITHDRAWN if states == {Review.WITHDRAWN} else self.Status.DECIDED

    def reopen(self):
        """Wait for a decision again. Raises InvalidMove where the family has begun another application."""
        if self.is_submitted:
            return
        if Application.objects.open().filter(student=self.student_id).exists():
            raise InvalidMove(self.status, self.Status.SUBMITTED)
        self.move_to(self.Status.SUBMITTED)
