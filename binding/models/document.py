"""A paper that the registrar keeps with a record: a court's order, a mandate."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.models.evidence import Evidence
from core.encrypted_files import HasEncryptedFile


def stored_document_name(record, _name):
    """A name that tells nothing; the folder is private."""
    return f"documents/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class HasDocument(HasEncryptedFile, models.Model):
    """One file, checked and made inert as evidence is, and kept encrypted. Only registrars open it."""

    file = models.FileField(_("文件"), upload_to=stored_document_name)
    content_type = models.CharField(_("類型"), max_length=20, choices=Evidence.Type.choices)

    class Meta:
        abstract = True

    @property
    def is_image(self):
        return self.content_type != Evidence.Type.PDF

    def keep_document(self, document):
        """Store a HarmlessFile; the caller saves the row."""
        self.keep(document.content)
        self.content_type = document.content_type
