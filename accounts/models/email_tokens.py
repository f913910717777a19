"""What proves a mailbox: a code to type, or a link to open, that was mailed there."""

import hmac
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.one_time_links import digest_of


class MailedKeyQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(used_at__isnull=True, expires_at__gt=timezone.now())

    def by_token(self, token, *purposes):
        return self.usable().filter(digest=digest_of(token), purpose__in=purposes)


class MailedKey(models.Model):
    """Good once and not for long; of each purpose a person has one at most. Only its digest is kept."""

    class Purpose(models.TextChoices):
        CODE = "code", _("登入驗證碼")
        OPENING = "opening", _("開通連結")
        RESET = "reset", _("重設密碼連結")

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="mailed_keys", verbose_name=_("帳號")
    )
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose.choices)
    digest = models.CharField(max_length=64, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("嘗試次數"), default=0)
    created_at = models.DateTimeField(_("建立時間"), default=timezone.now)
    expires_at = models.DateTimeField(_("有效至"))
    used_at = models.DateTimeField(_("使用時間"), null=True)

    objects = MailedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("信箱驗證")
        verbose_name_plural = _("信箱驗證")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(used_at__isnull=True), name="one_open_mailed_key"
            )
        ]

    def __str__(self):
        return f"{self.user_id} {self.purpose}"

    @classmethod
    def replace(cls, user, purpose, digest, *, lasts):
        """A new key; the one before works no longer."""
        cls.objects.filter(user=user, purpose=purpose, used_at__isnull=True).delete()
        now = timezone.now()
        return cls.objects.create(
            user=user, purpose=purpose, digest=digest, created_at=now, expires_at=now + lasts
        )

    def use(self):
        """Of two who press at once one wins. Returns whether this one did."""
        return bool(MailedKey.objects.usable().filter(pk=self.pk).update(used_at=timezone.now()))

    def count_attempt(self):
        MailedKey.objects.filter(pk=self.pk).update(attempts=F("attempts") + 1)

    def fits(self, code):
        return hmac.compare_digest(self.digest, digest_of_code(self.user_id, code))


def digest_of_code(user_pk, code):
    """Six digits are guessed from a plain digest at once: this one needs the site's key."""
    return salted_hmac("accounts.mailed-code", f"{user_pk}:{code}", algorithm="sha256").hexdigest()


class FormerPassword(models.Model):
    """Hashes of the passwords before the present one, so that they are not chosen again."""

    KEPT = 2  # with the present one, the last three
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("用過的密碼")
        verbose_name_plural = _("用過的密碼")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.user_id} {self.until:%Y-%m-%d}"

    @classmethod
    def keep(cls, user):
        """Remember the password that `user` has now, before another takes its place."""
        if not user.pk or not user.has_usable_password():
            return
        cls.objects.create(user=user, password=user.password)
        old = cls.objects.filter(user=user).values_list("pk", flat=True)[cls.KEPT :]
        cls.objects.filter(pk__in=list(old)).delete()


CODE_LASTS = timedelta(minutes=settings.MAILED_CODE_MINUTES)
RESET_LASTS = timedelta(minutes=settings.MAILED_LINK_MINUTES)
