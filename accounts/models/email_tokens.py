"""What proves a mailbox: a code to type, or a link to open, that was mailed there."""

import hmac

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.one_time_links import UsedOnce, UsedOnceQuerySet


class EmailToken(UsedOnce):
    """A code or link that was mailed. A person has one unused token of each purpose at most."""

    class Purpose(models.TextChoices):
        CODE = "code", _("登入驗證碼")
        OPENING = "opening", _("開通連結")
        RESET = "reset", _("重設密碼連結")
        PORTAL = "portal", _("重設家長帳號密碼連結")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_tokens", verbose_name=_("帳號"))
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose.choices)
    digest = models.CharField(max_length=64, db_index=True, editable=False)  # six digits may come again
    attempts = models.PositiveSmallIntegerField(_("嘗試次數"), default=0)
    created_at = models.DateTimeField(_("建立時間"), default=timezone.now)

    objects = UsedOnceQuerySet.as_manager()

    class Meta:
        verbose_name = _("信箱驗證")
        verbose_name_plural = _("信箱驗證")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(used_at__isnull=True), name="one_unused_email_token"
            )
        ]

    def __str__(self):
        return f"{self.user_id} {self.purpose}"

    @classmethod
    def replace(cls, user, purpose, *, lasts, code=""):
        """(a new row, its token), or with a `code` the row that this code fits; the one before works no longer."""
        cls.objects.unused().filter(user=user, purpose=purpose).delete()
        row = cls(user=user, purpose=purpose)
        token = row.new_token(lasts=lasts)
        if code:
            row.digest = digest_of_code(user.pk, code)
        row.save()
        return row, token

    def count_attempt(self):
        EmailToken.objects.filter(pk=self.pk).update(attempts=F("attempts") + 1)

    def fits(self, code):
        return hmac.compare_digest(self.digest, digest_of_code(self.user_id, code))


def digest_of_code(user_pk, code):
    """Six digits are guessed from a plain digest at once: this one needs the site's key."""
    return salted_hmac("accounts.mailed-code", f"{user_pk}:{code}", algorithm="sha256").hexdigest()
