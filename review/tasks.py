"""What the worker does for the teacher's desk. A task may run twice: the second run decides nothing."""

from functools import partial

from django.db import transaction
from django_tasks import task

from registry.models import Student
from review.automatic import approve_matched
from review.models import ReviewRules


def consider_later(student):
    """Let the worker look at the student's application, where the school approves what matches."""
    if ReviewRules.objects.filter(school=student.school_id, approves_matched=True).exists():
        transaction.on_commit(partial(approve_what_matches.enqueue, student.pk))


@task()
def approve_what_matches(student_pk):
    """Decide what needs no look; the student may be gone by now."""
    student = Student.objects.select_related("school").filter(pk=student_pk).first()
    if student:
        approve_matched(student)
