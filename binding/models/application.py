"""Steps 2 and 3: an application with one or two applicants, each decided on its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import identity, names
from core.models import EmailAddressField, NameField
from core.states import HasStates, InvalidMove
from notifications.mails import Reader
from registry.models import HasIdentityNumber, SchoolClass, Student


class Relationship(models.TextChoices):
    FATHER = "father", _("父親")
    MOTHER = "mother", _("母親")
    GRANDFATHER = "grandfather", _("祖父／外祖父")
    GRANDMOTHER = "grandmother", _("祖母／外祖母")
    SIBLING = "sibling", _("成年兄弟姊妹")
    RELATIVE = "relative", _("伯叔姑舅姨等親屬")
    STEPPARENT = "stepparent", _("繼父／繼母")
    FOSTER = "foster", _("寄養家庭或機構")
    APPOINTED = "appointed", _("法院指定監護人")


PARENTS = [Relationship.FATHER, Relationship.MOTHER]
GUARDIANS = [relationship for relationship in Relationship if relationship not in PARENTS]


class ApplicationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=[Application.Status.DRAFT, Application.Status.SUBMITTED])

    def sent(self):
        return self.filter(status__in=[Application.Status.SUBMITTED, Application.Status.DECIDED])

    def of_reviewer(self, user):
        """Those that families of the user's classes sent."""
        return self.sent().filter(student__school_class__in=SchoolClass.objects.of_reviewer(user))

    def withdrawn_from(self, user):
        """Those that families of the user's classes took back, perhaps while a reviewer had them open."""
        withdrawn = self.filter(status=Application.Status.WITHDRAWN, submitted_at__isnull=False)
        return withdrawn.filter(student__school_class__in=SchoolClass.objects.of_reviewer(user))

    def latest_of(self, student):
        """The application that the family's pages speak of: the last one that was not withdrawn."""
        return (
            self.filter(student=student)
            .exclude(status=Application.Status.WITHDRAWN)
            .order_by("-pk")
            .prefetch_related("applicants")
            .first()
        )


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
        if states & {Applicant.Review.PENDING, Applicant.Review.RETURNED}:
            return
        withdrawn = states == {Applicant.Review.WITHDRAWN}
        self.move_to(self.Status.WITHDRAWN if withdrawn else self.Status.DECIDED)

    def reopen(self):
        """Wait for a decision again. Raises InvalidMove where the family has begun another application."""
        if self.is_submitted:
            return
        if Application.objects.open().filter(student=self.student_id).exists():
            raise InvalidMove(self.status, self.Status.SUBMITTED)
        self.move_to(self.Status.SUBMITTED)


class ApplicantQuerySet(models.QuerySet):
    def of_reviewer(self, user):
        """Whoever is in an application of `Application.objects.of_reviewer`."""
        return self.filter(application__in=Application.objects.of_reviewer(user))


class Applicant(HasStates, HasIdentityNumber):
    """A person who applies for an account, and the review of this person by the homeroom teacher."""

    # What a reviewer can hand back by itself.
    FIELDS = {
        "name": _("申請人姓名"),
        "relationship": _("親屬關係"),
        "identity_number": _("身分證統一編號"),
        "mobile": _("手機"),
        "email": _("電子郵件"),
        "evidence": _("證明文件"),
    }

    class Review(models.TextChoices):
        PENDING = "pending", _("待審核")
        APPROVED = "approved", _("已通過")
        RETURNED = "returned", _("退回修正")
        REJECTED = "rejected", _("未通過")
        WITHDRAWN = "withdrawn", _("已撤回")

    STATE_FIELD = "review"
    MOVES: dict[str, set] = {
        Review.PENDING: {Review.APPROVED, Review.RETURNED, Review.REJECTED, Review.WITHDRAWN},
        Review.RETURNED: {Review.PENDING, Review.WITHDRAWN},
        # A decision taken back while its mail waits.
        Review.APPROVED: {Review.PENDING},
        Review.REJECTED: {Review.PENDING},
    }

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="applicants", verbose_name=_("申請")
    )
    position = models.PositiveSmallIntegerField(_("順序"))
    name = NameField(_("申請人姓名"), max_length=60, blank=True)
    relationship = models.CharField(_("親屬關係"), max_length=12, choices=Relationship.choices, blank=True)
    mobile = models.CharField(_("手機"), max_length=20, blank=True)
    email = EmailAddressField(_("電子郵件"), blank=True)
    is_complete = models.BooleanField(_("已填妥"), default=False)
    review = models.CharField(_("導師審核"), max_length=10, choices=Review.choices, default=Review.PENDING)
    reason = models.CharField(_("說明"), max_length=300, blank=True)
    returned_fields = models.JSONField(_("退回的項目"), default=list, help_text=_("只有這些可以修改；空白就是全部。"))
    returned_values = models.JSONField(_("退回時的資料"), default=dict)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("審核者")
    )
    decided_at = models.DateTimeField(_("審核時間"), null=True)
    is_automatic = models.BooleanField(_("自動核可"), default=False)
    needs_person = models.BooleanField(_("由人審核"), default=False, help_text=_("決定曾被復原，不再自動核可。"))

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("申請人")
        verbose_name_plural = _("申請人")
        ordering = ["application", "position"]
        indexes = [models.Index(fields=["application"], condition=Q(review="pending"), name="pending_applicants")]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="applicant_place_once"),
            models.CheckConstraint(condition=Q(position__in=[1, 2]), name="applicant_first_or_second"),
            models.UniqueConstraint(
                fields=["application", "email"], condition=~Q(email=""), name="applicants_differ_in_email"
            ),
            models.UniqueConstraint(
                fields=["application", "identity_fingerprint"],
                condition=~Q(identity_fingerprint=""),
                name="applicants_differ_in_identity",
            ),
            models.CheckConstraint(
                condition=Q(review__in=["pending", "withdrawn"])
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                | Q(is_automatic=True, review="approved", decided_at__isnull=False),
                name="decision_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(review__in=["returned", "rejected"]) | ~Q(reason=""),
                name="no_without_a_reason",
                violation_error_message=_("退回或不通過都要寫明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.masked_name}（{self.get_relationship_display()}）"

    @property
    def reader(self):
        """The applicant, as the reader of a mail, in the language in which the application was sent."""
        return Reader(self.email, self.application.language)

    @property
    def masked_name(self):
        return names.mask(self.name)

    @property
    def is_undecided(self):
        return self.review in (self.Review.PENDING, self.Review.RETURNED)

    @property
    def open_fields(self):
        """Fields that the family may change now: those that were handed back, else all."""
        if self.review == self.Review.RETURNED and self.returned_fields:
            return self.returned_fields
        return list(self.FIELDS)

    @property
    def returned_names(self):
        return [str(self.FIELDS[field]) for field in self.returned_fields if field in self.FIELDS]

    def hand_back(self, fields, *, by, reason):
        """Return to the family, remembering what stood there, for the reviewer to compare with later."""
        returned = [field for field in self.FIELDS if field in fields]
        kept = {"returned_fields": returned, "returned_values": self.values_to_compare()}
        self.decide(self.Review.RETURNED, by=by, reason=reason, **kept)

    def values_to_compare(self):
        """What a reviewer sees of the applicant; the ID number as far as it is shown."""
        return {
            "name": self.name,
            "relationship": self.relationship,
            "identity_number": identity.mask(self.identity_number, head=2, tail=4),
            "mobile": self.mobile,
            "email": self.email,
        }

    def decide(self, review, *, by, reason="", **fields):
        """Going back to PENDING forgets the former decision, the event log keeps it."""
        decided = review not in (self.Review.PENDING, self.Review.WITHDRAWN)
        self.move_to(
            review,
            reason=reason,
            decided_by=by if decided else None,
            decided_at=timezone.now() if decided else None,
            is_automatic=decided and by is None,
            **fields,
        )
