"""Proof of guardianship: files that only the family and its reviewers may see."""

import hashlib
import uuid

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.application import Application
from core.encrypted_files import HasEncryptedFile


def stored_name(evidence, _name):
    """A name that tells nothing; the folder is private, outside static files."""
    return f"evidence/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


def digest_of(content):
    """SHA-256 (hex): the same file twice is one piece of evidence."""
    return hashlib.sha256(content).hexdigest()


class EvidenceQuerySet(models.QuerySet):
    def of_family(self, student):
        """What the student's family uploaded."""
        return self.filter(application__student=student)

    def of_reviewer(self, user):
        """What came with an application of `Application.objects.of_reviewer`."""
        return self.filter(application__in=Application.objects.of_reviewer(user))


class Evidence(HasEncryptedFile, models.Model):
    """One file, checked, made inert and kept encrypted."""

    class Type(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"
        PDF = "application/pdf", "PDF"

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("申請")
    )
    file = models.FileField(_("檔案"), upload_to=stored_name)
    name = models.CharField(_("檔名"), max_length=100)
    content_type = models.CharField(_("類型"), max_length=20, choices=Type.choices)
    size = models.PositiveIntegerField(_("大小（位元組）"))
    pages = models.PositiveSmallIntegerField(_("頁數"), default=1)
    digest = models.CharField(_("內容摘要（SHA-256）"), max_length=64)
    uploaded_at = models.DateTimeField(_("上傳時間"), default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("證明文件")
        verbose_name_plural = _("證明文件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "digest"],
                name="evidence_once_an_application",
                violation_error_message=_("這份文件已經上傳過了。"),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_image(self):
        return self.content_type != self.Type.PDF

    @property
    def page_numbers(self):
        return range(1, self.pages + 1)

    def keep(self, content):
        """Store `content` (bytes) encrypted, with its size and digest."""
        self.size = len(content)
        self.digest = digest_of(content)
        super().keep(content)

    def delete_with_file(self):
        """Delete the row now, and the stored file once that is certain."""
        file = self.file
        self.delete()
        transaction.on_commit(lambda: file.delete(save=False))
