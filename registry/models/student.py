"""Students, and their guardians on record."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import names
from core.models import EmailAddressField, NameField, SearchedByName, SearchedByNameQuerySet
from core.states import HasStates
from registry.models.deadline import effective_deadline
from registry.models.person import HasIdentityNumber
from registry.models.school import School, SchoolClass


class StudentQuerySet(SearchedByNameQuerySet):
    def enrolled(self):
        return self.filter(status=Student.Status.ENROLLED)

    def present(self):
        """Students who belong to a school now, also on leave or on the way to another one."""
        return self.filter(status__in=Student.PRESENT)

    def of_this_year(self):
        """Enrolled, and in a class of the year that their school is in: whom a census counts."""
        return self.enrolled().filter(school_class__school_year=models.F("school__school_year"))

    def of_reviewer(self, user):
        """Students of the classes whose desk `user` may open."""
        return self.filter(school_class__in=SchoolClass.objects.of_reviewer(user))

    def without_number(self):
        """Whose ID number the school does not have yet: no initial password, so nobody can log in."""
        return self.filter(identity_fingerprint="")

    def in_seating_order(self):
        return self.order_by("school_class__sort_key", "school_class__name", "seat_number", "pk")

    def with_deadline(self):
        """Fetch along, as `deadline`, until when the family has time."""
        return self.annotate(deadline=effective_deadline())


class Student(HasStates, SearchedByName, HasIdentityNumber):
    """A student of a school, as the registrar's roster has it."""

    class Status(models.TextChoices):
        ENROLLED = "enrolled", _("在學")
        ON_LEAVE = "on_leave", _("休學")
        TRANSFERRING = "transferring", _("轉學中")
        GRADUATED = "graduated", _("畢業")
        LEFT = "left", _("離校")

    STATE_FIELD = "status"
    MOVES: dict[str, set] = {
        Status.ENROLLED: {Status.ON_LEAVE, Status.TRANSFERRING, Status.GRADUATED, Status.LEFT},
        Status.ON_LEAVE: {Status.ENROLLED, Status.TRANSFERRING, Status.GRADUATED, Status.LEFT},
        Status.TRANSFERRING: {Status.ENROLLED, Status.LEFT},
        Status.LEFT: {Status.ENROLLED},
        Status.GRADUATED: {Status.ENROLLED},
    }
    PRESENT = (Status.ENROLLED, Status.ON_LEAVE, Status.TRANSFERRING)
    # A student in one of these is a parent's child at school no longer: bindings end.
    ENDED = (Status.GRADUATED, Status.LEFT)

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="students", verbose_name=_("學校"))
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="students", verbose_name=_("班級")
    )
    seat_number = models.PositiveSmallIntegerField(_("座號"), validators=[MinValueValidator(1), MaxValueValidator(99)])
    student_number = models.CharField(_("學號"), max_length=20)
    name = NameField(_("姓名"), max_length=60)
    birth_on = models.DateField(_("出生日期"))
    # "" until the school has the number of a student from abroad.
    identity_cipher = models.TextField(_("身分證統一編號（加密）"), blank=True, default="", editable=False)
    identity_fingerprint = models.CharField(
        _("身分證統一編號（指紋）"), max_length=64, blank=True, default="", editable=False, db_index=True
    )
    status = models.CharField(_("狀態"), max_length=12, choices=Status.choices, default=Status.ENROLLED)
    transfer_to = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="arriving_students",
        verbose_name=_("轉往"),
    )
    added_by = models.ForeignKey(
        "RosterImport",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="added_students",
        verbose_name=_("新增於"),
    )
    missing_from = models.ForeignKey(
        "RosterImport",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="missing_students",
        verbose_name=_("不在名冊上"),
        help_text=_("最近匯入的名冊上沒有這位在學學生，等註冊組決定。"),
    )
    updated_at = models.DateTimeField(_("更新時間"), auto_now=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = _("學生")
        verbose_name_plural = _("學生")
        ordering = ["school", "student_number"]
        indexes = [
            models.Index(fields=["school", "status", "school_class", "seat_number"], name="students_of_a_school"),
            # The city's census reads it instead of the table, which is ten times as large.
            models.Index(
                fields=["id", "school", "school_class"], condition=Q(status="enrolled"), name="enrolled_students"
            ),
        ]
        # The code of each: the field of a form where its words stand (`registry.problems.refuse`).
        constraints = [
            models.UniqueConstraint(
                fields=["school", "student_number"],
                name="student_number_once_a_school",
                violation_error_message=_("這個學號已經有人使用。"),
                violation_error_code="student_number",
            ),
            models.UniqueConstraint(
                fields=["identity_fingerprint"],
                condition=Q(status__in=["enrolled", "on_leave", "transferring"]) & ~Q(identity_fingerprint=""),
                name="student_once_a_city",
                violation_error_message=_("這個身分證統一編號已登錄在另一位學生名下。"),
                violation_error_code="identity_number",
            ),
            models.UniqueConstraint(
                fields=["school_class", "seat_number"],
                condition=Q(status="enrolled"),
                name="seat_once_a_class",
                violation_error_message=_("這個班級的座號已經有人使用。"),
                violation_error_code="seat_number",
            ),
            models.CheckConstraint(
                condition=Q(status="transferring", transfer_to__isnull=False)
                | (~Q(status="transferring") & Q(transfer_to__isnull=True)),
                name="transferring_to_somewhere",
            ),
        ]

    def __str__(self):
        return f"{self.school_class} {self.seat_number:02d} {self.masked_name}"

    @property
    def masked_name(self):
        """The name as somebody may read it who is not known to be the family's, or who looks over a shoulder.

        The rule for the whole service: the family's account, whoever is bound to the child and the school's own staff
        at their desks read the full `name` on every page. Masked it stands in mails to a mailbox that nobody has proved
        yet (`notifications.mails.Reader`), on pages that a mailed link opens without a log-in, on lists for staff who
        need no names (helpdesk, the census of a school), in calendars that leave our pages, in logs and labels.
        """
        return names.mask(self.name)

    @property
    def portal_account(self):
        """The family's account of the portal: P and the student number."""
        return f"P{self.student_number}"


class Guardian(HasIdentityNumber):
    """A guardian whom the school has on record: applicants are compared with it, families never see it."""

    MAXIMUM = 3

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="guardians", verbose_name=_("學生"))
    position = models.PositiveSmallIntegerField(_("順序"))
    name = NameField(_("姓名"), max_length=60)
    relationship = models.CharField(_("關係"), max_length=20, blank=True)
    mobile = models.CharField(_("手機"), max_length=10, blank=True)
    email = EmailAddressField(_("電子郵件"), blank=True)
    updated_at = models.DateTimeField(_("更新時間"), default=timezone.now)

    class Meta:
        verbose_name = _("在籍監護人")
        verbose_name_plural = _("在籍監護人")
        ordering = ["student", "position"]
        constraints = [
            models.UniqueConstraint(fields=["student", "position"], name="guardian_place_once"),
            models.CheckConstraint(condition=Q(position__in=[1, 2, 3]), name="three_guardians_at_most"),
        ]

    def __str__(self):
        return names.mask(self.name)
