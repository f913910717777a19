"""Files that nobody but their readers may see."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from core import crypto


class HasEncryptedFile:
    """For models with a `file`: its bytes are stored encrypted."""

    file: Any

    def keep(self, content: bytes) -> None:
        """Store `content` (bytes) encrypted; the caller saves the row."""
        self.file.save("", ContentFile(crypto.encrypt_bytes(content)), save=False)

    def read(self) -> bytes:
        """The file's bytes."""
        with self.file.open("rb") as stored:
            return crypto.decrypt_bytes(stored.read())

    def let_file_go(self) -> None:
        """Forget the file, and delete it once that is written; the caller saves the row."""
        storage, name = self.file.storage, self.file.name
        self.file = ""
        transaction.on_commit(lambda: storage.delete(name))
