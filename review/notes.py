"""What staff write down of a family for each other: dated, by whom, shown on the desk alone."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from audit import log
from registry.models import Student
from review.models import StudentNote


@transaction.atomic
def write_note(*, student: Student, text: str, by: User) -> StudentNote:
    """Keep a note; the same words by the same person once more are the same note. The event tells that, not what."""
    Student.objects.select_for_update(no_key=True, of=("self",)).get(pk=student.pk)
    last = StudentNote.objects.filter(student=student).first()
    if last and (last.text, last.by_id) == (text, by.pk):
        return last
    note = StudentNote.objects.create(student=student, text=text, by=by)
    log.record("student_note.written", by=by, target=student, school=student.school)
    return note


@transaction.atomic
def remove_note(*, student: Student, key: int, by: User) -> bool:
    """Take a note of this student away; False where it is gone already."""
    gone, _rows = StudentNote.objects.filter(student=student, pk=key).delete()
    if gone:
        log.record("student_note.removed", by=by, target=student, school=student.school)
    return bool(gone)


def with_last_note(rows: QuerySet, student: str = "pk") -> QuerySet:
    """Each with `last_note`, the words of the newest note, None where there is none; `student`: the path to the key."""
    notes = StudentNote.objects.filter(student=OuterRef(student)).order_by("-pk")
    return rows.annotate(last_note=Subquery(notes.values("text")[:1]))
