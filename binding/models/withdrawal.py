"""Consent that a family wants to take back after approval: each person bound decides for the own binding."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.binding import Binding
from consent.languages import OFFICIAL, choices
from consent.models import ConsentText
from core.one_time_links import SecretQuerySet, digest_of, new_token
from core.states import HasStates
from registry.models import Student


class WithdrawalQuerySet(models.QuerySet):
    def pending(self):
        """Asked for and not closed, be there time left or not."""
        return self.filter(state=Withdrawal.State.OPEN)

    def open(self, at=None):
        """What somebody bound may still answer `at` that moment, or now; nothing whose time is over."""
        return self.pending().filter(expires_at__gt=at or timezone.now())

    def expired(self):
        return self.pending().filter(expires_at__lte=timezone.now())


class Withdrawal(HasStates):
    """撤回同意的請求. The family's account asks; silence until `expires_at` changes nothing."""

    class State(models.TextChoices):
        OPEN = "open", _("等待已綁定的人確認")
        DONE = "done", _("已撤回同意")
        KEPT = "kept", _("有人維持綁定")
        LAPSED = "lapsed", _("期限內沒有答覆")
        TAKEN_BACK = "taken_back", _("家長收回")

    MOVES: dict[str, set] = {State.OPEN: {State.DONE, State.KEPT, State.LAPSED, State.TAKEN_BACK}}

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="withdrawals", verbose_name=_("學生"))
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, verbose_name=_("同意書版本"))
    language = models.CharField(_("閱讀的語言"), max_length=7, choices=choices, default=OFFICIAL)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("提出者"))
    asked_at = models.DateTimeField(_("提出時間"), default=timezone.now)
    expires_at = models.DateTimeField(_("答覆期限"))
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(_("結束時間"), null=True, editable=False)

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = _("撤回同意的請求")
        verbose_name_plural = _("撤回同意的請求")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(state="open"), name="one_open_withdrawal_a_student"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="closed_withdrawal_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.student} {self.get_state_display()}"

    @classmethod
    def ask(cls, *, student, text, language, by):
        """A new one, with the days that the city gives to answer."""
        days = timedelta(days=settings.CONSENT_WITHDRAWAL_DAYS)
        return cls.objects.create(
            student=student, text=text, language=language, asked_by=by, expires_at=timezone.now() + days
        )

    @property
    def is_open(self):
        return self.state == self.State.OPEN and self.expires_at > timezone.now()

    def close(self, state):
        """End it; whoever has not answered is asked no longer. Raises InvalidMove."""
        self.move_to(state, closed_at=timezone.now())
        for answer in self.answers.waiting():
            answer.move_to(WithdrawalAnswer.State.CLOSED)


class WithdrawalAnswerQuerySet(SecretQuerySet):
    def waiting(self):
        return self.filter(state=WithdrawalAnswer.State.WAITING)

    def usable(self, at=None):
        """What can be answered `at` that moment, or now."""
        open_then = {"withdrawal__state": Withdrawal.State.OPEN, "withdrawal__expires_at__gt": at or timezone.now()}
        return self.waiting().filter(**open_then)


class WithdrawalAnswer(HasStates):
    """What one person bound says to a withdrawal, for the own binding only."""

    class State(models.TextChoices):
        WAITING = "waiting", _("還沒有答覆")
        AGREED = "agreed", _("同意解除")
        KEPT = "kept", _("維持綁定")
        CLOSED = "closed", _("不必再答覆")

    MOVES: dict[str, set] = {State.WAITING: {State.AGREED, State.KEPT, State.CLOSED}}

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="answers", verbose_name=_("請求"))
    binding = models.ForeignKey(
        Binding, on_delete=models.PROTECT, related_name="withdrawal_answers", verbose_name=_("綁定")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("答覆"), max_length=8, choices=State.choices, default=State.WAITING)
    answered_at = models.DateTimeField(_("答覆時間"), null=True, editable=False)

    objects = WithdrawalAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("對撤回同意的答覆")
        verbose_name_plural = _("對撤回同意的答覆")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["withdrawal", "binding"], name="one_answer_a_binding"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="withdrawal_answer_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.binding} {self.get_state_display()}"

    @classmethod
    def hand_out(cls, withdrawal, binding):
        """(answer, token): the token is in the link and nowhere else."""
        token = new_token()
        return cls.objects.create(withdrawal=withdrawal, binding=binding, digest=digest_of(token)), token

    def move_to(self, state, **fields):
        """Raises InvalidMove where it was answered before."""
        super().move_to(state, answered_at=timezone.now(), **fields)
