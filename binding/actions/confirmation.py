from django.db import transaction

from audit import log
from binding.actions.locks import lock_family
from binding.models import CorrectionRequest, DataConfirmation


class DataChanged(Exception):
    """The registry changed while the family was looking at the page: they are to look again."""


@transaction.atomic
def confirm_data(*, student, seen, by):
    """Keep a snapshot of the data that the family saw and found right; an open correction is taken back."""
    lock_family(student)
    student.refresh_from_db()
    facts = DataConfirmation.facts_of(student)
    if seen != fingerprint_of(facts):
        raise DataChanged
    latest = DataConfirmation.objects.filter(student=student).order_by("-pk").first()
    for correction in CorrectionRequest.objects.open().filter(student=student):
        correction.settle(CorrectionRequest.Status.WITHDRAWN, by=by)
        log.record("correction.withdrawn", by=by, target=correction, school=student.school)
    if latest and latest.still_holds_for(student):
        return latest
    confirmation = DataConfirmation.objects.create(student=student, confirmed_by=by, **facts)
    log.record("student_data.confirmed", by=by, target=student, school=student.school)
    return confirmation


def fingerprint_of(facts):
    """What the page carries to tell which data were on it; the facts themselves stay on the server."""
    return "|".join(str(fact) for fact in facts.values()).encode().hex()


@transaction.atomic
def request_correction(*, student, items, message, by):
    """Send 資訊有誤 to the registrar; asking again replaces the words of the open request."""
    lock_family(student)
    request, created = CorrectionRequest.objects.open().update_or_create(
        student=student,
        status=CorrectionRequest.Status.OPEN,
        defaults={"items": items, "message": message, "requested_by": by},
    )
    log.record(
        "correction.requested" if created else "correction.reworded",
        by=by,
        target=request,
        school=student.school,
        data={"items": items},
    )
    return request


@transaction.atomic
def settle_correction(*, request, status, answer, by):
    """The registrar's answer: corrected, or nothing found wrong. The family then confirms."""
    request = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
    request.settle(status, by=by, answer=answer)
    log.record(f"correction.{status}", by=by, target=request, school=by.school)
    return request
