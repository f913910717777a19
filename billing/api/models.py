"""Addresses of clients that want to hear of bills, and what is on its way to them."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.bills.models.bill import Bill
from core import crypto
from core.models import WebAddressField
from core.one_time_links import new_token
from notifications.retries import Queued, QueuedQuerySet
from oidc.models import Client
from oidc.models.clients import check_address

SCOPE = "bills:read"


class Webhook(models.Model):
    """Where a client hears of bills. The secret signs what is sent: it is kept sealed and shown once."""

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("介接系統（OIDC 用戶端）")
    )
    url = WebAddressField(_("接收網址"), help_text=_("以 https:// 開頭的公開網址。"))
    is_active = models.BooleanField(_("啟用"), default=True)
    sealed_secret = models.TextField(editable=False)
    renewed_at = models.DateTimeField(_("密鑰更換時間"), editable=False)

    class Meta:
        verbose_name = _("繳費通知網址")
        verbose_name_plural = _("繳費通知網址")
        ordering = ["client", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "url"],
                name="webhook_once_a_client",
                violation_error_message=_("這個用戶端已經登記了這個網址。"),
            )
        ]

    def __str__(self):
        return f"{self.client} {self.url}"

    def clean(self):
        problems = {}
        try:
            check_address(self.url, what=self._meta.get_field("url").verbose_name)
        except ValidationError as problem:
            problems["url"] = problem
        if self._state.adding and self.client_id and SCOPE not in self.client.scopes:
            problems["client"] = ValidationError(_("這個用戶端的信任程度不含繳費單，請先到用戶端調整。"))
        if problems:
            raise ValidationError(problems)

    @property
    def is_heard(self):
        """Whether anything may be sent there now."""
        return self.is_active and self.client.is_active and SCOPE in self.client.scopes

    @property
    def secret(self):
        return crypto.decrypt(self.sealed_secret)

    def renew_secret(self, *, at):
        """A new secret, told once; what waits is signed with it from now on."""
        secret = new_token()
        self.sealed_secret, self.renewed_at = crypto.encrypt(secret), at
        return secret


class WebhookDelivery(Queued):
    """One event on its way to one client. The body has only ids: what they stand for is asked of the API."""

    class Kind(models.TextChoices):
        ISSUED = "bill.issued", _("發出")
        SETTLED = "bill.settled", _("繳清")
        VOIDED = "bill.voided", _("作廢")

    event = models.UUIDField(_("事件"), unique=True, default=uuid.uuid4)
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("繳費通知網址")
    )
    kind = models.CharField(_("種類"), max_length=12, choices=Kind.choices)
    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="+", verbose_name=_("繳費單"))
    body = models.JSONField(_("內容"))

    objects = QueuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("繳費通知")
        verbose_name_plural = _("繳費通知")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="webhooks_due")]
        constraints = [models.UniqueConstraint(fields=["webhook", "bill", "kind"], name="event_once_a_webhook")]

    def __str__(self):
        return f"webhook delivery {self.pk}"
