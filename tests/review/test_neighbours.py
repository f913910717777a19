"""One application after another, without going back to the list."""

import pytest
from django.urls import reverse

from review.decisions import approve
from review.neighbours import neighbours_of
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import Kind, reload, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


def waiting(school_class, seat, **options):
    student = StudentFactory(school=school_class.school, school_class=school_class, seat_number=seat)
    people = {1: {"identity_number": make_identity(seat), "email": f"p{seat}@example.com"}}
    return sent_application(student, people=people, **options)


def seats_around(application):
    found = neighbours_of(reload(application))
    return (
        found.previous.seat if found.previous else None, found.next.seat if found.next else None, found.waiting,
    )  # fmt: skip


def test_the_order_is_that_of_the_seats(school_class):
    third, first, second = (waiting(school_class, seat) for seat in (30, 10, 20))

    assert seats_around(first) == (None, 20, 3)
    assert seats_around(second) == (10, 30, 3)
    assert seats_around(third) == (20, None, 3)


def test_who_is_decided_is_passed_over_and_still_knows_its_place(school_class):
    one, two, three = (waiting(school_class, seat) for seat in (1, 2, 3))
    teacher = teacher_of(school_class)
    mark_paper_form(student=two.student, answer="agree", by=teacher)

    approve(applicant=two.applicants.get(), revision=two.revision, by=teacher)

    assert seats_around(one) == (None, 3, 2)
    assert seats_around(two) == (1, 3, 2)
    assert seats_around(three) == (1, None, 2)


def test_two_parents_are_one_place(school_class):
    waiting(school_class, 1, kind=Kind.TWO_PARENTS)
    two = waiting(school_class, 2)

    assert seats_around(two) == (1, None, 2)


def test_other_classes_and_students_who_left_are_not_in_it(school_class):
    one = waiting(school_class, 1)
    sent_application(StudentFactory(school=school_class.school))
    gone = waiting(school_class, 2)
    gone.student.status = "left"
    gone.student.save()

    assert seats_around(one) == (None, None, 1)


def test_the_page_links_to_them(client, school_class):
    one, _two = waiting(school_class, 1), waiting(school_class, 2)
    log_in(client, teacher_of(school_class))

    page = client.get(reverse("review:application", args=[school_class.school.slug, one.pk])).content.decode()

    assert "下一份（2 號）" in page
    assert "上一份（" not in page
    assert "全班還有 2 份待審核" in page
