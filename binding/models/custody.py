"""The flag that hides one parent's data from the other."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.document import HasDocument
from binding.models.registrar import OfRegistrarQuerySet
from core.states import HasStates
from registry.models import Student


class CustodyRestrictionQuerySet(OfRegistrarQuerySet):
    def in_force(self):
        """On, begun and not past: the dates decide, whether or not the end was recorded."""
        today = timezone.localdate()
        lasts = Q(until__isnull=True) | Q(until__gte=today)
        return self.filter(lasts, state=CustodyRestriction.State.ON, starts_on__lte=today)

    def past(self):
        return self.filter(state=CustodyRestriction.State.ON, until__lt=timezone.localdate())


class CustodyRestriction(HasStates, HasDocument):
    """監護限制 of a student, set by the registrar on a paper; `binding.visibility` says what it hides."""

    class State(models.TextChoices):
        ON = "on", _("限制中")
        EXPIRED = "expired", _("期間屆滿")
        LIFTED = "lifted", _("已解除")

    MOVES: dict[str, set] = {State.ON: {State.EXPIRED, State.LIFTED}}

    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="custody_restrictions", verbose_name=_("學生")
    )
    document_on = models.DateField(_("文件日期"))
    starts_on = models.DateField(_("開始日"))
    until = models.DateField(_("期間至"), null=True, blank=True, help_text=_("含當日；不填就是沒有期限。"))
    note = models.CharField(_("說明"), max_length=200, blank=True)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.ON)
    set_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("登錄者"))
    set_at = models.DateTimeField(_("登錄時間"), default=timezone.now)
    lift_reason = models.CharField(_("解除原因"), max_length=200, blank=True)

    objects = CustodyRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("監護限制")
        verbose_name_plural = _("監護限制")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(state="on"), name="one_custody_restriction_a_student"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts_on")),
                name="custody_restriction_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=(Q(state="lifted") & ~Q(lift_reason="")) | (~Q(state="lifted") & Q(lift_reason="")),
                name="custody_restriction_lifted_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.student} {self.get_state_display()}"

    @property
    def is_on(self):
        return self.state == self.State.ON and (self.until is None or self.until >= timezone.localdate())
