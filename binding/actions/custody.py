"""監護限制: set by the registrar on a paper, lifted with a reason. The family is not told; its pages hide."""

from django.db import transaction

from audit import log
from binding.actions.locks import lock_family
from binding.models import CustodyRestriction
from binding.permissions import check_registrar

State = CustodyRestriction.State


class AlreadyRestricted(Exception):
    """A restriction of this student is on."""


@transaction.atomic
def restrict(*, student, document, document_on, starts_on, until, note, by):
    """Hide one parent's data from the other, from `starts_on` to `until`. `document` is a HarmlessFile.

    Raises AlreadyRestricted and NotYours.
    """
    student = lock_family(student)
    check_registrar(by, student)
    for past in CustodyRestriction.objects.past().filter(student=student):
        past.move_to(State.OVER)
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
def lift_restriction(*, restriction, reason, by):
    """Show again what was hidden. Raises InvalidMove where it is over or was lifted already."""
    student = lock_family(restriction.student)
    check_registrar(by, student)
    restriction = CustodyRestriction.objects.get(pk=restriction.pk)
    restriction.move_to(State.LIFTED, lift_reason=reason)
    log.record("custody.lifted", by=by, target=student, school=by.school, data={"reason": reason})
    return restriction


@transaction.atomic
def close_restriction(restriction):
    """Its time is over, and nobody had lifted it."""
    lock_family(restriction.student)
    restriction = (
        CustodyRestriction.objects.past().select_related("student__school").filter(pk=restriction.pk)
    )
    restriction = restriction.first()
    if restriction:
        restriction.move_to(State.OVER)
        log.record("custody.over", target=restriction.student, school=restriction.student.school)
    return restriction
