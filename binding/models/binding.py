"""The approved link of a parent's SSO account and a student."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SSOAccount
from binding.models.application import Applicant, InvalidMove, Relationship
from registry.models import Student


class BindingQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Binding.State.ACTIVE)


class Binding(models.Model):
    """親子綁定. It lasts until the child graduates, consent is withdrawn, or the registrar ends it."""

    class State(models.TextChoices):
        ACTIVE = "active", _("綁定中")
        ENDED = "ended", _("已終止")

    MOVES: dict[str, set] = {State.ACTIVE: {State.ENDED}}

    class EndReason(models.TextChoices):
        GRADUATED = "graduated", _("畢業")
        LEFT = "left", _("離開本市學校")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("家長撤回同意")
        COURT_ORDER = "court_order", _("法院裁定")
        REGISTRAR = "registrar", _("註冊組終止")

    account = models.ForeignKey(
        SSOAccount, on_delete=models.PROTECT, related_name="bindings", verbose_name=_("單一身分驗證帳號")
    )
    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="bindings", verbose_name=_("學生")
    )
    applicant = models.OneToOneField(
        Applicant, on_delete=models.PROTECT, related_name="binding", verbose_name=_("申請人")
    )
    relationship = models.CharField(_("親屬關係"), max_length=12, choices=Relationship.choices)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.ACTIVE)
    opened_account = models.BooleanField(_("帳號因此建立"), default=False)
    started_at = models.DateTimeField(_("綁定時間"), default=timezone.now)
    ended_at = models.DateTimeField(_("終止時間"), null=True, blank=True)
    end_reason = models.CharField(_("終止原因"), max_length=20, choices=EndReason.choices, blank=True)

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
        ]

    def __str__(self):
        return f"{self.account} – {self.student}"

    def end(self, reason):
        if self.State.ENDED not in self.MOVES.get(self.state, ()):
            raise InvalidMove(self.state, self.State.ENDED)
        self.state = self.State.ENDED
        self.ended_at = timezone.now()
        self.end_reason = reason
        self.save(update_fields=["state", "ended_at", "end_reason"])
