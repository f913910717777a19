"""What a roster would do, or did, as lists for a page: one kind of outcome at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry import history
from registry.models import RosterImport, RosterRow, Student, StudentChange
from registry.roster.missing import missing_students

Outcome = RosterRow.Outcome
KINDS = {
    "new": _("新增"),
    "arrived": _("轉入"),
    "moved": _("換班"),
    "changed": _("更新"),
    "missing": _("未列於名冊"),
    "reseated": _("暫排座號"),
    "unchanged": _("沒有變動"),
}


@dataclass(frozen=True)
class Entry:
    """One student in such a list."""

    student: Student | None
    class_name: str
    seat_number: int
    student_number: str
    name: str
    differences: Sequence
    is_new: bool = False


def kinds_of(roster_import):
    """(kind, its word, how many) of what the roster has anything of; unchanged ones have no list once applied."""
    counts = roster_import.counts
    return [(kind, word, counts.get(kind, 0)) for kind, word in KINDS.items() if counts.get(kind)]


def entries_of(roster_import, kind):
    """(queryset, how to make an Entry of each of its objects)."""
    if roster_import.state == RosterImport.State.CHECKED:
        if kind == "missing":
            return _students(missing_students(roster_import)), entry_of_student
        return roster_import.rows.filter(outcome=kind).select_related("student").order_by("line"), entry_of_row
    if kind == "new":
        return _students(Student.objects.filter(added_by=roster_import)), entry_of_student
    if kind == "missing":
        return _students(Student.objects.filter(missing_from=roster_import)), entry_of_student
    changes = StudentChange.objects.filter(roster_import=roster_import)
    changes = changes.select_related("student__school_class").order_by("pk")
    if kind == "arrived":
        return changes.filter(old__has_key="school"), entry_of_change
    if kind == "moved":
        return changes.filter(old__has_key="class_name").exclude(old__has_key="school"), entry_of_change
    gave_way = models.Q(student__in=roster_import.undo.get("reseated", []))
    if kind == "changed":
        return changes.exclude(gave_way).exclude(old__has_key="class_name"), entry_of_change
    if kind == "reseated":
        return changes.filter(gave_way), entry_of_change
    return Student.objects.none(), entry_of_student


def _students(students):
    return students.select_related("school_class").in_seating_order()


def entry_of_student(student, differences=(), *, is_new=False):
    school_class, seat, number = student.school_class, student.seat_number, student.student_number
    return Entry(student, school_class.name, seat, number, student.name, differences, is_new)


def entry_of_row(row):
    new = {
        "class_name": row.class_name,
        "seat_number": row.seat_number,
        "student_number": row.student_number,
        "name": row.name,
        "identity": row.identity_cipher,
        "birth_on": row.birth_on.isoformat(),
        "status": str(Student.Status.ENROLLED),
        "guardians": row.guardians,
        "school": "",
    }
    differing = {field: new[field] for field in row.old if field in new and field != "school"}
    differences = history.differences({field: row.old[field] for field in differing}, differing)
    return Entry(row.student, row.class_name, row.seat_number, row.student_number, row.name, differences)


def entry_of_change(change):
    return entry_of_student(change.student, history.differences(change.old, change.new))
