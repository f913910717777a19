"""監護限制: set by the registrar on a paper, lifted with a reason. The family is not told; its pages hide."""

from datetime import date

from django.db import transaction

from accounts.models import User
from audit import log
from binding.actions.locks import lock_family
from binding.evidence_intake import HarmlessFile
from binding.models import CustodyRestriction
from binding.permissions import check_registrar
from registry.models import Student

State = CustodyRestriction.State


class AlreadyRestricted(Exception):
    """A restriction of this student is on."""


@transaction.atomic
def restrict(
    *,
    student: Student,
    document: HarmlessFile,
    document_on: date,
    starts_on: date,
    until: date | None,
    note: str,
    by: User,
) -> CustodyRestriction:
    """Hide one parent's data from the other, from `starts_on` to `until`.

    Raises AlreadyRestricted and NotYours.
    """
    student = lock_family(student)
    check_registrar(by, student)
    for past in CustodyRestriction.objects.past().filter(student=student):
        past.move_to(State.EXPIRED)
    if CustodyRestriction.objects.filter(student=student, state=State.ON).exists():
        raise AlreadyRestricted
    restriction = CustodyRestriction(
        student=student, document_on=document_on, starts_on=starts_on, until=until, note=note, set_by=by
    )
    restriction.keep_document(document)
    restriction.save()
    log.record("custody.restricted", by=by, target=student, school=by.school)
    return restriction


@transaction.atomic
def lift_restriction(*, restriction: CustodyRestriction, reason: str, by: User) -> CustodyRestriction:
    """Show again what was hidden. Raises InvalidMove where it is over or was lifted already."""
    student = lock_family(restriction.student)
    check_registrar(by, student)
    restriction = CustodyRestriction.objects.get(pk=restriction.pk)
    restriction.move_to(State.LIFTED, lift_reason=reason)
    log.record("custody.lifted", by=by, target=student, school=by.school, data={"reason": reason})
    return restriction


@transaction.atomic
def expire_restriction(restriction: CustodyRestriction) -> CustodyRestriction | None:
    """Its time is over. None where somebody had lifted it."""
    lock_family(restriction.student)
    past = CustodyRestriction.objects.past().filter(pk=restriction.pk)
    expired = past.select_related("student__school").first()
    if expired:
        expired.move_to(State.EXPIRED)
        log.record("custody.expired", target=expired.student, school=expired.student.school)
    return expired
