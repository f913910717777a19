"""A wrong e-mail, corrected: nothing changes until the owner of the new one opens the link sent there.

Of an account that is in use a second member of staff agrees before, and the former mailbox hears of it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SSOAccount
from binding.models.binding import Binding
from core.models import EmailAddressField
from core.one_time_links import HasSecret, SecretQuerySet
from core.states import HasStates


class EmailCorrectionQuerySet(SecretQuerySet):
    def pending(self):
        """Asked for and not closed, be its link still good or not."""
        return self.filter(state__in=EmailCorrection.OPEN)

    def to_allow(self):
        """Waiting for the second member of staff."""
        return self.filter(state=EmailCorrection.State.ASKED, expires_at__gt=timezone.now())

    def usable(self):
        return super().usable().filter(state=EmailCorrection.State.PENDING)

    def reserving(self, at=None):
        return self.pending().filter(expires_at__gt=at or timezone.now())

    def expired(self):
        return self.pending().filter(expires_at__lte=timezone.now())


class EmailCorrection(HasStates, HasSecret):
    """One request of a registrar to give an SSO account another e-mail."""

    class State(models.TextChoices):
        ASKED = "asked", _("等待另一位同仁同意")
        PENDING = "pending", _("等待本人驗證")
        CONFIRMED = "confirmed", _("已更正")
        CANCELLED = "cancelled", _("已取消")
        REPLACED = "replaced", _("改用另一次更正")
        EXPIRED = "expired", _("逾期未驗證")
        REFUSED = "refused", _("另一位同仁不同意")

    OPEN = (State.ASKED, State.PENDING)
    MOVES: dict[str, set] = {
        State.ASKED: {State.PENDING, State.REFUSED, State.CANCELLED, State.REPLACED, State.EXPIRED},
        State.PENDING: {State.CONFIRMED, State.CANCELLED, State.REPLACED, State.EXPIRED},
    }

    class Proof(models.TextChoices):
        IN_PERSON = "in_person", _("本人到校，核對證件")
        CALLED_BACK = "called_back", _("撥打學校原有的電話，向本人核對")
        IN_WRITING = "in_writing", _("本人簽名的書面申請與證件影本")

    account = models.ForeignKey(
        SSOAccount, on_delete=models.PROTECT, related_name="email_corrections", verbose_name=_("帳號")
    )
    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出更正的綁定"))
    new_email = EmailAddressField(_("新的電子郵件"))
    reason = models.CharField(_("原因"), max_length=200)
    proof = models.CharField(_("如何確認本人"), max_length=12, choices=Proof.choices)
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.PENDING)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("承辦人"))
    asked_at = models.DateTimeField(_("提出時間"), default=timezone.now)
    allowed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("同意的另一位同仁"),
    )
    closed_at = models.DateTimeField(_("結束時間"), null=True, editable=False)

    objects = EmailCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("電子郵件更正")
        verbose_name_plural = _("電子郵件更正")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=["asked", "pending"]), name="one_pending_email_an_account"
            ),
            models.UniqueConstraint(
                fields=["new_email"], condition=Q(state__in=["asked", "pending"]), name="pending_email_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "pending"], closed_at__isnull=True)
                | (~Q(state__in=["asked", "pending"]) & Q(closed_at__isnull=False)),
                name="closed_email_correction_has_time",
            ),
            models.CheckConstraint(
                condition=Q(allowed_by__isnull=True) | ~Q(allowed_by=F("asked_by")),
                name="email_correction_allowed_by_another",
                violation_error_message=_("提出更正的人，不能自己同意。"),
            ),
        ]

    def __str__(self):
        return f"{self.account} {self.get_state_display()}"

    @property
    def is_usable(self):
        return self.state == self.State.PENDING and self.expires_at > timezone.now()

    def renew_link(self):
        """A fresh token for the link to the new e-mail."""
        token = self.new_token(lasts=timedelta(hours=settings.EMAIL_LINK_HOURS))
        self.save()
        return token

    def allow(self, by):
        """The second member of staff agrees: the link to the new e-mail may go out."""
        self.move_to(self.State.PENDING, allowed_by=by)

    def close(self, state):
        self.move_to(state, closed_at=timezone.now())
