"""The city's form of a student: what it takes, what it refuses."""

import pytest

from registry.admin import StudentForm
from registry.models import Student
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


def filled_in(school_class, **more):
    return {
        "school": school_class.school_id, "school_class": school_class.pk, "seat_number": 7,
        "student_number": "10630007", "name": "王小明", "birth_on": "2008-05-03",
        "status": Student.Status.ENROLLED, "number": make_identity(7), **more,
    }  # fmt: skip


def test_a_student_is_entered_with_a_number_typed_as_people_type():
    form = StudentForm(filled_in(SchoolClassFactory(), number=f" {make_identity(7).lower()} "))

    student = form.save()

    assert student.identity_number == make_identity(7)


def test_a_class_of_another_school_is_refused():
    other = SchoolClassFactory()

    form = StudentForm({**filled_in(SchoolClassFactory()), "school_class": other.pk})

    assert list(form.errors) == ["school_class"]


def test_a_number_of_somebody_else_is_refused():
    StudentFactory(identity_number=make_identity(7))

    form = StudentForm(filled_in(SchoolClassFactory()))

    assert list(form.errors) == ["number"]
    assert make_identity(7) not in str(form.errors)


def test_left_blank_the_number_stays_and_is_never_drawn():
    student = StudentFactory(identity_number=make_identity(7))

    form = StudentForm(filled_in(student.school_class, number=""), instance=student)

    assert make_identity(7) not in form.as_p()
    assert form.save().identity_number == make_identity(7)
