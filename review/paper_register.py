"""The pile of paper forms that came back: many registered at once, and taken back if that was a slip."""

from django.db import transaction
from django.utils import timezone

from audit import log
from review.models import PaperForm


@transaction.atomic
def mark_paper_form(*, student, answer, by, is_whole_answer=False):
    """Register what the signed paper form says, or take the registration back; a second click changes nothing.

    `is_whole_answer`: the family has no device, the paper is its answer.
    """
    current = PaperForm.objects.select_for_update().filter(student=student).first()
    if current and (current.answer, current.is_whole_answer) == (answer, is_whole_answer):
        return current
    said = {"answer": answer, "is_whole_answer": is_whole_answer}
    paper, _created = PaperForm.objects.update_or_create(
        student=student, defaults={**said, "marked_by": by, "marked_at": timezone.now()}
    )
    log.record(
        "paper_form.marked", by=by, target=student, school=by.school, data={**said, "answer": str(answer)}
    )
    return paper


@transaction.atomic
def mark_many(*, students, answer, by):
    """Register one answer for many students. Returns what an undo needs: {student's key: answer before}."""
    before = answers_of(students)
    for student in students:
        mark_paper_form(student=student, answer=answer, by=by)
    return {key: old for key, old in before.items() if old != answer}


def answers_of(students):
    """{student's key: what stands registered}"""
    known = dict(PaperForm.objects.filter(student__in=students).values_list("student", "answer"))
    return {student.pk: known.get(student.pk, PaperForm.Answer.NOT_RECEIVED) for student in students}


@transaction.atomic
def take_back(*, students, before, by):
    """Give each of `students` the answer that stood before; whoever is not in `before` stays."""
    for student in students:
        if student.pk in before:
            mark_paper_form(student=student, answer=before[student.pk], by=by)
    log.record("paper_form.taken_back", by=by, data={"students": len(before)})
