"""Passwords of before."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from core.formats import roc_moment


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
        return f"{self.user_id} {roc_moment(self.until)}"

    @classmethod
    def keep(cls, user):
        """Remember the password that `user` has now, before another takes its place."""
        if not user.pk or not user.has_usable_password():
            return
        cls.objects.create(user=user, password=user.password)
        old = cls.objects.filter(user=user).values_list("pk", flat=True)[cls.KEPT :]
        cls.objects.filter(pk__in=list(old)).delete()
