"""Students whom the last roster did not name, decided many at once: still here, or gone on one day in one way."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import log
from core.listing import Column, Listing, Search
from registry.columns import class_filter, of_student
from registry.models import School, Student, StudentChange
from registry.search import with_words
from registry.signals import students_ended
from registry.students import check_not_own_family

STAYS = "stays"
CHUNK = 250
COLUMNS = (
    Column("pick", gettext_lazy("勾選"), is_silent=True),
    *of_student(),
    Column("roster", gettext_lazy("名冊"), lambda one: one.missing_from.name, order=("missing_from",), width=24),
    Column("tools", gettext_lazy("處理方式")),
)


def missing_list(request: Any) -> Listing:
    """Enrolled students of the school who wait for a decision."""
    missing = Student.objects.enrolled().filter(school=request.school, missing_from__isnull=False)
    return Listing(
        request,
        missing.select_related("school_class", "missing_from"),
        name="missing",
        title=_("未列於名冊"),
        columns=COLUMNS,
        filters=[class_filter(request.school)],
        search=Search(_("學號、姓名或班級"), with_words),
        sort="class",
    )


@transaction.atomic
def decide_missing(
    *, school: School, students: Sequence[int], decision: str, by: Any, on: date | None = None, note: str = ""
) -> int:
    """Decide about students (keys): STAYS, or the status they go to, counted from `on`; returns how many there were.

    Who was decided about meanwhile is left as is. Graduating and leaving end the bindings, with a mail to each parent.
    Raises ValidationError where one is of the own family, InvalidMove for a status nobody goes to from here.
    """
    waiting = Student.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    waiting = waiting.enrolled().filter(school=school, missing_from__isnull=False)
    found: list[Student] = []
    students = sorted(students)  # locks are taken in the order of keys
    for start in range(0, len(students), CHUNK):
        chunk = waiting.filter(pk__in=students[start : start + CHUNK])
        found += chunk.select_related("school", "school_class")
    if decision == STAYS:
        Student.objects.bulk_update([_stays(one) for one in found], ["missing_from"], batch_size=CHUNK)
        log.record("students.kept", by=by, target=school, school=school, data={"students": [one.pk for one in found]})
    else:
        _go(found, decision, by=by, on=on, note=note)
    return len(found)


def _stays(student):
    student.missing_from = None
    return student


def _go(students, status, *, by, on, note):
    changes = []
    for student in students:
        check_not_own_family(student, by)
        before = str(student.status)
        student.set_state(status, missing_from=None)
        change = StudentChange(
            student=student, cause=StudentChange.Cause.MOVE, old={"status": before},
            new={"status": str(student.status)}, school=student.school, by=by, note=note,
        )  # fmt: skip
        if on:
            change.on = on
        changes.append(change)
    Student.objects.bulk_update(students, ["status", "missing_from"], batch_size=CHUNK)
    StudentChange.objects.bulk_create(changes, batch_size=CHUNK)
    for student in students:
        log.record(f"student.{status}", by=by, target=student, school=student.school)
    if status in Student.ENDED and students:
        students_ended.send(Student, students=students, by=by)
