from django.db import transaction

from binding.actions.application import withdraw
from binding.actions.locks import lock_application
from binding.actions.starting import end_locked
from binding.models import Application, Binding, CorrectionRequest
from registry.models import Student

END_REASONS = {
    Student.Status.GRADUATED: Binding.EndReason.GRADUATED,
    Student.Status.LEFT: Binding.EndReason.LEFT,
}


@transaction.atomic
def end_all_of(*, students, by):
    """End what binds parents to students who graduated or left; open requests of the family are closed.

    Applications come first: an approval going on at this moment is waited for, and its binding ends as well.
    """
    reasons = {student.pk: END_REASONS[student.status] for student in students}
    for application in Application.objects.open().filter(student__in=reasons).order_by("pk"):
        if lock_application(application).is_open:
            withdraw(application=application, by=by)
    for binding in Binding.objects.standing().filter(student__in=reasons).to_end():
        end_locked(binding, reasons[binding.student_id], by)
    for correction in CorrectionRequest.objects.open().filter(student__in=reasons):
        correction.decide(CorrectionRequest.Status.WITHDRAWN, by=by)
