"""One person's account for the services of the city."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.models import NameField, SearchedByName, SearchedByNameQuerySet
from core.states import HasStates
from registry.models import HasIdentityNumber


class SSOAccountQuerySet(SearchedByNameQuerySet):
    def open(self):
        return self.exclude(state=SSOAccount.State.CLOSED)

    def consume_initial_try(self):
        """Use up one of the tries that the initial password has in all; False where it takes none any longer."""
        takers = self.filter(
            state=SSOAccount.State.INITIAL,
            initial_until__gt=timezone.now(),
            initial_failures__lt=settings.SSO_INITIAL_FAILURES,
        )
        return bool(takers.update(initial_failures=F("initial_failures") + 1))

    def refund_initial_try(self):
        return bool(self.filter(initial_failures__gt=0).update(initial_failures=F("initial_failures") - 1))


class SSOAccount(HasStates, SearchedByName, HasIdentityNumber):
    """One person's single sign-on account (單一身分驗證帳號), found by the fingerprint of the ID number."""

    class State(models.TextChoices):
        INITIAL = "initial", _("待開通")
        ACTIVE = "active", _("使用中")
        CLOSED = "closed", _("已停用")

    MOVES: dict[str, set] = {
        State.INITIAL: {State.ACTIVE, State.CLOSED},
        State.ACTIVE: {State.CLOSED},
        State.CLOSED: {State.INITIAL},
    }

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="sso_account", verbose_name=_("帳號"))
    name = NameField(_("姓名"), max_length=60)
    mobile = models.CharField(_("手機"), max_length=10)
    state = models.CharField(_("狀態"), max_length=8, choices=State.choices, default=State.INITIAL)
    initial_until = models.DateTimeField(_("初始密碼有效至"))
    initial_failures = models.PositiveSmallIntegerField(_("初始密碼輸錯次數"), default=0)
    email_proved_at = models.DateTimeField(_("信箱驗證時間"), null=True, editable=False)
    opened_at = models.DateTimeField(_("建立時間"), default=timezone.now, editable=False)

    objects = SSOAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("單一身分驗證帳號")
        verbose_name_plural = _("單一身分驗證帳號")
        constraints = [
            models.UniqueConstraint(
                fields=["identity_fingerprint"],
                name="sso_account_once_a_person",
                violation_error_message=_("這個人已經有單一身分驗證帳號。"),
            )
        ]

    def __str__(self):
        return f"SSO {self.user_id}"

    def move_to(self, state, **fields):
        """An initial password works anew for as long as the first; the sessions of a closed account end."""
        if state == self.State.INITIAL:
            fields |= {"initial_until": self.initial_deadline(), "initial_failures": 0}
        super().move_to(state, **fields)
        if state == self.State.CLOSED:
            self.user.end_sessions()

    @staticmethod
    def initial_deadline():
        return timezone.now() + timedelta(days=settings.SSO_INITIAL_DAYS)

    @property
    def takes_initial_password(self):
        return (
            self.state == self.State.INITIAL
            and timezone.now() < self.initial_until
            and self.initial_failures < settings.SSO_INITIAL_FAILURES
        )
