"""Step 1: the family confirms the student's data or says what is wrong; the registrar decides about it."""

from django.db import transaction

from accounts.models import User
from audit import log
from binding import audience, mails
from binding.actions.locks import lock_family
from binding.evidence_intake import HarmlessFile
from binding.models import CorrectionRequest, DataConfirmation
from binding.permissions import check_registrar
from registry.models import Student, StudentChange
from registry.students import correct_student


class DataChanged(Exception):
    """The registry changed while the family was looking at the page: they are to look again."""


@transaction.atomic
def confirm_data(*, student: Student, seen: str, by: User) -> DataConfirmation:
    """資訊正確: keep a snapshot of the data on the page, which `seen` is the fingerprint of. Raises DataChanged.

    An open request for correction is taken back.
    """
    lock_family(student)
    student.refresh_from_db()
    facts = DataConfirmation.facts_of(student)
    if seen != fingerprint_of(facts):
        raise DataChanged
    latest = DataConfirmation.objects.filter(student=student).order_by("-pk").first()
    for correction in CorrectionRequest.objects.open().filter(student=student):
        correction.decide(CorrectionRequest.Status.WITHDRAWN, by=by)
        log.record("correction.withdrawn", by=by, target=correction, school=student.school)
    if latest and latest.still_holds_for(student):
        return latest
    confirmation = DataConfirmation.objects.create(student=student, confirmed_by=by, **facts)
    log.record("student_data.confirmed", by=by, target=student, school=student.school)
    return confirmation


def fingerprint_of(facts: dict) -> str:
    """What the page carries to tell which data were on it; the facts themselves stay on the server."""
    return "|".join(str(fact) for fact in facts.values()).encode().hex()


@transaction.atomic
def request_correction(
    *, student: Student, proposed: dict[str, str], by: User, message: str = "", proof: HarmlessFile | None = None
) -> CorrectionRequest:
    """資訊有誤: ask the registrar; asking again replaces what the open request says.

    `proposed` is {field: what it should be}.
    """
    lock_family(student)
    request = CorrectionRequest.objects.open().filter(student=student).first()
    event = "correction.reworded" if request else "correction.requested"
    request = request or CorrectionRequest(student=student)
    request.proposed, request.message, request.requested_by = proposed, message, by
    if proof:
        request.keep_proof(proof.content, proof.content_type)
    request.save()
    log.record(event, by=by, target=request, school=student.school, data={"fields": list(proposed)})
    return request


@transaction.atomic
def decide_correction(
    *, request: CorrectionRequest, status: str, answer: str, by: User, values: dict | None = None
) -> CorrectionRequest:
    """The registrar's answer: `values` are written, or nothing was found wrong. The family then confirms, and is mailed
    as far as an address is known.

    Raises ValidationError where the values do not fit, InvalidMove where it is decided already, NotYours.
    """
    lock_family(request.student)
    check_registrar(by, request.student)
    request = CorrectionRequest.objects.select_for_update(of=("self",)).select_related("student").get(pk=request.pk)
    request.decide(status, by=by, answer=answer)
    if values:
        correct_student(student=request.student, values=values, by=by, cause=StudentChange.Cause.CORRECTION)
    log.record(f"correction.{status}", by=by, target=request, school=by.school)
    for reader in audience.of_family(request.student):
        mails.correction_answered(request, to=reader)
    return request
