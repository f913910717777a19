"""Uploads of any length cost no more disk and memory than the longest one allowed."""

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most a byte more than UPLOAD_MAX_BYTES of each file: who reads it sees that it is too long."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.kept = 0

    def receive_data_chunk(self, raw_data, start):
        room = settings.UPLOAD_MAX_BYTES + 1 - self.kept
        if room > 0:
            self.kept += len(raw_data[:room])
            super().receive_data_chunk(raw_data[:room], start)

    def file_complete(self, file_size):
        return super().file_complete(min(file_size, self.kept))
