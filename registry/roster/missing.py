"""Who is at the school and not in the file: of the whole school, or of the classes that the roster is about."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from registry.models import RosterImport, RosterRow, SchoolClass, Student

FEW = 3  # students; so many can be looked at one by one
A_TENTH = 10


@dataclass(frozen=True)
class Gap:
    """More students of a class are missing than leave in a year; `class_name` "" is the whole school."""

    class_name: str
    missing: int
    enrolled: int

    @property
    def percent(self):
        return round(self.missing * 100 / self.enrolled)


def unnamed_students(roster_import):
    """Enrolled students of the school whom the file does not name."""
    named = RosterRow.objects.filter(roster_import=roster_import, student=OuterRef("pk"))
    return Student.objects.enrolled().filter(~Exists(named), school=roster_import.school_id)


def missing_students(roster_import, also=()):
    """Those of them whom it should name (and those with the keys `also`): they stay, and wait for somebody's decision."""
    in_scope = _in_scope(roster_import)
    return unnamed_students(roster_import).filter(in_scope | Q(pk__in=also) if also and in_scope else in_scope)


def _in_scope(roster_import):
    if roster_import.covers == RosterImport.Covers.SCHOOL:
        return Q()
    names = roster_import.only_classes or roster_import.rows.order_by().values("class_name")
    classes = SchoolClass.objects.filter(
        school=roster_import.school_id, school_year=roster_import.school_year, name__in=names
    )
    return Q(school_class__in=classes)


def is_much(missing, enrolled):
    return missing > FEW and missing * A_TENTH > enrolled


def gaps_of(roster_import):
    """Where more than a tenth is missing: first the whole school, then classes in their order."""
    missing = {one["school_class"]: one["count"] for one in _by_class(missing_students(roster_import))}
    if not missing:
        return []
    in_scope = Student.objects.enrolled().filter(_in_scope(roster_import), school=roster_import.school_id)
    classes = [
        Gap(one["school_class__name"], missing.get(one["school_class"], 0), one["count"]) for one in _by_class(in_scope)
    ]
    whole = Gap("", sum(one.missing for one in classes), sum(one.enrolled for one in classes))
    told = classes if roster_import.covers == RosterImport.Covers.CLASSES else [whole, *classes]
    return [one for one in told if is_much(one.missing, one.enrolled)]


def _by_class(students):
    counted = students.order_by("school_class__sort_key", "school_class__name", "school_class")
    return counted.values("school_class", "school_class__name").annotate(count=Count("pk"))
