"""What a cashier took at one press, for one bill or several, and the numbers of the receipt books (收據冊)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.ledger.models import Account
from core.states import HasStates
from registry.models import School


class CounterPaymentQuerySet(models.QuerySet):
    def for_desk(self, school):
        return self.filter(school=school).select_related("taken_by", "reversed_by", "replaces", "replaced_by")


class CounterPayment(HasStates):
    """One press of the counter: `key` of its page names it, so that a second press is the same one.

    It is never edited: a mistake is reversed with a reason, and the right one is another row (`replaces`).
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("已收款")
        REVERSED = "reversed", _("已沖正")

    MOVES: dict[str, set] = {State.TAKEN: {State.REVERSED}}

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="counter_payments", verbose_name=_("學校")
    )
    key = models.CharField(_("防重複碼"), max_length=80, unique=True)
    state = models.CharField(_("狀態"), max_length=10, choices=State.choices, default=State.TAKEN)
    account = models.CharField(_("入帳科目"), max_length=16, choices=Account.choices)
    amount = models.PositiveIntegerField(_("金額"))
    given = models.PositiveIntegerField(_("實收現金"), null=True)  # what the family put on the desk
    code = models.CharField(_("收據號碼或匯款序號"), max_length=40)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("收款者")
    )
    taken_at = models.DateTimeField(_("收款時間"), default=timezone.now)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("更正的收款")
    )
    reversed_at = models.DateTimeField(_("沖正時間"), null=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("沖正者")
    )
    reason = models.CharField(_("沖正原因"), max_length=200, blank=True)

    objects = CounterPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("櫃檯收款")
        verbose_name_plural = _("櫃檯收款")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["school", "-taken_at"], name="counter_payments_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="counter_payment_has_an_amount"),
            models.CheckConstraint(
                condition=Q(given__isnull=True) | Q(given__gte=F("amount")), name="enough_was_given_at_the_counter"
            ),
            models.CheckConstraint(
                condition=(Q(state="reversed", reversed_at__isnull=False, reversed_by__isnull=False) & ~Q(reason=""))
                | Q(state="taken", reversed_at__isnull=True, reversed_by__isnull=True, reason=""),
                name="counter_payment_reversed_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.amount} {self.get_state_display()}"

    @property
    def change(self):
        """Whole dollars that went back over the desk."""
        return self.given - self.amount if self.given is not None else 0


class Receipt(HasStates):
    """One number of a school's receipt book: handed out once, or void with a reason. Never free again."""

    class State(models.TextChoices):
        USED = "used", _("已開立")
        VOID = "void", _("已作廢")

    MOVES: dict[str, set] = {State.USED: {State.VOID}}

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("學校"))
    book = models.CharField(_("收據冊"), max_length=20, blank=True)  # what stands before the number, in capitals
    number = models.PositiveBigIntegerField(_("號碼"))
    written = models.CharField(_("收據號碼"), max_length=30)
    state = models.CharField(_("狀態"), max_length=4, choices=State.choices, default=State.USED)
    payment = models.ForeignKey(
        CounterPayment, on_delete=models.PROTECT, null=True, related_name="receipts", verbose_name=_("櫃檯收款")
    )
    made_at = models.DateTimeField(_("登記時間"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("登記者")
    )
    void_at = models.DateTimeField(_("作廢時間"), null=True)
    void_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("作廢者")
    )
    void_reason = models.CharField(_("作廢原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("收據")
        verbose_name_plural = _("收據")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["school", "-id"], name="receipts_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "book", "number"],
                name="receipt_number_once_a_book",
                violation_error_message=_("這個收據號碼已經登記過。"),
            ),
            models.CheckConstraint(
                condition=Q(state="used", payment__isnull=False, void_at__isnull=True, void_by__isnull=True)
                | (Q(state="void", void_at__isnull=False, void_by__isnull=False) & ~Q(void_reason="")),
                name="receipt_used_or_void_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.written} {self.get_state_display()}"
