"""What changed between two applied rosters: of each student the value before the first and after the last change."""

from registry import history
from registry.models import RosterImport, Student, StudentChange
from registry.roster.showing import entry_of_student

SHOWN = 20


def earlier_than(roster_import):
    """Applied rosters of the school that `roster_import` can be compared with, the last first."""
    applied = RosterImport.objects.filter(school=roster_import.school_id, state=RosterImport.State.APPLIED)
    return applied.filter(decided_at__lt=roster_import.decided_at).order_by("-decided_at")[:SHOWN]


def imports_between(older, newer):
    """The applied rosters after `older`, up to and with `newer`."""
    applied = RosterImport.objects.filter(school=newer.school_id, state=RosterImport.State.APPLIED)
    return applied.filter(decided_at__gt=older.decided_at, decided_at__lte=newer.decided_at)


def changed_students(imports):
    """Students whom any of these rosters changed, in seating order; `added_by` tells those apart whom one of them added."""
    changed = StudentChange.objects.filter(roster_import__in=imports).values("student")
    students = Student.objects.filter(pk__in=changed) | Student.objects.filter(added_by__in=imports)
    return students.select_related("school_class").in_seating_order()


def entries_between(students, imports):
    """An Entry of each of `students` (one page of them), with its net differences."""
    old: dict[int, dict] = {}
    new: dict[int, dict] = {}
    changes = StudentChange.objects.filter(student__in=students, roster_import__in=imports).order_by("pk")
    for change in changes:
        first, last = old.setdefault(change.student_id, {}), new.setdefault(change.student_id, {})
        for field, value in change.old.items():
            first.setdefault(field, value)
        last.update(change.new)
    added = {one.pk for one in imports}
    return [
        _entry(student, old.get(student.pk, {}), new.get(student.pk, {}), is_new=student.added_by_id in added)
        for student in students
    ]


def _entry(student, old, new, *, is_new):
    fields = [field for field in old if old[field] != new.get(field)]
    differences = history.differences(
        {field: old[field] for field in fields}, {field: new.get(field) for field in fields}
    )
    return entry_of_student(student, differences, is_new=is_new)
