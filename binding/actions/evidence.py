"""證明文件 of an application: added and removed by the family. What a file may hold: `binding.evidence_intake`."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit import log
from binding.actions.application import Incomplete, note_edit
from binding.actions.locks import lock_application
from binding.evidence_intake import HarmlessFile
from binding.models import Application, Evidence
from binding.models.evidence import digest_of
from core.states import InvalidMove


class TooMany(Exception):
    """More files than an application may have."""


@transaction.atomic
def add_evidence(*, application: Application, files: list[HarmlessFile], by: User) -> None:
    """Keep files from `binding.evidence_intake`; the same file twice is kept once.

    Raises `TooMany`, and InvalidMove where the files were not handed back.
    """
    application = lock_application(application)
    _check_takes_evidence(application)
    known = set(application.evidence.values_list("digest", flat=True))
    fresh = {digest: file for file in files if (digest := digest_of(file.content)) not in known}
    if len(known) + len(fresh) > settings.EVIDENCE_MAX_FILES:
        raise TooMany
    for file in fresh.values():
        evidence = Evidence(application=application, name=file.name, content_type=file.content_type, pages=file.pages)
        evidence.keep(file.content)
        evidence.save()
        _note_evidence("evidence.added", evidence, application, by)
    note_edit(application)


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User) -> None:
    """Take a file back; the last one of a sent application can only be replaced. Raises as `add_evidence`."""
    application = lock_application(evidence.application)
    _check_takes_evidence(application)
    if application.is_submitted and application.evidence.count() == 1:
        raise Incomplete(["evidence"])
    _note_evidence("evidence.removed", evidence, application, by)
    evidence.delete_with_file()
    note_edit(application)


def _check_takes_evidence(application: Application) -> None:
    if not application.takes_evidence:
        raise InvalidMove(application.status, "evidence changed")


def _note_evidence(event: str, evidence: Evidence, application: Application, by: User) -> None:
    data = {"evidence": evidence.pk}
    log.record(event, by=by, target=application, school=application.student.school, data=data)
