"""Money that the school owes a family: paid twice, paid for what was cancelled, or a share for who left.

Of money that paid a bill several refunds may go back, together never more than came (`Bill.owed_back`). Refunds by transfer
may go to the bank together, in a file (`RefundFile`); until the bank has paid them they are owed as before.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.bills.models.bill import Bill
from billing.payments.models.refund_file import RefundFile
from billing.payments.models.settlement import Settlement
from billing.payments.payee import Payee
from core.states import HasStates


class RefundQuerySet(models.QuerySet):
    def due(self):
        """What a cashier has to do something about."""
        return self.filter(state=Refund.State.REFUND_DUE)

    def owed(self):
        """What has not gone yet, also what the bank was asked to pay."""
        return self.filter(state__in=Refund.OWED)

    def for_desk(self, school):
        """What a cashier of `school` may open, with whose money it is."""
        mine = self.filter(settlement__school=school)
        return mine.select_related("settlement__payment", "bill__student__school_class")

    def of_parent(self, user):
        """A bill that is paid back is so for both parents; what was paid twice is the business of who paid it."""
        own = Q(settlement__payment__isnull=True) | Q(settlement__payment__started_by=user)
        return self.filter(own | Q(settlement__state=Settlement.State.APPLIED))


class Refund(HasStates):
    class State(models.TextChoices):
        REFUND_DUE = "refund_due", _("待退款")
        SENT = "sent", _("已列入匯款檔")
        REFUNDED = "refunded", _("已退款")
        WITHDRAWN = "withdrawn", _("不必退款")

    class Way(models.TextChoices):
        TRANSFER = "transfer", _("轉帳到家長帳戶")
        CARD = "card", _("刷退到原信用卡")
        CASH = "cash", _("現金領回")

    # Sent to due: the bank sent it back, or the file was given up.
    MOVES: dict[str, set] = {
        State.REFUND_DUE: {State.SENT, State.REFUNDED, State.WITHDRAWN},
        State.SENT: {State.REFUNDED, State.REFUND_DUE},
    }
    OWED = (State.REFUND_DUE, State.SENT)

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("入帳"))
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, null=True, related_name="refunds", verbose_name=_("繳費單")
    )
    amount = models.PositiveIntegerField(_("金額"))
    state = models.CharField(_("狀態"), max_length=12, choices=State.choices, default=State.REFUND_DUE)
    why = models.CharField(_("原因"), max_length=200)
    due_at = models.DateTimeField(_("列入時間"), default=timezone.now)
    payee_cipher = models.TextField(_("退款帳戶（加密）"), blank=True, default="", editable=False)  # until it went
    sent_in = models.ForeignKey(
        RefundFile, on_delete=models.PROTECT, null=True, related_name="refunds", verbose_name=_("匯款檔")
    )
    way = models.CharField(_("退款方式"), max_length=10, choices=Way.choices, blank=True)
    note = models.CharField(_("退款紀錄"), max_length=200, blank=True)
    refunded_at = models.DateTimeField(_("退款時間"), null=True)
    refunded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("退款者")
    )

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("退款")
        verbose_name_plural = _("退款")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_has_an_amount"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["refund_due", "sent", "withdrawn"],
                    refunded_at__isnull=True,
                    refunded_by__isnull=True,
                    way="",
                )
                | (Q(state="refunded", refunded_at__isnull=False, refunded_by__isnull=False) & ~Q(way="")),
                name="refunded_with_time_way_and_person",
            ),
            models.CheckConstraint(
                condition=(Q(state="sent", sent_in__isnull=False) & ~Q(payee_cipher=""))
                | (~Q(state="sent") & Q(sent_in__isnull=True)),
                name="refund_sent_in_a_file_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refund_due", "sent"]) | Q(payee_cipher=""), name="payee_forgotten_afterwards"
            ),
            models.UniqueConstraint(
                fields=["settlement"],
                condition=Q(state__in=["refund_due", "sent"]),
                name="one_refund_due_of_a_piece_of_money",
                violation_error_message=_("這筆款項已經有一筆待退款。"),
            ),
        ]

    def __str__(self):
        return f"{self.bill} {self.amount} {self.get_state_display()}"

    @property
    def payee(self):
        """The `Payee`, or None where nobody wrote one down. A caller that shows it in full records an event."""
        return Payee.opened(self.payee_cipher) if self.payee_cipher else None

    def close(self, state, **fields):
        """It went, or needs not go: the account is forgotten. Raises InvalidMove."""
        self.move_to(state, payee_cipher="", sent_in=None, **fields)

    @property
    def can_be_taken_back(self):
        """A share of what paid the bill, of which nothing went yet."""
        return self.state == self.State.REFUND_DUE and self.settlement.state == Settlement.State.APPLIED

    @property
    def may_be_a_mistake(self):
        """Money that only a notice told of: a file that came again by another name tells of it once more."""
        return self.state == self.State.REFUND_DUE and self.settlement.state in (
            Settlement.State.DUPLICATE,
            Settlement.State.RESOLVED,
        )
