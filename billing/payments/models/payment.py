"""A parent's attempt to pay online, for one bill or several."""

from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.bills.models.bill import Bill
from billing.payments import banks
from billing.payments.gateways.base import Method
from core.states import HasStates
from registry.models import School


class PaymentQuerySet(models.QuerySet):
    def of_parent(self, user):
        """One's own: the other parent learns that a bill is paid, not who paid it."""
        return self.filter(started_by=user).select_related("school")

    def live(self):
        """Those that may still bring money."""
        return self.filter(state__in=Payment.LIVE)


class Payment(HasStates):
    """One order at a gateway, under a reference that is never used twice."""

    class State(models.TextChoices):
        STARTED = "started", _("付款中")
        CODE_ISSUED = "code_issued", _("已取號，等待繳費")
        SETTLED = "settled", _("已付款")
        FAILED = "failed", _("未付款")
        DUPLICATE = "duplicate", _("重複付款")

    # A payment that failed may still bring money: the gateway was slow, or the payer went on in another window.
    MOVES: dict[str, set] = {
        State.STARTED: {State.CODE_ISSUED, State.SETTLED, State.FAILED, State.DUPLICATE},
        State.CODE_ISSUED: {State.SETTLED, State.FAILED, State.DUPLICATE},
        State.FAILED: {State.SETTLED, State.DUPLICATE},
    }
    LIVE = (State.STARTED, State.CODE_ISSUED)

    reference = models.CharField(_("付款編號"), max_length=20, unique=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="payments", verbose_name=_("學校"))
    gateway = models.CharField(_("付款公司"), max_length=20)
    method = models.CharField(_("付款方式"), max_length=16, choices=Method.choices)
    amount = models.PositiveIntegerField(_("金額"))
    title = models.CharField(_("項目"), max_length=100)
    state = models.CharField(_("狀態"), max_length=12, choices=State.choices, default=State.STARTED)
    key = models.CharField(_("防重複碼"), max_length=40)
    code = models.CharField(_("繳費代碼"), max_length=80, blank=True)
    bank_code = models.CharField(_("銀行代碼"), max_length=3, blank=True)
    code_until = models.DateTimeField(_("代碼期限"), null=True, blank=True)
    expires_on = models.DateField(_("繳費期限"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments", verbose_name=_("付款人")
    )
    started_at = models.DateTimeField(_("開始時間"), default=timezone.now)
    asked_at = models.DateTimeField(_("上次查詢"), null=True, blank=True)
    refused_at = models.DateTimeField(_("付款公司通知失敗的時間"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("線上付款")
        verbose_name_plural = _("線上付款")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["started_by", "key"],
                name="payment_started_once",
                violation_error_message=_("這筆付款已經開始了。"),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_has_an_amount"),
            models.CheckConstraint(
                condition=Q(state__in=["started", "code_issued", "settled", "failed", "duplicate"]),
                name="payment_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=["started", "code_issued"]), name="payments_to_ask_about"
            )
        ]

    def __str__(self):
        return f"{self.reference} {self.get_state_display()}"

    @property
    def is_live(self):
        return self.state in self.LIVE

    @property
    def was_refused(self):
        """The gateway said that it took no money; else the payer left, and it may still come."""
        return self.state == self.State.FAILED and self.refused_at is not None

    @property
    def pay_until(self):
        """The last moment at which its code is of use: its own, or the end of the bills' last day."""
        ends = [self.code_until] if self.code_until else []
        if self.expires_on:
            ends.append(datetime.combine(self.expires_on, time(23, 59), tzinfo=timezone.get_current_timezone()))
        return min(ends, default=None)

    @property
    def bank_name(self):
        return banks.name_of(self.bank_code)

    @property
    def barcodes(self):
        """The three segments of a store barcode; none of what is a number to type."""
        return self.code.split() if self.method == Method.STORE_BARCODE else []

    @property
    def when_it_shows(self):
        """How long it takes until the bill is shown as paid, for who has a code; "" for a card."""
        if self.method == Method.STORE_BARCODE:
            return gettext(
                "繳費後約兩個工作天，付款公司才會通知學校；這段時間繳費單仍顯示待繳費，請不要再繳一次。結果會寄信通知您。"
            )
        if self.method == Method.STORE_CODE:
            return gettext("繳費後約一到兩個工作天入帳，這段時間請不要再繳一次。結果會寄信通知您。")
        return gettext("轉帳後通常當天入帳，結果會寄信通知您。") if self.method == Method.ATM else ""

    @property
    def has_brought_money(self):
        return self.state in (self.State.SETTLED, self.State.DUPLICATE)


class GatewayPause(models.Model):
    """A gateway that was asked too often is asked nothing until then, by any worker."""

    gateway = models.CharField(_("付款公司"), max_length=20, primary_key=True)
    until = models.DateTimeField(_("暫停到"))

    class Meta:
        verbose_name = _("暫停查詢的付款公司")
        verbose_name_plural = _("暫停查詢的付款公司")

    def __str__(self):
        return f"{self.gateway} {self.until}"


class PaymentPart(models.Model):
    """The part of a payment that is for one bill. `is_live` follows the payment, so that the database can count."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="parts", verbose_name=_("線上付款"))
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payment_parts", verbose_name=_("繳費單"))
    amount = models.PositiveIntegerField(_("金額"))
    is_live = models.BooleanField(_("可能還會入帳"), default=True)

    class Meta:
        verbose_name = _("付款的繳費單")
        verbose_name_plural = _("付款的繳費單")
        ordering = ["bill_id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "bill"], name="bill_once_in_a_payment"),
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(is_live=True),
                name="one_live_attempt_a_bill",
                violation_error_message=_("這張繳費單已經有一筆付款在進行。"),
            ),
        ]

    def __str__(self):
        return f"{self.payment} {self.bill}"
