"""Writes the rows of a checked roster into the registry. The caller holds the school's lock."""

from django.utils import timezone

from registry import history, homeroom
from registry.models import Guardian, RosterImport, RosterRow, School, SchoolClass, Student, StudentChange
from registry.roster.findings import Findings
from registry.roster.missing import missing_students
from registry.roster.parking import fingerprint_of, park
from registry.roster.questions import homerooms_named
from registry.roster.seats import give_seats, seats_to_give
from registry.signals import students_moved_school

Outcome = RosterRow.Outcome
CHUNK = 1000
WRITTEN = [
    "school", "school_class", "seat_number", "student_number", "name", "birth_on",
    "identity_fingerprint", "identity_cipher", "status", "transfer_to", "missing_from", "updated_at",
]  # fmt: skip
TOUCHED = [Outcome.CHANGED, Outcome.MOVED, Outcome.ARRIVED]


def write_rows(roster_import):
    """All of it; notes in `roster_import.undo` what an undo cannot see in the students."""
    school = roster_import.school
    roster_import.undo = {"school_year": school.school_year, "is_first": _is_first(roster_import)}
    if roster_import.school_year > school.school_year:
        School.objects.filter(pk=school.pk).update(school_year=roster_import.school_year)
        school.school_year = roster_import.school_year
    classes = _write_classes(roster_import)
    given = seats_to_give(roster_import, Findings())
    roster_import.undo["reseated"] = [one.student.pk for one in given]
    _mark_missing(roster_import, also=roster_import.undo["reseated"])
    give_seats(roster_import, given)
    park(Student.objects.filter(pk__in=roster_import.rows.filter(outcome__in=TOUCHED).values("student")))
    for rows in _chunks(roster_import, TOUCHED):
        _write_touched(roster_import, rows, classes)
    for rows in _chunks(roster_import, [Outcome.NEW]):
        _write_new(roster_import, rows, classes)


def _is_first(roster_import):
    """Whether no roster of this year was written before."""
    earlier = RosterImport.objects.filter(school=roster_import.school_id, school_year=roster_import.school_year)
    return not earlier.filter(state=RosterImport.State.APPLIED).exclude(pk=roster_import.pk).exists()


def _chunks(roster_import, outcomes):
    """Rows of these outcomes, a thousand at a time: memory does not grow with the file."""
    last = 0
    rows = roster_import.rows.filter(outcome__in=outcomes).order_by("line")
    while chunk := list(rows.filter(line__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].line


def _write_classes(roster_import):
    """Classes by name, new ones made; who teaches them follows the roster."""
    school, year = roster_import.school, roster_import.school_year
    named = homerooms_named(roster_import)
    known = SchoolClass.objects.filter(school=school, school_year=year)
    existing = {one.name: one for one in known.with_homeroom()}
    new = [SchoolClass(school=school, school_year=year, name=name) for name in named if name not in existing]
    SchoolClass.objects.bulk_create(new, batch_size=CHUNK)
    roster_import.undo["classes"] = [one.pk for one in new]
    classes = {**existing, **{one.name: one for one in new}}
    roster_import.undo["duties"] = homeroom.follow_roster(
        [(classes[name], list(one.accounts.items()), one.contact) for name, one in named.items()]
    )
    return {name: one.pk for name, one in classes.items()}


def _mark_missing(roster_import, also):
    """Students who are not in the file wait for a decision; those who are in it again wait no longer.

    Of whom an earlier roster did not name, the undo keeps which: "found" are in this file, "missing" again are not.
    """
    named = roster_import.rows.filter(student__missing_from__isnull=False).values("student")
    found = Student.objects.filter(pk__in=named)
    missing = missing_students(roster_import, also)
    again = missing.filter(missing_from__isnull=False)
    roster_import.undo["found"] = list(found.values_list("pk", "missing_from"))
    roster_import.undo["missing"] = list(again.values_list("pk", "missing_from"))
    found.update(missing_from=None)
    missing.update(missing_from=roster_import)


def _write_touched(roster_import, rows, classes):
    moved, changes, guardians_of = [], [], {}
    students = Student.objects.select_related("school").in_bulk([row.student_id for row in rows])
    for row in rows:
        student = row.student = students[row.student_id]
        if row.outcome == Outcome.ARRIVED:
            moved.append((student, student.school))
        _take_over(student, row, roster_import, classes)
        changes.append(
            StudentChange(
                student=student,
                cause=StudentChange.Cause.ROSTER,
                old=row.old,
                new=_new_values(row, roster_import, classes),
                roster_import=roster_import,
                school=roster_import.school,
                by=roster_import.decided_by,
            )
        )
        if "guardians" in row.old:
            guardians_of[student] = row.guardians
    Student.objects.bulk_update([row.student for row in rows], WRITTEN, batch_size=CHUNK // 4)
    StudentChange.objects.bulk_create(changes)
    write_guardians(guardians_of)
    if moved:
        students_moved_school.send(Student, students=[student for student, _from in moved], by=roster_import.decided_by)


def _take_over(student, row, roster_import, classes):
    student.school = roster_import.school
    student.school_class_id = classes[row.class_name]
    student.seat_number = row.seat_number
    student.student_number = row.student_number
    student.name = row.name
    student.birth_on = row.birth_on
    if "identity" in row.old:
        student.identity_cipher = row.identity_cipher
    student.identity_fingerprint = row.identity_fingerprint or fingerprint_of(student)
    student.status = Student.Status.ENROLLED
    student.transfer_to = None
    student.missing_from = None
    student.updated_at = timezone.now()


def _new_values(row, roster_import, classes):
    values = {
        "school": roster_import.school.name,
        "class_name": row.class_name,
        "class_pk": classes[row.class_name],
        "seat_number": row.seat_number,
        "student_number": row.student_number,
        "name": row.name,
        "identity": row.identity_cipher,
        "birth_on": row.birth_on.isoformat(),
        "status": str(Student.Status.ENROLLED),
        "guardians": row.guardians,
    }
    return {field: values[field] for field in row.old}


def _write_new(roster_import, rows, classes):
    students = [
        Student(
            school=roster_import.school,
            school_class_id=classes[row.class_name],
            seat_number=row.seat_number,
            student_number=row.student_number,
            name=row.name,
            birth_on=row.birth_on,
            identity_fingerprint=row.identity_fingerprint,
            identity_cipher=row.identity_cipher,
            added_by=roster_import,
        )
        for row in rows
    ]
    Student.objects.bulk_create(students)
    if not roster_import.undo["is_first"]:
        _note_added(roster_import, students, rows)
    write_guardians({student: row.guardians for student, row in zip(students, rows, strict=True) if row.guardians})


def _note_added(roster_import, students, rows):
    """Who comes in the middle of a year is in the school's register of moves; whom a year begins with is not."""
    StudentChange.objects.bulk_create(
        StudentChange(
            student=student,
            cause=StudentChange.Cause.ROSTER,
            old={},
            new={"class_name": row.class_name, "seat_number": row.seat_number},
            roster_import=roster_import,
            school=roster_import.school,
            by=roster_import.decided_by,
        )
        for student, row in zip(students, rows, strict=True)
    )


def write_guardians(guardians_of):
    Guardian.objects.filter(student__in=list(guardians_of)).delete()
    Guardian.objects.bulk_create(
        one for student, values in guardians_of.items() for one in history.make_guardians(student, values)
    )
