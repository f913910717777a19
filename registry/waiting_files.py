"""A file that somebody chose is not chosen twice because something else on the form was wrong.

    waiting = Waiting(request, "file", "charges")
    form = UploadForm(request.POST or None, waiting.files)
    if request.method == "POST" and form.is_valid():
        …
        waiting.let_go()
        return redirect(…)
    waiting.keep(form)
    return render(…)

Browsers empty the fields of files on a page that comes back. So the file waits, encrypted (`WaitingFile`), for its owner
and this form; the page names it and carries its key. A file that is wrong itself, or too large to be taken, is not kept.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest

from core.identity import blot_out
from core.text import file_name
from registry.models import WaitingFile

MOST = 5  # of one person; the oldest goes
SUFFIX = "-waits"  # the hidden field beside `file` is `file-waits`: components/file_box.html


class Waiting:
    """The file of the field `field` of one form on its way. `form`: which form it is, and about whom; of at most 60 letters."""

    def __init__(self, request: HttpRequest, field: str, form: str) -> None:
        self.field, self.form = field, form
        self.person: Any = request.user
        self.is_posted = request.method == "POST"
        self.files = request.FILES if self.is_posted else None
        self.kept = None if field in request.FILES else self._find(request.POST.get(field + SUFFIX, ""))
        if self.kept is not None and self.files is not None:
            self.files = self.files.copy()
            self.files[field] = SimpleUploadedFile(self.kept.name, self.kept.read())

    def _find(self, typed: str) -> WaitingFile | None:
        try:
            key = uuid.UUID(typed)
        except ValueError:
            return None
        return WaitingFile.objects.of(self.person, self.form).filter(key=key).first()

    def keep(self, form: BaseForm, *, is_offered: bool = True) -> None:
        """The form comes back: a file of it that is sound waits, and its field says so.

        One that is not `is_offered` is kept to be taken away with its mistakes marked, not to be sent again.
        """
        if not self.is_posted or not form.is_bound:
            return
        if self.kept is None:
            self.kept = self._kept_of(form.cleaned_data.get(self.field)) if hasattr(form, "cleaned_data") else None
        elif form.has_error(self.field):
            self.let_go()
        if is_offered:
            form.fields[self.field].widget.kept = self.kept  # type: ignore[attr-defined]

    def _kept_of(self, chosen: Any) -> WaitingFile | None:
        """`chosen`: an uploaded file, or what a field made of it, with its `content` (bytes)."""
        if not chosen:
            return None
        content = getattr(chosen, "content", None)
        if content is None:
            chosen.seek(0)
            content = chosen.read(settings.UPLOAD_MAX_BYTES + 1)
        if len(content) > settings.UPLOAD_MAX_BYTES:
            return None
        with transaction.atomic():
            one = WaitingFile(owner=self.person, form=self.form, name=blot_out(file_name(chosen.name))[-100:])
            one.keep(content)
            one.save()
            _delete(WaitingFile.objects.filter(owner=self.person).order_by("-pk")[MOST:])
        return one

    def let_go(self) -> None:
        """It was taken, or is of no use."""
        if self.kept is not None:
            _delete([self.kept])
            self.kept = None


def forget_files() -> int:
    """Delete what nobody sent again within a day; returns how many."""
    return _delete(WaitingFile.objects.forgotten())


def _delete(files: Iterable[WaitingFile]) -> int:
    count = 0
    for one in files:
        with transaction.atomic():
            one.let_file_go()
            one.delete()
        count += 1
    return count
