"""Finds schools by what the city types, and how many people each has."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.models import School, SchoolClass, Student

NAMES = ("name", "short_name", "english_name", "code", "slug")


def find_schools(schools: QuerySet[School], text: str) -> QuerySet[School]:
    """Those of which each word of `text` is a part of a name, the code or the address."""
    for word in text.split()[:5]:
        schools = schools.filter(Q(*[(f"{field}__icontains", word) for field in NAMES], _connector=Q.OR))
    return schools


def with_people(schools: QuerySet[School]) -> QuerySet[School]:
    """Each with `student_count` and `class_count` of this year, in the same query."""
    students = Student.objects.of_this_year().filter(school=OuterRef("pk")).order_by().values("school")
    classes = SchoolClass.objects.current().filter(school=OuterRef("pk")).order_by().values("school")
    return schools.annotate(
        student_count=Coalesce(Subquery(students.annotate(n=Count("pk")).values("n")), 0),
        class_count=Coalesce(Subquery(classes.annotate(n=Count("pk")).values("n")), 0),
    )
