"""What the year's end is to do: which class comes next, who gets which seat; nothing is written here."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry import class_names
from registry.models import Student

GRADUATES = "畢業"  # stands in the place of a next class; an empty one never means it
MOST_SEATS = 99


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


def check_places(school, students, targets, repeats, *, renumber=False):
    """{student's key: (class name, seat)} in the new year of who does not graduate. Raises CannotPromote."""
    numbers = {student.student_number for student in students}
    without = {student.school_class.name for student in students} - {name for name in targets if targets[name]}
    problems = [
        _("%(name)s 班還沒有決定升到哪一班；不再升級的班級請填「畢業」。") % {"name": name}
        for name in class_names.in_order(without)
    ]
    problems += [
        _("學號 %(number)s 不是本校在學的學生。") % {"number": repeat.student_number}
        for repeat in repeats
        if repeat.student_number not in numbers
    ]
    if not problems:
        places, problems = _seat(students, targets, repeats, _taken_seats(school), renumber=renumber)
    if problems:
        raise CannotPromote(problems[:50])
    return places


def _taken_seats(school):
    """{(class name, seat): student number} of who sits in a class of the new year already."""
    sitting = Student.objects.enrolled().filter(
        school_class__school=school, school_class__school_year=school.school_year + 1
    )
    facts = sitting.values_list("school_class__name", "seat_number", "student_number")
    return {(name, seat): number for name, seat, number in facts}


def _seat(students, targets, repeats, taken, *, renumber):
    """(places, problems): everybody's class and seat; who repeats has the seat that was written."""
    written = {repeat.student_number: repeat for repeat in repeats}
    places, problems, homeless = {}, [], []
    # Written seats first, then the largest class of those that merge: its students keep theirs.
    sizes = Counter(student.school_class.name for student in students)
    rank = {name: place for place, name in enumerate(_by_size(sizes))}
    in_turn = sorted(
        students, key=lambda one: (one.student_number not in written, rank[one.school_class.name], one.seat_number)
    )
    for student in in_turn:
        repeat = written.get(student.student_number)
        name = repeat.class_name if repeat else targets[student.school_class.name]
        if name == GRADUATES:
            continue
        seat = (name, repeat.seat_number if repeat else student.seat_number)
        if seat in taken and renumber and not repeat:
            homeless.append((student, name))
        elif seat in taken:
            words = _("%(name)s 班 %(seat)d 號會有兩位學生：學號 %(one)s 和 %(other)s。")
            facts = {"name": name, "seat": seat[1], "one": taken[seat], "other": student.student_number}
            problems.append(words % facts)
        else:
            taken[seat] = student.student_number
            places[student.pk] = seat
    last: dict[str, int] = defaultdict(int)
    for name, seat in taken:
        last[name] = max(last[name], seat)
    for student, name in homeless:
        last[name] += 1
        places[student.pk] = (name, last[name])
    problems += [
        _("%(name)s 班的座號會超過 %(most)d 號，請把人數較多的班分開。") % {"name": name, "most": MOST_SEATS}
        for name in class_names.in_order(name for name, seat in last.items() if seat > MOST_SEATS)
    ]
    return places, problems


def _by_size(sizes):
    """Names of classes, the largest first; equal ones in their order."""
    return sorted(class_names.in_order(sizes), key=lambda name: -sizes[name])


def sources_of(students, targets):
    """{next class: the former ones, the largest first}"""
    sizes = Counter(student.school_class.name for student in students)
    found: dict[str, list] = {}
    for name in _by_size(sizes):
        if targets[name] != GRADUATES:
            found.setdefault(targets[name], []).append(name)
    return found
