"""Browsers in which the second factor is asked for once in a while only."""

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.one_time_links import HasSecret, SecretQuerySet


class TrustedDevice(HasSecret):
    """A browser in which a member of staff need not show the second factor for a while.

    It counts for as long as sessions begun then would: a new password or role ends it (`proof`).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="trusted_devices", verbose_name=_("帳號"))
    proof = models.CharField(max_length=64)
    factor = models.CharField(max_length=255)
    device = models.CharField(_("裝置"), max_length=40)
    trusted_at = models.DateTimeField(_("記住時間"), default=timezone.now)
    used_at = models.DateTimeField(_("最近使用"), null=True)

    objects = SecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("記住的裝置")
        verbose_name_plural = _("記住的裝置")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.user} {self.device}"

    @staticmethod
    def proof_of(user):
        return salted_hmac("trusted-device", user.get_session_auth_hash(), algorithm="sha256").hexdigest()
