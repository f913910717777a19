"""A guardian's mandate to the person who really takes care of the child."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.binding import Binding
from binding.models.document import HasDocument
from binding.models.registrar import OfRegistrarQuerySet
from binding.models.relationship import Relationship
from core.models import EmailAddressField, NameField
from core.states import HasStates
from notifications.mails import Reader
from registry.models import HasIdentityNumber

CARERS = [
    Relationship.STEPPARENT,
    Relationship.GRANDFATHER,
    Relationship.GRANDMOTHER,
    Relationship.SIBLING,
    Relationship.RELATIVE,
    Relationship.FOSTER,
]


class DelegationQuerySet(OfRegistrarQuerySet):
    to_student = "binding__student"

    def in_force(self):
        return self.filter(state=Delegation.State.IN_FORCE)


class Delegation(HasStates, HasIdentityNumber, HasDocument):
    """委託書: one written mandate. A binding that is prolonged has several, the last one in force."""

    class State(models.TextChoices):
        IN_FORCE = "in_force", _("有效")
        PROLONGED = "prolonged", _("已由新的委託書接續")
        ENDED = "ended", _("提前結束")
        EXPIRED = "expired", _("期滿")

    MOVES: dict[str, set] = {State.IN_FORCE: {State.PROLONGED, State.ENDED, State.EXPIRED}}
    YEARS = 2  # a mandate lasts no longer than this

    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("綁定"))
    given_by = models.ForeignKey(
        Binding, on_delete=models.PROTECT, null=True, related_name="given_delegations", verbose_name=_("委託人的綁定")
    )
    # Kept as written: a roster that comes later puts guardians on record anew.
    giver_name = NameField(_("委託人姓名"), max_length=60)
    giver_email = EmailAddressField(_("委託人電子郵件"), blank=True)
    name = NameField(_("照顧者姓名"), max_length=60)
    relationship = models.CharField(_("與學生的關係"), max_length=12, choices=Relationship.choices)
    mobile = models.CharField(_("手機"), max_length=10)
    email = EmailAddressField(_("電子郵件"))
    starts_on = models.DateField(_("委託開始日"))
    ends_on = models.DateField(_("委託結束日"), help_text=_("含當日。"))
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.IN_FORCE)
    entered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("登錄者")
    )
    entered_at = models.DateTimeField(_("登錄時間"), default=timezone.now)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("委託照顧")
        verbose_name_plural = _("委託照顧")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["binding"], condition=Q(state="in_force"), name="one_mandate_in_force_a_binding"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(giver_name=""), name="delegation_given_by_someone"),
        ]

    def __str__(self):
        return f"{self.binding} {self.get_state_display()}"

    @property
    def giver_reader(self):
        """The guardian who gave the mandate, as the reader of a mail; None where no address is known.

        Whose own binding a court or the school ended is told nothing of the child any longer.
        """
        if self.given_by is None:
            return Reader(self.giver_email) if self.giver_email else None
        return None if self.given_by.is_cut_off else self.given_by.reader
