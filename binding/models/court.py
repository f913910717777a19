"""A court's order that somebody is not to be bound to a child."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SSOAccount
from binding.models.document import HasDocument
from binding.models.registrar import OfRegistrarQuerySet
from core.states import HasStates
from registry.models import Student


class CourtOrderQuerySet(OfRegistrarQuerySet):
    def standing(self, on=None):
        """In force `on` that day, or today, or to come: who is named can't be bound to the child meanwhile."""
        lasts = Q(until__isnull=True) | Q(until__gte=on or timezone.localdate())
        return self.filter(lasts, state__in=[CourtOrder.State.WAITING, CourtOrder.State.IN_FORCE])

    def against(self, *, student, fingerprint):
        """Standing orders about this child and the person with this fingerprint of an ID number."""
        return self.standing().filter(student=student, account__identity_fingerprint=fingerprint)

    def due(self):
        return self.filter(state=CourtOrder.State.WAITING, effective_on__lte=timezone.localdate())

    def past(self):
        return self.filter(
            state__in=[CourtOrder.State.WAITING, CourtOrder.State.IN_FORCE], until__lt=timezone.localdate()
        )


class CourtOrder(HasStates, HasDocument):
    """法院裁定: from `effective_on` to `until` (both counted) the person is not bound to the child."""

    class State(models.TextChoices):
        WAITING = "waiting", _("尚未生效")
        IN_FORCE = "in_force", _("生效中")
        EXPIRED = "expired", _("期間屆滿")
        LIFTED = "lifted", _("撤銷登錄")

    MOVES: dict[str, set] = {
        State.WAITING: {State.IN_FORCE, State.EXPIRED, State.LIFTED},
        State.IN_FORCE: {State.EXPIRED, State.LIFTED},
    }

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="court_orders", verbose_name=_("學生"))
    account = models.ForeignKey(
        SSOAccount, on_delete=models.PROTECT, related_name="court_orders", verbose_name=_("當事人")
    )
    number = models.CharField(_("裁定字號"), max_length=60)
    ordered_on = models.DateField(_("裁定日期"))
    effective_on = models.DateField(_("生效日"))
    until = models.DateField(_("期間至"), null=True, blank=True, help_text=_("含當日；不填就是沒有期限。"))
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.WAITING)
    entered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("登錄者")
    )
    entered_at = models.DateTimeField(_("登錄時間"), default=timezone.now)
    lift_reason = models.CharField(_("撤銷原因"), max_length=200, blank=True)

    objects = CourtOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("法院裁定")
        verbose_name_plural = _("法院裁定")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "account", "number"],
                condition=Q(state__in=["waiting", "in_force"]),
                name="court_order_once",
                violation_error_message=_("這個字號的裁定已經登錄。"),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("effective_on")),
                name="court_order_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(effective_on__gte=F("ordered_on")), name="court_order_made_before_it_begins"
            ),
            models.CheckConstraint(
                condition=(Q(state="lifted") & ~Q(lift_reason="")) | (~Q(state="lifted") & Q(lift_reason="")),
                name="court_order_lifted_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.get_state_display()}"

    @property
    def is_standing(self):
        lasts = self.until is None or self.until >= timezone.localdate()
        return lasts and self.state in (self.State.WAITING, self.State.IN_FORCE)
