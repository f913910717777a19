"""Seats of students who are not in the file, given to students who are; who gives way sits at a free number meanwhile."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from registry.models import RosterRow, Student, StudentChange
from registry.roster.missing import unnamed_students

SEATS = range(1, 100)


@dataclass(frozen=True)
class GivenSeat:
    """`student` gives the seat to the row at `line` and gets `seat`, None where the class has none left."""

    student: Student
    line: int
    seat: int | None


def seats_to_give(roster_import, faulty):
    """A GivenSeat of each student whose seat a row of the file is given; the same ones whenever they are asked for."""
    students = list(_who_sits_there(roster_import, faulty))
    taken = _taken_in(roster_import, {one.school_class for one in students}) if students else {}
    given = []
    for student in students:
        used = taken[student.school_class_id]
        seat = next((one for one in [*range(max(used) + 1, SEATS.stop), *SEATS] if one not in used), None)
        used.add(seat or 0)
        given.append(GivenSeat(student, student.line, seat))
    return given


def _who_sits_there(roster_import, faulty):
    """Who stands in a faulty line of the file is not missing."""
    rows = RosterRow.objects.filter(
        roster_import=roster_import, class_name=OuterRef("school_class__name"), seat_number=OuterRef("seat_number")
    )
    in_the_file = Q(student_number__in=faulty.faulty_numbers) | Q(identity_fingerprint__in=faulty.faulty_fingerprints)
    numbered = roster_import.rows.exclude(identity_fingerprint="")
    same_number = numbered.filter(identity_fingerprint=OuterRef("identity_fingerprint"))
    return (
        unnamed_students(roster_import)
        .filter(~Exists(same_number), school_class__school_year=roster_import.school_year)
        .exclude(in_the_file)
        .annotate(line=rows.values("line")[:1])
        .filter(line__isnull=False)
        .select_related("school_class")
        .order_by("line", "pk")
    )


def _taken_in(roster_import, classes):
    """{class: seats} that the file gives or that somebody of the class has now."""
    names = {one.name: one.pk for one in classes}
    taken: dict[int, set] = {one.pk: set() for one in classes}
    in_file = roster_import.rows.filter(class_name__in=names).order_by()
    for name, seat in in_file.values_list("class_name", "seat_number"):
        taken[names[name]].add(seat)
    sitting = Student.objects.enrolled().filter(school_class__in=taken)
    for school_class, seat in sitting.values_list("school_class", "seat_number"):
        taken[school_class].add(seat)
    return taken


def give_seats(roster_import, given):
    """Move who gives way; each move is a change that an undo takes back. The caller holds the school's lock."""
    now = []
    for one in given:
        old, one.student.seat_number = one.student.seat_number, one.seat
        now.append(
            StudentChange(
                student=one.student,
                cause=StudentChange.Cause.ROSTER,
                old={"seat_number": old},
                new={"seat_number": one.seat},
                roster_import=roster_import,
                school=roster_import.school,
                by=roster_import.decided_by,
            )
        )
    Student.objects.bulk_update([one.student for one in given], ["seat_number"])
    StudentChange.objects.bulk_create(now)
