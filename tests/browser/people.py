"""Who is met in the browser, and how pages are gone through."""

from django.urls import reverse

from tests.registry.factories import StudentFactory, make_identity


def student_of(school_class, seat, **fields):
    return StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat, **fields)


def person(n):
    return {1: {"identity_number": make_identity(n), "email": f"person{n}@example.com"}}


def visit(walking, school, *names):
    for name, *args in names:
        walking.open(reverse(name, args=[school.slug, *args]))
