"""Compares checked rows with the registry and writes the difference: all of it or nothing."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from registry.models import School, SchoolClass, Student
from registry.roster.checking import BATCH, check_rows
from registry.roster.errors import RowError, UnreadableFile
from registry.roster.reading import TITLES, read_rows
from registry.school_year import school_year_on

WRITTEN = [
    "name", "seat_number", "birth_on", "identity_fingerprint", "identity_cipher",
    "school_class", "status", "updated_at",
]  # fmt: skip
TEACHER_FIELDS = ["homeroom_account", "homeroom_name", "homeroom_contact"]
# Seats are moved out of the way first, so that two students of a class can change places.
PARKED_SEATS = 10_000


@dataclass
class Plan:
    """What an import would do; the place for showing it before it is done."""

    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: int = 0
    missing: list = field(default_factory=list)

    @property
    def moved(self):
        return [
            (student, row) for student, row in self.changed if student.school_class.name != row.class_name
        ]

    @property
    def counts(self):
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "missing": len(self.missing),
        }


@dataclass(frozen=True)
class Result:
    errors: list
    plan: Plan | None = None

    @property
    def is_good(self):
        return not self.errors


def check_roster(*, school, data):
    """What importing `data` (bytes) would do, without doing it."""
    return _import(school=school, data=data, by=None, dry_run=True)


def import_roster(*, school, data, by):
    """Write the roster of the current school year. Nothing is written unless every row is good.

    Students missing from the file stay as they are: a decision about them is a person's.
    """
    return _import(school=school, data=data, by=by, dry_run=False)


def _import(*, school, data, by, dry_run):
    try:
        raw_rows = read_rows(data)
    except UnreadableFile as unreadable:
        return Result([unreadable.error])
    with transaction.atomic():
        # One import a school at a time: the second sees what the first wrote.
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        rows, errors = check_rows(raw_rows, school=school)
        if errors:
            return Result(errors)
        classes = _existing_classes(school)
        plan, errors = compare(rows, school=school, classes=classes)
        if errors:
            return Result(errors)
        if not dry_run:
            _write(plan, rows, school=school, classes=classes)
            log.record("roster.imported", by=by, target=school, school=school, data=plan.counts)
    return Result([], plan)


def compare(rows, *, school, classes):
    """(plan, errors): rows as new, changed and unchanged students; seats that somebody still holds."""
    plan = Plan()
    known = {
        student.student_number: student
        for student in Student.objects.filter(school=school).select_related("school_class").iterator(BATCH)
    }
    seen = set()
    for row in rows:
        student = known.get(row.student_number)
        seen.add(row.student_number)
        if student is None:
            plan.new.append((Student(school=school, student_number=row.student_number), row))
        elif differs(student, row, classes):
            plan.changed.append((student, row))
        else:
            plan.unchanged += 1
    missing = [
        student
        for number, student in known.items()
        if number not in seen and student.status == Student.Status.ENROLLED
    ]
    plan.missing = missing
    return plan, find_taken_seats(rows, missing, classes)


def find_taken_seats(rows, missing, classes):
    """A student who is not in the file keeps the seat until somebody decides where they went."""
    holders = {(student.school_class_id, student.seat_number): student for student in missing}
    errors = []
    for row in rows:
        school_class = classes.get(row.class_name)
        holder = holders.get((school_class.pk, row.seat_number)) if school_class else None
        if holder:
            reason = _("這個座號還是學號 %(number)s 的座位，名冊上沒有這位學生。") % {
                "number": holder.student_number
            }
            errors.append(RowError(row.line, str(TITLES["seat_number"]), reason))
    return errors


def differs(student, row, classes):
    school_class = classes.get(row.class_name)
    return (
        school_class is None
        or student.school_class_id != school_class.pk
        or student.status != Student.Status.ENROLLED
        or student.name != row.name
        or student.seat_number != row.seat_number
        or student.birth_on != row.birth_on
        or student.identity_fingerprint != row.fingerprint
    )


def _existing_classes(school):
    year = school_year_on(timezone.localdate())
    return {one.name: one for one in SchoolClass.objects.filter(school=school, school_year=year)}


def _write(plan, rows, *, school, classes):
    _write_classes(rows, school=school, classes=classes)
    for student, row in [*plan.changed, *plan.new]:
        student.school_class = classes[row.class_name]
        student.seat_number = row.seat_number
        student.name = row.name
        student.birth_on = row.birth_on
        student.identity_number = row.identity_number
        student.status = Student.Status.ENROLLED
        student.updated_at = timezone.now()
    changed = [student for student, row in plan.changed]
    _park_seats(changed)
    Student.objects.bulk_update(changed, WRITTEN, batch_size=BATCH // 4)
    Student.objects.bulk_create([student for student, row in plan.new], batch_size=BATCH)


def _park_seats(students):
    keys = [student.pk for student in students]
    for start in range(0, len(keys), BATCH):
        Student.objects.filter(pk__in=keys[start : start + BATCH]).update(
            seat_number=F("seat_number") + PARKED_SEATS
        )


def _write_classes(rows, *, school, classes):
    """Make new classes and take over who teaches them; `classes` is complete afterwards."""
    named = {row.class_name: row for row in rows}
    year = school_year_on(timezone.localdate())
    changed = [one for name, one in classes.items() if name in named and _take_over(one, named[name])]
    SchoolClass.objects.bulk_update(changed, TEACHER_FIELDS)
    new = [SchoolClass(school=school, school_year=year, name=name) for name in named.keys() - classes.keys()]
    for one in new:
        _take_over(one, named[one.name])
    classes |= {one.name: one for one in SchoolClass.objects.bulk_create(new)}


def _take_over(school_class, row):
    """Write the teacher of `row` to the class; what the file leaves empty stays. True when it changed."""
    before = [getattr(school_class, name) for name in TEACHER_FIELDS]
    for name in TEACHER_FIELDS:
        setattr(school_class, name, getattr(row, name) or getattr(school_class, name))
    return before != [getattr(school_class, name) for name in TEACHER_FIELDS]
