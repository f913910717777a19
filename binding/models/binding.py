"""The approved link of a parent's SSO account and a student."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.languages import language_of
from accounts.models import SSOAccount
from binding.models.applicant import Applicant
from binding.models.registrar import OfRegistrarQuerySet
from binding.models.relationship import Relationship
from core.states import HasStates
from notifications.mails import Reader
from registry.models import Student


class BindingQuerySet(OfRegistrarQuerySet):
    def standing(self):
        """Not ended yet: active ones, those that begin later, and those whose last day nobody recorded as past."""
        return self.filter(state=Binding.State.ACTIVE)

    def active(self, on=None):
        """What counts `on` that day, or today. A binding whose last day is past is never active, recorded or not."""
        today = on or timezone.localdate()
        begun = Q(first_day__isnull=True) | Q(first_day__lte=today)
        lasts = Q(last_day__isnull=True) | Q(last_day__gte=today)
        return self.standing().filter(begun, lasts)

    def lapsed(self):
        """Standing, but its last day is past."""
        return self.standing().filter(last_day__lt=timezone.localdate())

    def with_language(self):
        """With all that `language` looks at, so that a list of any length asks for nothing more."""
        others = Binding.objects.filter(account=OuterRef("account"), applicant__isnull=False).order_by("-pk")
        last = Subquery(others.values("applicant__application__language")[:1])
        known = Coalesce("applicant__application__language", last)
        return self.select_related("account__user").annotate(application_language=known)

    def readers(self):
        """[Reader] of mails to the people, in the order of their bindings."""
        return [one.reader for one in self.with_language().order_by("pk")]

    def lasting(self):
        """Active today or later: what can still be ended by somebody."""
        return self.standing().filter(Q(last_day__isnull=True) | Q(last_day__gte=timezone.localdate()))

    def ended(self, on=None):
        """Ended, or with a last day that is past `on` that day, or today, recorded or not."""
        past = Q(state=Binding.State.ACTIVE, last_day__lt=on or timezone.localdate())
        return self.filter(Q(state=Binding.State.ENDED) | past)

    def cut_off(self):
        """Over because a court or the school said so: who was bound is told nothing of the child any longer."""
        by_court = Q(kind=Binding.Kind.APPLIED, state=Binding.State.ACTIVE, last_day__lt=timezone.localdate())
        return self.filter(Q(end_reason__in=Binding.CUT_OFF) | by_court)

    def with_people(self):
        """With all that a mail to the person bound needs."""
        return self.select_related(
            "account__user", "student__school", "student__school_class", "applicant__application"
        )

    def to_end(self):
        """Lock what is about to be ended, with all that the mails need; always in the order of the people."""
        return self.select_for_update(of=("self",)).with_people().order_by("account__user_id", "pk")


class Binding(HasStates):
    """親子綁定. It lasts until the child graduates, consent is withdrawn, somebody ends it, or its last day."""

    class Kind(models.TextChoices):
        APPLIED = "applied", _("家長申請")
        DELEGATED = "delegated", _("委託照顧")

    class State(models.TextChoices):
        ACTIVE = "active", _("綁定中")
        ENDED = "ended", _("已終止")

    MOVES: dict[str, set] = {State.ACTIVE: {State.ENDED}}

    class EndReason(models.TextChoices):
        GRADUATED = "graduated", _("畢業")
        LEFT = "left", _("離開本市學校")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("家長撤回同意")
        COURT_ORDER = "court_order", _("法院裁定")
        PARENT = "parent", _("本人自行解除")
        ASKED = "asked", _("家長以書面申請解除")
        MISTAKE = "mistake", _("綁定有誤")
        NOT_GUARDIAN = "not_guardian", _("已不是這位學生的監護人或照顧者")
        REGISTRAR = "registrar", _("註冊組終止")
        DELEGATION_EXPIRED = "delegation_expired", _("委託期間屆滿")
        DELEGATION_ENDED = "delegation_ended", _("委託提前結束")

    # What the registrar may pick; the others follow from what happened.
    REGISTRARS_REASONS = (
        EndReason.ASKED,
        EndReason.NOT_GUARDIAN,
        EndReason.MISTAKE,
        EndReason.DELEGATION_ENDED,
        EndReason.REGISTRAR,
    )
    END = ("state", "ended_at", "end_reason", "end_note")
    CUT_OFF = (*REGISTRARS_REASONS, EndReason.COURT_ORDER)

    account = models.ForeignKey(
        SSOAccount, on_delete=models.PROTECT, related_name="bindings", verbose_name=_("單一身分驗證帳號")
    )
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="bindings", verbose_name=_("學生"))
    kind = models.CharField(_("種類"), max_length=10, choices=Kind.choices, default=Kind.APPLIED)
    applicant = models.OneToOneField(
        Applicant, on_delete=models.PROTECT, null=True, related_name="binding", verbose_name=_("申請人")
    )
    relationship = models.CharField(_("親屬關係"), max_length=12, choices=Relationship.choices)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.ACTIVE)
    opened_account = models.BooleanField(_("帳號因此建立"), default=False)
    started_at = models.DateTimeField(_("綁定時間"), default=timezone.now)
    first_day = models.DateField(_("第一天"), null=True, blank=True)
    last_day = models.DateField(_("最後一天"), null=True, blank=True, help_text=_("含當日；不填就是沒有期限。"))
    ended_at = models.DateTimeField(_("終止時間"), null=True, blank=True)
    end_reason = models.CharField(_("終止原因"), max_length=20, choices=EndReason.choices, blank=True)
    end_note = models.CharField(_("終止說明"), max_length=200, blank=True)

    objects = BindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("綁定")
        verbose_name_plural = _("綁定")
        ordering = ["student", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "student"],
                condition=Q(state="active"),
                name="bound_once_to_a_student",
                violation_error_message=_("這位家長已經綁定這位學生。"),
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at__isnull=True, end_reason="")
                | (Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="")),
                name="ended_with_time_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind="applied", applicant__isnull=False)
                | Q(kind="delegated", applicant__isnull=True, last_day__isnull=False),
                name="binding_from_application_or_mandate",
            ),
        ]
        indexes = [models.Index(fields=["last_day"], condition=Q(state="active"), name="bindings_with_a_last_day")]

    def __str__(self):
        return f"{self.account} – {self.student}"

    @property
    def is_active(self):
        """As `active()` says of many."""
        today = timezone.localdate()
        begun = self.first_day is None or self.first_day <= today
        return self.is_standing and begun and (self.last_day is None or self.last_day >= today)

    @property
    def is_lapsed(self):
        return self.is_standing and self.last_day is not None and self.last_day < timezone.localdate()

    @property
    def is_standing(self):
        return self.state == self.State.ACTIVE

    @property
    def is_lasting(self):
        """As `lasting()` says of many."""
        return self.is_standing and not self.is_lapsed

    @property
    def is_cut_off(self):
        """As `cut_off()` says of many."""
        return self.end_reason in self.CUT_OFF or self.is_lapsed and not self.is_delegated

    @property
    def ended_on(self):
        """The last day it counted, or the day it was ended; None while it lasts."""
        if self.is_lasting:
            return None
        ended = timezone.localdate(self.ended_at) if self.ended_at else self.last_day
        return min(ended, self.last_day) if ended and self.last_day else ended

    @property
    def can_return(self):
        """Whether the person may be bound again by a new application, as far as the end itself says."""
        gone = (self.EndReason.GRADUATED, self.EndReason.LEFT, self.EndReason.COURT_ORDER)
        reason = self.reason_of_last_day if self.is_lapsed else self.end_reason
        return not self.is_lasting and not self.is_delegated and reason not in gone

    @property
    def reason_of_last_day(self):
        """Why it ends when its last day is past: the mandate is over, or a court's order came into force."""
        mandate = self.delegations.in_force().first()
        if mandate and mandate.ends_on == self.last_day:
            return self.EndReason.DELEGATION_EXPIRED
        return self.EndReason.COURT_ORDER

    @property
    def is_delegated(self):
        return self.kind == self.Kind.DELEGATED

    @property
    def language(self):
        """The language that the person is written to in: `accounts.languages`, without asking for what is here."""
        user = self.account.user
        if hasattr(self, "application_language"):  # see with_language
            return user.language or self.application_language or settings.LANGUAGE_CODE
        if self.applicant:
            return user.language or self.applicant.application.language
        return language_of(user)

    @property
    def reader(self):
        """The person bound, as the reader of a mail."""
        is_proved = self.account.email_proved_at is not None
        return Reader(self.account.user.email, self.language, is_proved=is_proved)

    def set_end(self, reason, note=""):
        """End it, and save nothing: `END` are the fields to write. Raises InvalidMove."""
        self.set_state(self.State.ENDED, ended_at=timezone.now(), end_reason=reason, end_note=note)
