"""Counters of attempts, and captchas that were handed out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoginThrottle(models.Model):
    """Attempts on one account in one scope within one window; the key is a keyed fingerprint."""

    key = models.CharField(max_length=64, primary_key=True)
    attempts = models.PositiveSmallIntegerField()
    window_started_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("登入次數")
        verbose_name_plural = _("登入次數")

    def __str__(self):
        return self.key[:8]


class Captcha(models.Model):
    """A captcha that was handed out to a browser and not yet answered; its first answer uses it up."""

    key = models.UUIDField(primary_key=True)
    browser = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=8)
    expires_at = models.DateTimeField(db_index=True)
    heard = models.PositiveSmallIntegerField(default=0)  # how often it was spoken

    class Meta:
        verbose_name = _("驗證碼")
        verbose_name_plural = _("驗證碼")

    def __str__(self):
        return str(self.key)
