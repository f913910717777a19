"""Sessions as people see them: whose, on what device, since when; and devices that the second factor knows."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.one_time_links import digest_of


class BrowserSession(AbstractBaseSession):
    """One log-in in one browser. No address is kept, and where it is nobody guesses; deleting the row ends it."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="browser_sessions", verbose_name=_("帳號")
    )
    device = models.CharField(_("裝置"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("登入時間"), null=True)
    seen_at = models.DateTimeField(_("最近使用"), null=True)

    class Meta(AbstractBaseSession.Meta):  # type: ignore[name-defined]
        verbose_name = _("登入中的裝置")
        verbose_name_plural = _("登入中的裝置")

    def __str__(self):
        return f"{self.user} {self.device}"

    @classmethod
    def get_session_store_class(cls):
        from accounts.session_store import SessionStore

        return SessionStore

    @property
    def mark(self):
        """What a page calls this session by: its key would be as good as the log-in itself."""
        return digest_of(self.session_key)[:24]


class RememberedDeviceQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(expires_at__gt=timezone.now())


class RememberedDevice(models.Model):
    """A browser in which a member of staff need not show the second factor for a while.

    It counts for as long as sessions begun then would: a new password or role ends it (`proof`).
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="remembered_devices", verbose_name=_("帳號")
    )
    digest = models.CharField(max_length=64, unique=True)
    proof = models.CharField(max_length=64)
    factor = models.CharField(max_length=255)
    device = models.CharField(_("裝置"), max_length=40)
    remembered_at = models.DateTimeField(_("記住時間"), default=timezone.now)
    used_at = models.DateTimeField(_("最近使用"), null=True)
    expires_at = models.DateTimeField(_("有效至"))

    objects = RememberedDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("記住的裝置")
        verbose_name_plural = _("記住的裝置")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.user} {self.device}"

    @classmethod
    def hand_out(cls, user, *, factor, device):
        """(row, token): the token is in the browser's cookie and nowhere else."""
        token = secrets.token_urlsafe(32)
        row = cls.objects.create(
            user=user,
            digest=digest_of(token),
            proof=cls.proof_of(user),
            factor=factor.persistent_id,
            device=device,
            expires_at=timezone.now() + timedelta(days=settings.SECOND_FACTOR_DAYS),
        )
        return row, token

    @staticmethod
    def proof_of(user):
        return salted_hmac("remembered-device", user.get_session_auth_hash(), algorithm="sha256").hexdigest()
