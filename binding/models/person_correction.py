"""更正姓名或證號: what a registrar says that a person's name or ID number should be, until a second person agrees."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SSOAccount
from binding.models.binding import Binding
from core.languages import in_a_row
from core.models import NameField
from core.states import HasStates
from registry.models import HasIdentityNumber


class PersonCorrectionQuerySet(models.QuerySet):
    def open(self):
        """Waiting for the second member of staff."""
        return self.filter(state=PersonCorrection.State.ASKED)


class PersonCorrection(HasStates, HasIdentityNumber):
    """One request to give an SSO account another name, another ID number, or both.

    What stays as it is, is "". The number is kept until the request is closed, and forgotten then.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("等待另一位同仁確認")
        DONE = "done", _("已更正")
        REFUSED = "refused", _("另一位同仁不同意")
        CANCELLED = "cancelled", _("已取消")
        REPLACED = "replaced", _("改用另一次更正")

    MOVES: dict[str, set] = {State.ASKED: {State.DONE, State.REFUSED, State.CANCELLED, State.REPLACED}}

    class Paper(models.TextChoices):
        IDENTITY = "identity", _("身分證或居留證")
        HOUSEHOLD = "household", _("戶口名簿或戶籍謄本")
        PASSPORT = "passport", _("護照")

    account = models.ForeignKey(
        SSOAccount, on_delete=models.PROTECT, related_name="person_corrections", verbose_name=_("帳號")
    )
    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出更正的綁定"))
    former_name = NameField(_("原來的姓名"), max_length=60)
    new_name = NameField(_("正確的姓名"), max_length=60, blank=True)
    identity_cipher = models.TextField(_("正確的證號（加密）"), blank=True, default="", editable=False)
    identity_fingerprint = models.CharField(
        _("正確的證號（指紋）"), max_length=64, blank=True, default="", editable=False
    )
    changes_number = models.BooleanField(_("更正證號"), default=False)
    paper = models.CharField(_("看過的證件"), max_length=10, choices=Paper.choices)
    note = models.CharField(_("說明"), max_length=200, blank=True)
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("提出"))
    asked_at = models.DateTimeField(_("提出時間"), default=timezone.now)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("另一位同仁")
    )
    closed_at = models.DateTimeField(_("結束時間"), null=True, editable=False)

    objects = PersonCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("姓名或證號更正")
        verbose_name_plural = _("姓名或證號更正")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="asked"), name="one_open_person_correction_an_account"
            ),
            models.CheckConstraint(
                condition=~Q(new_name="") | Q(changes_number=True), name="person_correction_changes_something"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", closed_at__isnull=True)
                | (~Q(state="asked") & Q(closed_at__isnull=False, identity_cipher="", identity_fingerprint="")),
                name="closed_person_correction_forgets_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "refused"], decided_by__isnull=False)
                | (~Q(state__in=["done", "refused"]) & Q(decided_by__isnull=True)),
                name="person_correction_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="person_correction_decided_by_another",
                violation_error_message=_("提出更正的人，不能自己同意。"),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.get_state_display()}"

    @property
    def is_open(self):
        return self.state == self.State.ASKED

    @property
    def what(self):
        """Which of the two it is about, in words."""
        return in_a_row([word for word, is_changed in self._changed if is_changed])

    @property
    def _changed(self):
        return ((_("姓名"), bool(self.new_name)), (_("證號"), self.changes_number))

    def close(self, state, by=None):
        self.move_to(state, decided_by=by, closed_at=timezone.now(), identity_cipher="", identity_fingerprint="")
