"""How members of staff come by their accounts: invited one by one, or from a file."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core import identity
from core.models import WordsField
from core.one_time_links import UsedOnce, UsedOnceQuerySet
from core.states import HasStates
from registry.models import School


class StaffInvitation(UsedOnce):
    """A link by mail with which a member of staff sets a password, once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("帳號"))
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("邀請者")
    )
    created_at = models.DateTimeField(_("邀請時間"), default=timezone.now)

    objects = UsedOnceQuerySet.as_manager()

    class Meta:
        verbose_name = _("教職員邀請")
        verbose_name_plural = _("教職員邀請")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at__isnull=True), name="one_open_invitation_a_person"
            )
        ]

    def __str__(self):
        return f"{self.user} {self.expires_at:%Y-%m-%d}"

    @classmethod
    def replace(cls, user, *, by, lasts=None):
        """(invitation, token); a former link works no longer. `lasts`: else STAFF_INVITATION_DAYS.

        Holds the person: of two admins who press at once, the later one's link stands.
        """
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        cls.objects.unused().filter(user=user).delete()
        lasts = lasts or timedelta(days=settings.STAFF_INVITATION_DAYS)
        return cls.hand_out(lasts=lasts, user=user, invited_by=by)


class StaffImport(HasStates):
    """A good list of teachers that was uploaded: looked at first, then applied or left."""

    class State(models.TextChoices):
        CHECKED = "checked", _("待確認")
        APPLIED = "applied", _("已匯入")
        LEFT = "left", _("已放棄")

    MOVES: dict[str, set] = {State.CHECKED: {State.APPLIED, State.LEFT}}

    school = models.ForeignKey(School, on_delete=models.PROTECT, verbose_name=_("學校"))
    name = models.CharField(_("檔名"), max_length=100)
    rows = models.JSONField(_("各列"))
    contents = WordsField(_("檔案裡有什麼"), default=dict, blank=True)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.CHECKED)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, verbose_name=_("上傳者"))
    uploaded_at = models.DateTimeField(_("上傳時間"), default=timezone.now)

    class Meta:
        verbose_name = _("教職員名單匯入")
        verbose_name_plural = _("教職員名單匯入")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    @property
    def emails_to_ask(self):
        """Addresses with an ID number in them, which would stand in mails and records."""
        return [row["email"] for row in self.rows if identity.is_in(row["email"])]

    def move_to(self, state, **fields):
        """Apply or leave; the rows are not needed any longer."""
        super().move_to(state, rows=[], contents={}, **fields)
