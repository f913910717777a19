"""A file that was chosen on a form in which something else was wrong."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.encrypted_files import HasEncryptedFile

KEPT = timedelta(days=1)


def stored_name(_file, _typed):
    """A name that tells nothing; the folder is private."""
    return f"waiting/{uuid.uuid4().hex}"


class WaitingFileQuerySet(models.QuerySet):
    def of(self, person, form):
        """What waits for the next try of this person with this form."""
        return self.filter(owner=person, form=form, kept_at__gt=timezone.now() - KEPT)

    def forgotten(self):
        """Nobody tried again within a day."""
        return self.filter(kept_at__lte=timezone.now() - KEPT)


class WaitingFile(HasEncryptedFile, models.Model):
    """It waits, encrypted, for whoever chose it to send the same form again; only that person gets it back."""

    key = models.UUIDField(_("鍵值"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="waiting_files", verbose_name=_("上傳者")
    )
    form = models.CharField(_("表單"), max_length=60)  # which one, and about whom
    name = models.CharField(_("檔名"), max_length=100)
    file = models.FileField(_("檔案"), upload_to=stored_name)
    kept_at = models.DateTimeField(_("保留時間"), default=timezone.now)

    objects = WaitingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("表單上保留的檔案")
        verbose_name_plural = _("表單上保留的檔案")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kept_at"], name="waiting_files_by_age")]

    def __str__(self):
        return self.name
