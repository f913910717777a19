"""A parent's sign-on: one session here, the clients it reached, and what they were given."""

import secrets
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractGrant

from accounts.models.user import User
from core.formats import roc_moment
from notifications.retries import Queued, QueuedQuerySet
from oidc.models.clients import Client


def make_sid():
    return secrets.token_urlsafe(24)


class LiveQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at__isnull=True)


class SignOn(models.Model):
    """One session of a parent that a client has heard of; its `sid` is what logout tokens name."""

    sid = models.CharField(max_length=43, unique=True, default=make_sid)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ons", verbose_name=_("帳號"))
    started_at = models.DateTimeField(_("開始時間"), default=timezone.now)
    ended_at = models.DateTimeField(_("結束時間"), null=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("單一登入")
        verbose_name_plural = _("單一登入")

    def __str__(self):
        return f"{self.user} {roc_moment(self.started_at)}"


class Authorization(models.Model):
    """What one code gave one client. Its key is the `token_family` of every refresh token that came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="authorizations")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="authorizations")
    scope = models.CharField(max_length=100)
    authenticated_at = models.DateTimeField()
    amr = models.CharField(max_length=40)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("授權")
        verbose_name_plural = _("授權")

    def __str__(self):
        return f"{self.client} {roc_moment(self.started_at)}"


class Grant(AbstractGrant):
    """An authorization code, kept as a digest. A used one stays for a while: a second use revokes what it gave."""

    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="grants")
    used_at = models.DateTimeField(null=True)

    class Meta(AbstractGrant.Meta):
        verbose_name = _("授權碼")
        verbose_name_plural = _("授權碼")


class LogoutNotice(Queued):
    """A logout token that waits to be posted to one client (OpenID Connect Back-Channel Logout)."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="logout_notices", verbose_name=_("介接系統（OIDC 用戶端）")
    )
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="logout_notices")

    objects = QueuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("登出通知")
        verbose_name_plural = _("登出通知")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["next_attempt_at"], condition=models.Q(state="queued"), name="notices_due")]

    def __str__(self):
        return f"logout notice {self.pk}"
