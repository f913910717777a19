"""Money that came: its source, its bill, and what became of it. Nothing is ever dropped."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.bills.models.bill import Bill
from billing.ledger.models import Account
from billing.payments.models.payment import Payment
from core.states import HasStates
from registry.models import School

COUNTER = "counter"  # the channel of what a cashier took


class SettlementQuerySet(models.QuerySet):
    def work_list(self):
        return self.filter(state__in=Settlement.OPEN)


class Settlement(HasStates):
    """One piece of money. `key` names it in all the world: told of twice, it is one row."""

    class State(models.TextChoices):
        APPLIED = "applied", _("已銷帳")
        DUPLICATE = "duplicate", _("重複繳費")
        UNKNOWN = "unknown", _("找不到繳費單")
        MISMATCH = "mismatch", _("金額或時間不符")
        RESOLVED = "resolved", _("已處理")
        REVERSED = "reversed", _("已沖正")

    OPEN = (State.UNKNOWN, State.MISMATCH)
    # Applied to reversed: the counter wrote it down wrongly. Duplicate to applied: what it doubled was reversed.
    MOVES: dict[str, set] = {
        State.UNKNOWN: {State.APPLIED, State.DUPLICATE, State.RESOLVED},
        State.MISMATCH: {State.APPLIED, State.DUPLICATE, State.RESOLVED},
        State.DUPLICATE: {State.RESOLVED, State.APPLIED},
        State.APPLIED: {State.REVERSED},
    }

    key = models.CharField(_("來源編號"), max_length=120, unique=True)
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices)
    school = models.ForeignKey(  # found by `settlements_newest`
        School, on_delete=models.PROTECT, null=True, db_index=False, related_name="settlements", verbose_name=_("學校")
    )
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, null=True, related_name="settlements", verbose_name=_("繳費單")
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, related_name="settlements", verbose_name=_("線上付款")
    )
    counter = models.ForeignKey(  # of what a cashier took, all of one press
        "billing.CounterPayment", on_delete=models.PROTECT, null=True, related_name="settlements",
        verbose_name=_("櫃檯收款"),
    )  # fmt: skip
    account = models.CharField(_("入帳科目"), max_length=16, choices=Account.choices)
    amount = models.PositiveIntegerField(_("金額"))
    paid_at = models.DateTimeField(_("付款時間"))
    channel = models.CharField(_("通路"), max_length=40, blank=True)
    code = models.CharField(_("銷帳編號"), max_length=40, blank=True)
    number = models.CharField(_("交易序號"), max_length=40, blank=True)  # the bank's, as it is compared
    why = models.CharField(_("原因"), max_length=100, blank=True)
    told_at = models.DateTimeField(_("得知時間"), default=timezone.now)
    is_money = models.BooleanField(_("確實有入帳"), default=True)
    resolution = models.CharField(_("處理說明"), max_length=200, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("處理者")
    )
    resolved_at = models.DateTimeField(_("處理時間"), null=True)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("入帳")
        verbose_name_plural = _("入帳")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["school", "-id"], name="settlements_newest"),
            models.Index(fields=["school", "state", "-id"], name="settlements_of_a_school"),
            models.Index(fields=["school", "code"], name="settlements_of_a_code"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(state="applied"),
                name="bill_settled_once",
                violation_error_message=_("這張繳費單已經銷帳。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["unknown", "mismatch", "resolved"]) | Q(bill__isnull=False),
                name="settled_money_has_a_bill",
            ),
            models.CheckConstraint(
                condition=(Q(resolved_at__isnull=False) & ~Q(resolution=""))
                | Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution=""),
                name="resolved_with_time_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved") | Q(resolved_at__isnull=False), name="resolved_at_some_time"
            ),
            # Who told of it may take it back; that money is real is for a person to say.
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(is_money=False) | Q(resolved_by__isnull=False),
                name="real_money_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_money=True) | Q(state__in=["resolved", "reversed"]),
                name="only_what_was_looked_into_is_no_money",
            ),
            models.CheckConstraint(
                condition=~Q(state="reversed") | Q(is_money=False, counter__isnull=False, resolved_at__isnull=False),
                name="reversed_at_the_counter_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.key} {self.get_state_display()}"

    @property
    def is_open(self):
        """Somebody has to find out where it belongs."""
        return self.state in self.OPEN

    @property
    def channel_in_words(self):
        """As people call where the money was paid; a company's own name for it stays."""
        return _("學校櫃檯") if self.channel == COUNTER else self.channel
