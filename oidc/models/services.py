"""The services of the city that parents find on the launcher."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import WebAddressField


def check_is_https(address):
    """Raise ValidationError for an address that others on the way could read or change."""
    if not address.startswith("https://"):
        raise ValidationError(_("網址必須以 https:// 開頭。"), code="https")


class Service(models.Model):
    """A service of the city that parents reach with their SSO account, shown on the launcher."""

    name = models.CharField(_("名稱"), max_length=40)
    line = models.CharField(_("一句說明"), max_length=80)
    url = WebAddressField(_("網址"), validators=[check_is_https])
    mark = models.CharField(_("標記字"), max_length=1, help_text=_("顯示在方框裡的一個字，例如「繳」"))
    position = models.PositiveSmallIntegerField(_("順序"), default=0)
    is_shown = models.BooleanField(_("顯示"), default=True)

    class Meta:
        verbose_name = _("服務")
        verbose_name_plural = _("服務")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="https://"),
                name="service_over_https",
                violation_error_message=_("網址必須以 https:// 開頭。"),
            )
        ]

    def __str__(self):
        return self.name
