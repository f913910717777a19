"""What a parent changes of the own SSO account: another e-mail, and leaving."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.formats import roc_moment
from core.models import EmailAddressField
from core.one_time_links import HasSecret, SecretQuerySet, digest_of, new_token
from core.states import HasStates


class EmailChangeQuerySet(SecretQuerySet):
    def usable(self):
        """Waits for the link at the new address."""
        return super().usable().filter(state=EmailChange.State.PENDING)

    def undoable(self):
        return self.filter(state=EmailChange.State.CONFIRMED, undo_until__gt=timezone.now())


class EmailChange(HasStates, HasSecret):
    """A parent's own change of the e-mail: confirmed at the new address, taken back at the old one for a week."""

    class State(models.TextChoices):
        PENDING = "pending", _("等待驗證")
        CONFIRMED = "confirmed", _("已更改")
        REPLACED = "replaced", _("改用另一次更改")
        UNDONE = "undone", _("已還原")

    MOVES: dict[str, set] = {
        State.PENDING: {State.CONFIRMED, State.REPLACED, State.UNDONE},
        State.CONFIRMED: {State.UNDONE},
    }

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_changes", verbose_name=_("帳號"))
    former_email = EmailAddressField(_("原來的電子郵件"))
    new_email = EmailAddressField(_("新的電子郵件"))
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.PENDING)
    undo_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    undo_until = models.DateTimeField(_("可還原至"), null=True)
    asked_at = models.DateTimeField(_("提出時間"), default=timezone.now)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("本人更改電子郵件")
        verbose_name_plural = _("本人更改電子郵件")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state="pending"), name="one_pending_email_change"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "replaced"], undo_until__isnull=True)
                | Q(state__in=["confirmed", "undone"], undo_until__isnull=False),
                name="confirmed_email_change_can_be_undone",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_state_display()}"

    def confirm(self):
        """The token of the link that takes it back."""
        token = new_token()
        undo_until = timezone.now() + timedelta(days=settings.EMAIL_UNDO_DAYS)
        self.move_to(self.State.CONFIRMED, undo_digest=digest_of(token), undo_until=undo_until)
        return token


class AccountClosureQuerySet(SecretQuerySet):
    def waiting(self):
        return self.filter(ended_at__isnull=True)

    def usable(self):
        return super().usable().waiting()


class AccountClosure(HasSecret):
    """A parent has left. For a while a mailed link brings the account back; then it is closed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="closures", verbose_name=_("帳號"))
    left_at = models.DateTimeField(_("停用時間"), default=timezone.now)
    ended_at = models.DateTimeField(_("結束時間"), null=True, editable=False)
    came_back = models.BooleanField(_("已恢復"), default=False)

    objects = AccountClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("本人停用帳號")
        verbose_name_plural = _("本人停用帳號")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at__isnull=True), name="one_waiting_closure"),
            models.CheckConstraint(
                condition=Q(came_back=False) | Q(ended_at__isnull=False), name="came_back_with_time"
            ),
        ]

    def __str__(self):
        return f"{self.user} {roc_moment(self.left_at)}"

    def end(self, *, came_back):
        self.ended_at = timezone.now()
        self.came_back = came_back
        self.save(update_fields=["ended_at", "came_back"])
