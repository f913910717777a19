"""What the second factor is shown with. A database that somebody reads opens none of it."""

import base64
import secrets
import time
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin
from django_otp.oath import TOTP

from core import crypto

SECRET_BYTES = 20


class Authenticator(TimestampMixin, Device):
    """An authenticator app (RFC 6238: six digits, 30 seconds, one step either way). Its secret is kept encrypted."""

    TOLERANCE = 1  # steps of the clock, before and after

    sealed_secret = models.TextField(editable=False)
    drift = models.SmallIntegerField(default=0, editable=False)
    last_step = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        verbose_name = _("驗證 App")
        verbose_name_plural = _("驗證 App")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(confirmed=False), name="one_authenticator_in_setup")
        ]

    def save(self, *args, **kwargs):
        if not self.sealed_secret:
            self.secret = secrets.token_bytes(SECRET_BYTES)
        super().save(*args, **kwargs)

    @property
    def secret(self):
        """The bytes that the app and we share."""
        return bytes.fromhex(crypto.decrypt(self.sealed_secret))

    @secret.setter
    def secret(self, secret):
        self.sealed_secret = crypto.encrypt(secret.hex())

    def verify_token(self, token):
        """Whether `token` is the code of now, and of no step that was shown before.

        Call it under a lock on the row: `match_token` of django_otp takes one.
        """
        if not (token.isascii() and token.isdigit() and len(token) == 6):
            return False
        totp = TOTP(self.secret, drift=self.drift)
        totp.time = time.time()
        if not totp.verify(int(token), self.TOLERANCE, self.last_step + 1):
            return False
        self.last_step, self.drift = totp.t(), totp.drift
        self.set_last_used_timestamp(commit=False)
        self.save(update_fields=["last_step", "drift", "last_used_at"])
        return True

    @property
    def address(self):
        """What the QR code says: otpauth://totp/… (Google's Key URI format)."""
        issuer = settings.OTP_TOTP_ISSUER
        key = base64.b32encode(self.secret).decode()
        asked = {"secret": key, "issuer": issuer, "algorithm": "SHA1", "digits": 6, "period": 30}
        label = quote(f"{issuer}:{self.user.get_username()}")
        return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"


class RecoverySheet(TimestampMixin, Device):
    """A sheet of recovery codes on paper, each good once."""

    class Meta:
        verbose_name = _("備用碼")
        verbose_name_plural = _("備用碼")

    def verify_token(self, token):
        """Use a code up. Of two who show it at once one comes in: a code is used by one statement."""
        fitting = self.codes.filter(digest=RecoveryCode.digest_of(self.user_id, token), used_at__isnull=True)
        if not fitting.update(used_at=timezone.now()):
            return False
        self.set_last_used_timestamp(commit=True)
        return True


class RecoveryCode(models.Model):
    """One code of a sheet. Ten digits are guessed from a plain digest: this one needs the key of the fingerprints."""

    sheet = models.ForeignKey(RecoverySheet, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(_("使用時間"), null=True)

    class Meta:
        verbose_name = _("備用碼")
        verbose_name_plural = _("備用碼")
        constraints = [models.UniqueConstraint(fields=["sheet", "digest"], name="recovery_code_once_a_sheet")]

    def __str__(self):
        return f"{self.sheet_id} {'used' if self.used_at else 'unused'}"

    @staticmethod
    def digest_of(user_pk, code):
        """Of the person's own: a digest copied to another person's sheet fits nothing there."""
        return crypto.fingerprint(f"recovery|{user_pk}|{code}")
