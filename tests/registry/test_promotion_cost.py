"""The year's end costs as many statements for a large school as for a small one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from binding.models import Application, Binding
from notifications.models import Message
from registry.models import Student
from registry.promotion import promote
from registry.promotion_plan import GRADUATES
from tests.accounts.factories import registrar_of
from tests.binding.bound import bound
from tests.binding.factories import draft_application, sent_application
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


def statements_of_a_promotion(size):
    """How many a school needs of `size` graduates with a parent bound, `size` who apply and `size` who go on."""
    school = SchoolFactory()
    by = registrar_of(school)
    classes = {name: SchoolClassFactory(school=school, name=name) for name in ("101", "301")}
    for seat in range(1, size + 1):
        bound(StudentFactory(school=school, school_class=classes["301"], seat_number=seat), by)
        sent_application(StudentFactory(school=school, school_class=classes["301"], seat_number=size + seat))
        draft_application(StudentFactory(school=school, school_class=classes["301"], seat_number=2 * size + seat))
        StudentFactory(school=school, school_class=classes["101"], seat_number=seat)
    Message.objects.all().delete()

    with CaptureQueriesContext(connection) as seen:
        counts = promote(
            school=school, year=school.school_year, targets={"101": "201", "301": GRADUATES}, repeats=[], by=by
        )

    assert counts == {"promoted": size, "repeating": 0, "graduated": 3 * size}
    assert Binding.objects.filter(student__school=school, end_reason=Binding.EndReason.GRADUATED).count() == size
    assert Message.objects.filter(kind="binding-ended").count() == size
    assert not Application.objects.open().filter(student__school=school).exists()
    assert Student.objects.filter(school=school, status=Student.Status.GRADUATED).count() == 3 * size
    return len(seen)


def test_statements_do_not_grow_with_the_school():
    assert statements_of_a_promotion(2) == statements_of_a_promotion(12)
