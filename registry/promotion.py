"""The year's end: every class goes on to the next one or graduates, in one transaction, after a preview."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from audit import log
from registry import class_names, history, homeroom
from registry.models import HomeroomDuty, School, SchoolClass, Student, StudentChange
from registry.promotion_plan import GRADUATES, check_places, sources_of
from registry.signals import Endings, endings_asked, students_ended
from registry.students import lock_students

GRADUATION = gettext_lazy("畢業")
CHUNK = 500


class AlreadyPromoted(Exception):
    """The school is in another year than the preview was made for."""


@dataclass(frozen=True)
class Merge:
    """Classes that become one: the new name, the old ones, whose teachers go on, how many students get a new seat."""

    name: str
    former: list[str]
    teachers_of: str
    teachers: list[str]
    reseated: int


@dataclass(frozen=True)
class Foresight:
    """What a promotion would do: who graduates and what ends with them, which classes merge."""

    graduates: dict[str, list[Student]]  # {class: by seat}
    endings: Endings
    merges: list[Merge]

    @property
    def graduating(self) -> int:
        return sum(len(students) for students in self.graduates.values())


def classes_to_promote(school):
    """Classes of the school's year with how many are enrolled; empty ones need no decision."""
    enrolled = Count("students", filter=Q(students__status=Student.Status.ENROLLED))
    return (
        SchoolClass.objects.filter(school=school, school_year=school.school_year)
        .annotate(enrolled=enrolled)
        .filter(enrolled__gt=0)
        .in_order()
    )


def propose(classes):
    """Class by class the name that comes next, GRADUATES, or "" where a person has to say: 101 -> 201, 1年1班 -> 2年1班.

    A class graduates where its name says so (國三, 高三) or where its grade ends a school (3, 6, 9, 12) of several
    grades that has no next one.
    """
    known = {one.name: class_names.read(one.name) for one in classes}
    grades = {one.grade for one in known.values() if one and one.prefix not in class_names.STAGES}
    return {name: _next_of(one, grades) if one else "" for name, one in known.items()}


def _next_of(one, grades):
    if one.is_last:
        return GRADUATES
    if one.prefix in class_names.STAGES or one.grade + 1 in grades:
        return one.next
    if one.grade not in class_names.LAST_GRADES:
        return one.next if one.grade < max(class_names.LAST_GRADES) else ""
    return GRADUATES if len(grades) > 1 else ""


def read_target(text):
    """What was written as the next class: GRADUATES for 畢業 in any language of the pages, else the text itself."""
    words = {GRADUATES}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words.add(str(GRADUATION).casefold())
    return GRADUATES if text.casefold() in words else text


@transaction.atomic
def promote(
    *, school: School, year: int, targets: dict[str, str], repeats: Any, renumber: bool = False, by: Any
) -> dict[str, int]:
    """Take every enrolled student to `targets` {class name: next name, or GRADUATES}.

    Homeroom teachers go on with their class; of classes that merge, those of the largest. `renumber` gives who meets
    a taken seat the next free one. Raises AlreadyPromoted and CannotPromote.
    """
    school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if school.school_year != year:
        raise AlreadyPromoted
    lock_students(school)
    students = _students_to_promote(school)
    places = check_places(school, students, targets, repeats, renumber=renumber)
    graduating = [student for student in students if student.pk not in places]
    staying = [student for student in students if student.pk in places]
    classes = _make_classes(school, {name for name, _seat in places.values()})
    _take_teachers_along(school, students, targets, classes)
    _graduate(graduating, by)
    _move_on(staying, places, classes, by)
    school.school_year = year + 1
    school.save(update_fields=["school_year"])
    counts = {"promoted": len(staying) - len(repeats), "repeating": len(repeats), "graduated": len(graduating)}
    log.record("school.promoted", by=by, target=school, school=school, data={"year": year + 1, **counts})
    return counts


def foresee(*, school, targets, repeats, renumber=False):
    """A Foresight of the promotion. Raises CannotPromote."""
    students = _students_to_promote(school)
    places = check_places(school, students, targets, repeats, renumber=renumber)
    graduating = [student for student in students if student.pk not in places]
    [(_receiver, endings)] = endings_asked.send(School, students=[student.pk for student in graduating])
    return Foresight(_by_class(graduating), cast(Endings, endings), _merges(school, students, targets, places))


def is_usual_season(day):
    """Schools promote around the change of the year in August."""
    return 5 <= day.month <= 9


def _students_to_promote(school):
    students = Student.objects.enrolled().filter(school=school, school_class__school_year=school.school_year)
    return list(students.select_related("school", "school_class").in_seating_order())


def _by_class(students):
    """{class: its students}, in the order in which they come."""
    return {name: list(some) for name, some in groupby(students, key=lambda one: one.school_class.name)}


def _merges(school, students, targets, places):
    teachers = _teachers(school)
    merges = []
    for name, former in sources_of(students, targets).items():
        if len(former) < 2:
            continue
        first = next((one for one in former if one in teachers), "")
        reseated = sum(
            student.school_class.name in former
            and places.get(student.pk, ("",))[0] == name
            and places[student.pk][1] != student.seat_number
            for student in students
        )
        names = [duty.name or duty.account for duty in teachers.get(first, {}).values()]
        merges.append(Merge(name, class_names.in_order(former), first, names, reseated))
    return merges


def _make_classes(school, names):
    """{name: class of the new year}; those there are already are taken."""
    year = school.school_year + 1
    known = {one.name: one for one in SchoolClass.objects.filter(school=school, school_year=year)}
    new = [
        SchoolClass(school=school, school_year=year, name=name) for name in class_names.in_order(names - known.keys())
    ]
    SchoolClass.objects.bulk_create(new)
    return {**known, **{one.name: one for one in new}}


def _teachers(school):
    """{class name: {place: duty}} of the year that ends, as they stand today."""
    duties = HomeroomDuty.objects.today().filter(
        school_class__school=school, school_class__school_year=school.school_year, is_substitute=False
    )
    found: dict[str, dict] = {}
    for duty in duties.select_related("school_class").order_by("pk"):
        found.setdefault(duty.school_class.name, {})[duty.place] = duty
    return found


def _take_teachers_along(school, students, targets, classes):
    """Who teaches a class goes on with it; a class that has a teacher in the new year already keeps that one."""
    homeroom.lock_classes([one.pk for one in classes.values()])
    standing = HomeroomDuty.objects.standing().filter(school_class__in=classes.values())
    provided = set(standing.values_list("school_class", flat=True))
    teachers = _teachers(school)
    going = []
    for name, former in sources_of(students, targets).items():
        if classes[name].pk not in provided:
            first = next((one for one in former if one in teachers), None)
            going += [(classes[name], duty) for duty in teachers.get(first, {}).values()]
    HomeroomDuty.objects.bulk_create(
        HomeroomDuty(
            school_class=school_class,
            account=duty.account,
            name=duty.name,
            contact=duty.contact,
            place=duty.place,
            starts_on=timezone.localdate(),
        )
        for school_class, duty in going
    )


def _graduate(students, by):
    before = [history.facts_of(student) for student in students]
    for student in students:
        student.set_state(Student.Status.GRADUATED, missing_from=None)
    _write(students, before, by)
    if students:
        students_ended.send(Student, students=students, by=by)


def _move_on(students, places, classes, by):
    before = [history.facts_of(student) for student in students]
    for student in students:
        name, student.seat_number = places[student.pk]
        student.school_class = classes[name]
    _write(students, before, by)


def _write(students, before, by):
    Student.objects.bulk_update(students, ["school_class", "seat_number", "status", "missing_from"], batch_size=CHUNK)
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
    StudentChange.objects.bulk_create(changes, batch_size=CHUNK)
