"""相符的申請自動核可: approval without a click, for schools that want it, where everything agrees and nothing is flagged."""

from functools import partial

from django.db import transaction
from django_tasks import task

from binding.models import Applicant, Application
from registry.models import Student
from review import policies
from review.decisions import approve_by_itself
from review.guardians import Match, match_of, with_names_on_record
from review.models import Escalation, ReviewRules
from review.review_flags import flags_of


def consider_later(student: Student) -> None:
    """Let the worker look at the student's application, where the school approves what matches."""
    if ReviewRules.objects.filter(school=student.school_id, approves_matched=True).exists():
        transaction.on_commit(partial(approve_what_matches.enqueue, student.pk))


@task()
def approve_what_matches(student_pk: int) -> None:
    """Run by the worker, perhaps twice: the second run decides nothing. The student may be gone by now."""
    student = Student.objects.select_related("school").filter(pk=student_pk).first()
    if student:
        approve_matched(student)


def approve_matched(student: Student) -> list[Applicant]:
    """Approve each waiting applicant of whom everything agrees; returns those who were approved."""
    application = Application.objects.filter(student=student, status=Application.Status.SUBMITTED).first()
    if application is None or not ReviewRules.of(student.school).approves_matched:
        return []
    done = []
    for applicant in application.applicants.filter(review=Applicant.Review.PENDING):
        try:
            done.append(approve_by_itself(applicant=applicant, revision=application.revision, check=agrees))
        except (policies.Stale, policies.NotAllowed):
            continue  # it waits for the teacher, as everything else does
    return done


def agrees(application: Application, applicant: Applicant) -> bool:
    """Whether the applicant is a guardian on record under the same name, not flagged, not escalated, not decided before."""
    if applicant.needs_person or Escalation.objects.filter(application=application).exists():
        return False
    if match_of(with_names_on_record(Applicant.objects).get(pk=applicant.pk)) != Match.MATCHED:
        return False
    return not flags_of([application])[applicant.pk]
