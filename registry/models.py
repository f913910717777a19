"""Schools, classes and students: what the rosters say."""

import uuid

from django.core.files.base import ContentFile
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry import crypto, identity
from registry.school_year import school_year_on


class HasIdentityNumber(models.Model):
    """A person's ID number: encrypted at rest, found by a keyed fingerprint, shown masked."""

    identity_cipher = models.TextField(_("身分證統一編號（加密）"), editable=False)
    identity_fingerprint = models.CharField(
        _("身分證統一編號（指紋）"), max_length=64, editable=False, db_index=True
    )

    class Meta:
        abstract = True

    @property
    def identity_number(self):
        """The number in full. Whoever shows it to a person records an audit event."""
        return crypto.decrypt(self.identity_cipher)

    @identity_number.setter
    def identity_number(self, number):
        number = identity.normalize(number)
        fingerprint = crypto.fingerprint(number)
        if fingerprint != self.identity_fingerprint:
            self.identity_cipher = crypto.encrypt(number)
            self.identity_fingerprint = fingerprint

    @property
    def masked_identity(self):
        return identity.mask(self.identity_number)


class SchoolQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class School(models.Model):
    """A school that takes part, with the people whom a family can call."""

    slug = models.SlugField(
        _("網址代碼"),
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9-]+$", _("請用小寫英文字母開頭，只含英數字與連字號。")),
            RegexValidator(
                r"^(admin|billing|captcha|city|health|i18n|logout|mail|o|second-factor|sso|static)$",
                _("這個代碼是系統保留的網址，請換一個。"),
                inverse_match=True,
            ),
        ],
    )
    code = models.CharField(_("學校代碼"), max_length=10, unique=True)
    name = models.CharField(_("校名"), max_length=60)
    short_name = models.CharField(_("簡稱"), max_length=12)
    helpdesk_contact = models.CharField(_("帳號登入問題"), max_length=80, help_text=_("單位、電話與分機"))
    registrar_contact = models.CharField(_("學生資料問題"), max_length=80)
    cashier_contact = models.CharField(_("繳費問題"), max_length=80)
    notice = models.TextField(_("給家長的公告"), blank=True)
    binding_deadline = models.DateField(_("綁定截止日"), null=True, blank=True)
    is_active = models.BooleanField(_("參加中"), default=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("學校")
        verbose_name_plural = _("學校")
        ordering = ["code"]

    def __str__(self):
        return self.name


class SchoolClassQuerySet(models.QuerySet):
    def current(self):
        return self.filter(school_year=school_year_on(timezone.localdate()))

    def taught_by(self, user):
        """Classes whose homeroom teacher is `user`, this school year and at this moment."""
        return self.current().filter(school=user.school_id, homeroom_account__iexact=user.account)


class SchoolClass(models.Model):
    """A class of one school year; its homeroom teacher is the staff account the roster names."""

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="classes", verbose_name=_("學校")
    )
    school_year = models.PositiveSmallIntegerField(_("學年度"), help_text=_("民國年，例如 115"))
    name = models.CharField(_("班級"), max_length=10)
    homeroom_account = models.CharField(_("導師帳號"), max_length=40, blank=True)
    homeroom_name = models.CharField(_("導師姓名"), max_length=60, blank=True)
    homeroom_contact = models.CharField(_("導師聯絡方式"), max_length=80, blank=True)

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("班級")
        verbose_name_plural = _("班級")
        ordering = ["school", "-school_year", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "name"],
                name="class_once_a_year",
                violation_error_message=_("這個學年度已有同名的班級。"),
            ),
        ]

    def __str__(self):
        return self.name


class StudentQuerySet(models.QuerySet):
    def enrolled(self):
        return self.filter(status=Student.Status.ENROLLED)

    def in_seating_order(self):
        return self.order_by("school_class__name", "seat_number")


class Student(HasIdentityNumber):
    """A student of a school, as the registrar's roster has it."""

    class Status(models.TextChoices):
        ENROLLED = "enrolled", _("在學")
        ON_LEAVE = "on_leave", _("休學")
        GRADUATED = "graduated", _("畢業")
        LEFT = "left", _("離校")

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="students", verbose_name=_("學校")
    )
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="students", verbose_name=_("班級")
    )
    seat_number = models.PositiveSmallIntegerField(
        _("座號"), validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    student_number = models.CharField(_("學號"), max_length=20)
    name = models.CharField(_("姓名"), max_length=60)
    birth_on = models.DateField(_("出生日期"))
    status = models.CharField(_("狀態"), max_length=12, choices=Status.choices, default=Status.ENROLLED)
    updated_at = models.DateTimeField(_("更新時間"), auto_now=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = _("學生")
        verbose_name_plural = _("學生")
        ordering = ["school", "student_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "student_number"],
                name="student_number_once_a_school",
                violation_error_message=_("這個學號已經有人使用。"),
            ),
            models.UniqueConstraint(
                fields=["identity_fingerprint"],
                name="student_once_a_city",
                violation_error_message=_("這個身分證統一編號已登錄在另一位學生名下。"),
            ),
            models.UniqueConstraint(
                fields=["school_class", "seat_number"],
                condition=Q(status="enrolled"),
                name="seat_once_a_class",
                violation_error_message=_("這個班級的座號已經有人使用。"),
            ),
        ]

    def __str__(self):
        return f"{self.school_class} {self.seat_number:02d} {self.masked_name}"

    @property
    def masked_name(self):
        return identity.mask_name(self.name)

    @property
    def portal_account(self):
        """The family's account of the portal: P and the student number."""
        return f"P{self.student_number}"


def stored_roster_name(roster_import, _name):
    """A name that tells nothing; the folder is private."""
    return f"rosters/{uuid.uuid4().hex}"


class RosterImport(models.Model):
    """A good roster that was uploaded: looked at first, then applied or left. Its file goes with the decision."""

    class State(models.TextChoices):
        CHECKED = "checked", _("待確認")
        APPLIED = "applied", _("已匯入")
        LEFT = "left", _("已放棄")

    MOVES: dict[str, set] = {State.CHECKED: {State.APPLIED, State.LEFT}}

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="roster_imports", verbose_name=_("學校")
    )
    name = models.CharField(_("檔名"), max_length=100)
    file = models.FileField(_("檔案"), upload_to=stored_roster_name, blank=True)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.CHECKED)
    counts = models.JSONField(_("人數"), default=dict)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name=_("上傳者"))
    uploaded_at = models.DateTimeField(_("上傳時間"), default=timezone.now)
    decided_at = models.DateTimeField(_("處理時間"), null=True)

    class Meta:
        verbose_name = _("名冊匯入")
        verbose_name_plural = _("名冊匯入")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="checked", decided_at__isnull=True)
                | (~Q(state="checked") & Q(decided_at__isnull=False)),
                name="roster_import_decided_with_time",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self):
        return self.state == self.State.CHECKED

    def keep(self, data):
        """Store the file's bytes encrypted."""
        self.file.save("", ContentFile(crypto.encrypt_bytes(data)), save=False)

    def read(self):
        with self.file.open("rb") as stored:
            return crypto.decrypt_bytes(stored.read())

    def decide(self, state):
        """Apply or leave; the file with its ID numbers is not needed any longer."""
        if state not in self.MOVES.get(self.state, ()):
            raise ValueError(f"a roster import does not move from {self.state} to {state}")
        self.state = state
        self.decided_at = timezone.now()
        file, name = self.file.storage, self.file.name
        self.file = ""
        self.save(update_fields=["state", "decided_at", "file", "counts"])
        transaction.on_commit(lambda: file.delete(name))


# At the bottom: a batch refers to the classes above.
from registry.paper_forms.batch import PaperFormBatch  # noqa: E402

__all__ = ["HasIdentityNumber", "PaperFormBatch", "RosterImport", "School", "SchoolClass", "Student"]
