"""Who applies: one or two people an application, each decided on its own."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.application import Application, Review
from binding.models.relationship import Relationship
from core import identity, names
from core.languages import bracketed
from core.models import EmailAddressField, NameField
from core.states import HasStates
from notifications.mails import Reader
from registry.models import HasIdentityNumber


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

    DECISION = ("review", "reason", "decided_by", "decided_at", "undo_until", "is_automatic")

    Review = Review

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
    typed_in = models.JSONField(
        _("填寫時的登入"), default=dict, editable=False, help_text=_("哪一項在哪一次登入填寫；登入結束就沒有用了。")
    )
    is_complete = models.BooleanField(_("已填妥"), default=False)
    review = models.CharField(_("導師審核"), max_length=10, choices=Review.choices, default=Review.PENDING)
    reason = models.CharField(_("說明"), max_length=300, blank=True)
    returned_fields = models.JSONField(_("退回的項目"), default=list, help_text=_("只有這些可以修改；空白就是全部。"))
    returned_values = models.JSONField(_("退回時的資料"), default=dict)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("審核者")
    )
    decided_at = models.DateTimeField(_("審核時間"), null=True)
    undo_until = models.DateTimeField(_("可復原到"), null=True)  # when the mail of the decision goes out
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
        return self.masked_name + bracketed(self.get_relationship_display())

    @property
    def reader(self):
        """The applicant, as the reader of a mail, in the language in which the application was sent."""
        return Reader(self.email, self.application.language, is_proved=self.has_proved_email)

    @property
    def has_proved_email(self):
        """Whether the reader of the mailbox said that it is the applicant's; one query, none after `with_address_state`."""
        if hasattr(self, "address_state"):
            return self.address_state == "confirmed"
        return self.address_proofs.filter(email=self.email, state="confirmed").exists()

    @property
    def masked_name(self):
        return names.mask(self.name)

    def was_typed_in(self, login, field):
        """Whether `field` was typed in the log-in with this mark (`accounts.sessions.mark_of`), and is not sent yet."""
        return bool(login) and self.application.is_draft and self.typed_in.get(field) == login

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

    def hand_back(self, fields, *, by, reason, hold):
        """Return to the family, remembering what stood there, for the reviewer to compare with later."""
        returned = [field for field in self.FIELDS if field in fields]
        kept = {"returned_fields": returned, "returned_values": self.values_to_compare()}
        self.decide(self.Review.RETURNED, by=by, reason=reason, hold=hold, **kept)

    def values_to_compare(self):
        """What a reviewer sees of the applicant; the ID number as far as it is shown."""
        return {
            "name": self.name,
            "relationship": self.relationship,
            "identity_number": identity.mask(self.identity_number, head=2, tail=4),
            "mobile": self.mobile,
            "email": self.email,
        }

    def decide(self, review, *, by, reason="", hold=timedelta(0), **fields):
        """Going back to PENDING forgets the former decision, the event log keeps it.

        `hold`: how long its mail waits, and so long it can be taken back, whatever the school says of later ones.
        """
        self.set_decision(review, by=by, reason=reason, hold=hold, **fields)
        self.save(update_fields=[*self.DECISION, *fields])

    def set_decision(self, review, *, by=None, reason="", hold=timedelta(0), **fields):
        """As `decide`, and saves nothing: `DECISION` are the fields to write."""
        decided = review not in (self.Review.PENDING, self.Review.WITHDRAWN)
        now = timezone.now()
        self.set_state(
            review,
            reason=reason,
            decided_by=by if decided else None,
            decided_at=now if decided else None,
            undo_until=now + hold if decided else None,
            is_automatic=decided and by is None,
            **fields,
        )
