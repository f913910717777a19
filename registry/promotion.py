"""The year's end: every class goes on to the next one or graduates, in one transaction, after a preview."""

import re
from dataclasses import dataclass
from typing import cast

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from registry import history
from registry.models import HomeroomDuty, School, SchoolClass, Student, StudentChange
from registry.signals import Endings, endings_asked, students_ended
from registry.students import lock_students

NUMERALS = "一二三四五六七八九"
BATCH = 500


class AlreadyPromoted(Exception):
    """The school is in another year than the preview was made for."""


class CannotPromote(Exception):
    """`problems`: words for the registrar."""

    def __init__(self, problems):
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Repeat:
    """A student who stays in the grade (重讀): number, class and seat in the new year."""

    student_number: str
    class_name: str
    seat_number: int


@dataclass(frozen=True)
class Foresight:
    """What a promotion would end: how many graduate, and what with them."""

    graduating: int
    endings: Endings


def classes_to_promote(school):
    """Classes of the school's year with how many are enrolled; empty ones need no decision."""
    enrolled = Count("students", filter=Q(students__status=Student.Status.ENROLLED))
    return (
        SchoolClass.objects.filter(school=school, school_year=school.school_year)
        .annotate(enrolled=enrolled)
        .filter(enrolled__gt=0)
        .order_by("name")
    )


def propose(classes):
    """Class by class the name that comes next: 101 -> 201, 七年一班 -> 八年一班; "" for the highest grade."""
    names = {one.name for one in classes}
    grades = {name: grade for name in names if (grade := grade_of(name)) is not None}
    highest = max(grades.values(), default=0)
    return {name: "" if grades.get(name) in (None, highest) else next_name(name) for name in names}


def grade_of(name):
    if found := re.match(r"(\d)\d\d$", name):
        return int(found[1])
    if found := re.match(rf"([{NUMERALS}])年", name):
        return NUMERALS.index(found[1]) + 1
    return None


def next_name(name):
    grade = grade_of(name) + 1
    return (str(grade) if name[0].isdigit() else NUMERALS[grade - 1]) + name[1:]


@transaction.atomic
def promote(*, school, year, targets, repeats, by):
    """Take every enrolled student to `targets` {class name: next name, or "" to graduate}.

    Homeroom teachers go on with their class. Raises AlreadyPromoted and CannotPromote.
    """
    school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if school.school_year != year:
        raise AlreadyPromoted
    lock_students(school)
    students = check_promotion(school=school, targets=targets, repeats=repeats)
    places = {repeat.student_number: repeat for repeat in repeats}
    staying, graduating = who_stays(students, targets, places)
    wanted = {name for name in targets.values() if name} | {repeat.class_name for repeat in repeats}
    classes = _make_classes(school, wanted, {old: new for old, new in targets.items() if new})
    _graduate(graduating, by)
    _move_on(staying, targets, places, classes, by)
    school.school_year = year + 1
    school.save(update_fields=["school_year"])
    counts = {
        "promoted": len(staying) - len(repeats),
        "repeating": len(repeats),
        "graduated": len(graduating),
    }
    log.record("school.promoted", by=by, target=school, school=school, data={"year": year + 1, **counts})
    return counts


def who_stays(students, targets, places):
    """(who goes on to another class, who graduates)"""
    staying: list[Student] = []
    graduating: list[Student] = []
    for student in students:
        goes_on = places.get(student.student_number) or targets[student.school_class.name]
        (staying if goes_on else graduating).append(student)
    return staying, graduating


def foresee(*, school, targets, repeats):
    """How many would graduate, and what would end with them. Raises CannotPromote."""
    students = check_promotion(school=school, targets=targets, repeats=repeats)
    places = {repeat.student_number: repeat for repeat in repeats}
    _staying, graduating = who_stays(students, targets, places)
    [(_receiver, endings)] = endings_asked.send(School, students=[student.pk for student in graduating])
    return Foresight(len(graduating), cast(Endings, endings))


def is_usual_season(day):
    """Schools promote around the change of the year in August."""
    return 5 <= day.month <= 9


def check_promotion(*, school, targets, repeats):
    """The students whom a promotion would take along. Raises CannotPromote."""
    students = list(
        Student.objects.enrolled()
        .filter(school=school, school_class__school_year=school.school_year)
        .select_related("school", "school_class")
    )
    if problems := find_problems(students, targets, repeats):
        raise CannotPromote(problems)
    return students


def find_problems(students, targets, repeats):
    """What stands in the way, in words: classes without an answer, unknown numbers, seats given twice."""
    problems = []
    numbers = {student.student_number: student for student in students}
    without = sorted({student.school_class.name for student in students} - targets.keys())
    problems += [_("%(name)s 班還沒有決定升到哪一班。") % {"name": name} for name in without]
    for repeat in repeats:
        if repeat.student_number not in numbers:
            problems.append(_("學號 %(number)s 不是本校在學的學生。") % {"number": repeat.student_number})
    if problems:
        return problems
    places = {repeat.student_number: repeat for repeat in repeats}
    taken: dict[tuple, str] = {}
    for student in students:
        repeat = places.get(student.student_number)
        name = repeat.class_name if repeat else targets[student.school_class.name]
        seat = (name, repeat.seat_number if repeat else student.seat_number)
        if name and seat in taken:
            words = _("%(name)s 班 %(seat)d 號會有兩位學生：學號 %(one)s 和 %(other)s。")
            problems.append(
                words
                % {"name": seat[0], "seat": seat[1], "one": taken[seat], "other": student.student_number}
            )
        taken[seat] = student.student_number
    return problems[:50]


def _make_classes(school, names, goes_on):
    year = school.school_year + 1
    known = {one.name: one for one in SchoolClass.objects.filter(school=school, school_year=year)}
    new = [SchoolClass(school=school, school_year=year, name=name) for name in sorted(names - known.keys())]
    SchoolClass.objects.bulk_create(new)
    classes = {**known, **{one.name: one for one in new}}
    _take_teachers_along(school, {old: classes[new] for old, new in goes_on.items()}, {one.pk for one in new})
    return classes


def _take_teachers_along(school, goes_on, new):
    """Who teaches a class goes on with it; a class that has a teacher in the new year already keeps that one."""
    duties = HomeroomDuty.objects.today().filter(
        school_class__school=school, school_class__school_year=school.school_year, is_substitute=False
    )
    HomeroomDuty.objects.bulk_create(
        HomeroomDuty(
            school_class=goes_on[duty.school_class.name],
            account=duty.account,
            name=duty.name,
            contact=duty.contact,
            starts_on=timezone.localdate(),
        )
        for duty in duties.select_related("school_class")
        if duty.school_class.name in goes_on and goes_on[duty.school_class.name].pk in new
    )


def _graduate(students, by):
    before = [history.facts_of(student) for student in students]
    for student in students:
        student.status = Student.Status.GRADUATED
        student.missing_from = None
    _write(students, before, by)
    if students:
        students_ended.send(Student, students=students, by=by)


def _move_on(students, targets, places, classes, by):
    before = [history.facts_of(student) for student in students]
    for student in students:
        repeat = places.get(student.student_number)
        if repeat:
            student.seat_number = repeat.seat_number
        name = repeat.class_name if repeat else targets[student.school_class.name]
        student.school_class = classes[name]
    _write(students, before, by)


def _write(students, before, by):
    Student.objects.bulk_update(
        students, ["school_class", "seat_number", "status", "missing_from"], batch_size=BATCH
    )
    changes = []
    for student, old in zip(students, before, strict=True):
        new = history.facts_of(student)
        fields = [field for field in new if new[field] != old[field]]
        changes.append(
            StudentChange(
                student=student,
                cause=StudentChange.Cause.PROMOTION,
                old={field: old[field] for field in fields},
                new={field: new[field] for field in fields},
                school=student.school,
                by=by,
            )
        )
    StudentChange.objects.bulk_create(changes, batch_size=BATCH)
