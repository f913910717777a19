"""What a roster would do, or did, as lists for a page: one kind of outcome at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry import class_names, history
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


SUMMED = ("now", "in_file", "new", "coming", "going", "changed", "missing")
SUMMED_BY_OUTCOME = {"new": "new", "arrived": "coming", "moved": "coming", "changed": "changed"}


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


@dataclass(frozen=True)
class Source:
    """Rows of one kind: how an Entry is made of one, what leads to the student's fields, and what sorts by class."""

    rows: models.QuerySet
    make: Callable[[Any], Entry]
    prefix: str = ""
    by_class: str = "school_class__sort_key"
    class_name: str = "school_class__name"

    @property
    def by_seat(self):
        return [f"{self.prefix}{one}" for one in dict.fromkeys([self.by_class, self.class_name, "seat_number"])]


def source_of(roster_import, kind):
    """The Source of the students of one kind; no page of it costs more than another."""
    if roster_import.state == RosterImport.State.CHECKED:
        if kind == "missing":
            return Source(_students(missing_students(roster_import)), entry_of_student)
        rows = roster_import.rows.filter(outcome=kind).select_related("student").order_by("line")
        return Source(rows, entry_of_row, by_class="class_name", class_name="class_name")
    if kind == "new":
        return Source(_students(Student.objects.filter(added_by=roster_import)), entry_of_student)
    if kind == "missing":
        return Source(_students(Student.objects.filter(missing_from=roster_import)), entry_of_student)
    changes = StudentChange.objects.filter(roster_import=roster_import).select_related("student__school_class")
    gave_way = models.Q(student__in=roster_import.undo.get("reseated", []))
    of_kind = {
        "arrived": models.Q(old__has_key="school"),
        "moved": models.Q(old__has_key="class_name") & ~models.Q(old__has_key="school"),
        "reseated": gave_way,
        "changed": ~models.Q(old__has_key="class_name") & ~gave_way,
    }
    if kind in of_kind:
        return Source(changes.filter(of_kind[kind]).order_by("pk"), entry_of_change, "student__")
    return Source(Student.objects.none(), entry_of_student)


def _students(students):
    return students.select_related("school_class").in_seating_order()


def summary_of(roster_import):
    """Of each class, as JSON keeps it: name, students now, students in the file, new, coming, going, changed, missing.

    Coming and going are between classes and schools. A class of the file that the school does not have is there as well.
    """
    found: dict[str, dict] = {}

    def add(counted, name, field):
        for one in counted:
            if one[name]:
                found.setdefault(one[name], dict.fromkeys(SUMMED, 0))[field] += one["count"]

    enrolled = Student.objects.enrolled().filter(school=roster_import.school_id)
    add(_counted(enrolled, "school_class__name"), "school_class__name", "now")
    add(_counted(missing_students(roster_import), "school_class__name"), "school_class__name", "missing")
    rows = roster_import.rows.order_by()
    for one in rows.values("class_name", "outcome").annotate(count=models.Count("pk")):
        add([one], "class_name", "in_file")
        if field := SUMMED_BY_OUTCOME.get(one["outcome"]):
            add([one], "class_name", field)
    going = rows.filter(outcome=Outcome.MOVED, student__school=roster_import.school_id)
    add(_counted(going, "student__school_class__name"), "student__school_class__name", "going")
    return [[name, *found[name].values()] for name in class_names.in_order(found)]


def _counted(rows, name):
    return rows.order_by().values(name).annotate(count=models.Count("pk"))


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
