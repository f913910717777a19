"""Compiled querysets give what their querysets give, and refuse what they could not go on giving."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import Count, F, Value
from django.utils import timezone

from accounts.models import User
from core.compiled import ALL, Compiled, NotCompilable, _Statement, compiled
from registry.models import Student
from tests.accounts.factories import registrar_of
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@compiled(school=int)
def students_of(school):
    return Student.objects.filter(school=school).select_related("school_class", "school").order_by("pk")


def test_objects_come_with_their_related_ones(django_assert_num_queries):
    student = StudentFactory()
    StudentFactory()

    with django_assert_num_queries(1):
        (found,) = students_of(school=student.school_id)
        assert (found, found.school_class, found.school) == (student, student.school_class, student.school)
    assert found.identity_number == student.identity_number
    assert students_of(school=0) == []
    assert students_of.first(school=0) is None


def test_annotations_tuples_and_dictionaries():
    student = StudentFactory()
    annotated = compiled(pk=int)(lambda pk: Student.objects.filter(pk=pk).annotate(seat=F("seat_number") + 1))
    tuples = compiled(pk=int)(lambda pk: Student.objects.filter(pk=pk).values_list("name", "birth_on"))
    flat = compiled(pk=int)(lambda pk: Student.objects.filter(pk=pk).values_list("name", flat=True))
    counted = compiled(pk=int)(lambda pk: Student.objects.filter(pk=pk).values("school").annotate(students=Count("pk")))

    assert annotated(pk=student.pk)[0].seat == student.seat_number + 1
    assert tuples(pk=student.pk) == [(student.name, student.birth_on)]
    assert flat(pk=student.pk) == [student.name]
    assert counted(pk=student.pk) == [{"school": student.school_id, "students": 1}]


def test_what_is_prefetched_comes_along(django_assert_num_queries):
    student = StudentFactory()
    with_guardians = compiled(pk=int)(lambda pk: Student.objects.filter(pk=pk).prefetch_related("guardians"))

    with django_assert_num_queries(2):
        assert list(with_guardians(pk=student.pk)[0].guardians.all()) == []


def test_days_moments_and_words_are_values():
    student = StudentFactory(birth_on=date(2010, 1, 2))
    born = compiled(on=date, name=str)(lambda on, name: Student.objects.filter(birth_on__gte=on, name=name))
    user = registrar_of(student.school)
    now = timezone.now()
    User.objects.update(last_login=now)
    seen = compiled(at=datetime)(lambda at: User.objects.filter(last_login__gte=at))

    assert born(on=date(2010, 1, 2), name=student.name) == [student]
    assert born(on=date(2010, 1, 3), name=student.name) == []
    assert seen(at=now) == [user]
    assert seen(at=now + timedelta(microseconds=1)) == []


def test_a_value_may_stand_twice():
    student = StudentFactory()
    twice = compiled(pk=int)(lambda pk: Student.objects.filter(pk=pk).annotate(asked=Value(pk)))

    assert twice(pk=student.pk)[0].asked == student.pk


@pytest.mark.parametrize(
    "build",
    [
        lambda pk: User.objects.filter(pk=pk, last_login__lt=timezone.now()),
        lambda pk: Student.objects.filter(pk__in=range(pk // 100_000_000)),
        lambda pk: Student.objects.all(),
        lambda pk: Student.objects.filter(pk=pk).values_list("pk", named=True),
    ],
    ids=["now", "SQL of the value", "a value not used", "named tuples"],
)
def test_what_depends_on_more_than_its_values_is_refused(build):
    with pytest.raises(NotCompilable):
        compiled(pk=int)(build)(pk=1)


def test_a_lookup_that_escapes_its_value_is_refused():
    """A typed % would find everything: the compiled statement passes values as they are."""
    with pytest.raises(NotCompilable):
        compiled(name=str)(lambda name: Student.objects.filter(name__contains=name))(name="王")


def test_a_day_that_nobody_passed_is_seen_by_the_sweep_below(monkeypatch):
    today = Compiled(lambda pk: Student.objects.filter(pk=pk, birth_on__lt=timezone.localdate()), {"pk": int})

    with pytest.raises(AssertionError):
        takes_nothing_from_the_clock(today, monkeypatch)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_compiled_queryset_takes_its_times_as_arguments(one, monkeypatch):
    takes_nothing_from_the_clock(one, monkeypatch)


def takes_nothing_from_the_clock(one, monkeypatch):
    """Its statement is the same in five hundred years."""
    today = _Statement.of(one, "default")
    later = timezone.now() + timedelta(days=500 * 365)
    monkeypatch.setattr(timezone, "now", lambda: later)
    then = _Statement.of(one, "default")
    assert (today.sql, today.params, today.places) == (then.sql, then.params, then.places)
