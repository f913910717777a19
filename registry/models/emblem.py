"""The face that a school chooses: its emblem, and one accent colour out of a few that can be read on our paper."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _


class Accent(models.TextChoices):
    """Colours of `static/css/accents.css`, each readable by day and by night. None is red: red is the seal's."""

    PINE = "pine", _("松綠")
    LAKE = "lake", _("湖藍")
    INDIGO = "indigo", _("靛青")
    WISTERIA = "wisteria", _("藤紫")
    PLUM = "plum", _("梅紫")
    OCHRE = "ochre", _("赭石")
    OLIVE = "olive", _("橄欖")
    SLATE = "slate", _("石板灰")


class Emblem(models.Model):
    """A school's emblem as we drew it; apart from the school, which every page loads, and never changed.

    The key is made of the picture and of whose it is, so that a browser may keep what an address gave, and two schools
    with one picture have one each.
    """

    digest = models.CharField(_("內容指紋"), max_length=64, primary_key=True)
    png = models.BinaryField(_("圖片"))

    class Meta:
        verbose_name = _("校徽")
        verbose_name_plural = _("校徽")

    def __str__(self):
        return self.digest[:12]

    @staticmethod
    def digest_of(school, png):
        """64 hexadecimal digits. school: its key; png: bytes."""
        return hashlib.sha256(b"%d:" % school + png).hexdigest()
