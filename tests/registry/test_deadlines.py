"""Until when a family has time, and who sees it."""

import datetime
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from registry import deadlines
from registry.models import DeadlineExtension, Student
from tests.accounts.factories import family_of, log_in, registrar_of
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 9, 14)


@pytest.fixture
def student():
    school_class = SchoolClassFactory(school__binding_deadline=DAY)
    return StudentFactory(school=school_class.school, school_class=school_class)


@pytest.fixture
def registrar(student):
    return registrar_of(student.school)


def later(days):
    return DAY + timedelta(days=days)


class TestRule:
    def test_is_the_schools_date(self, student):
        assert deadlines.deadline_of(student) == DAY

    def test_is_none_where_the_school_has_none(self, student, registrar):
        deadlines.extend(target=student, until=later(3), by=registrar)
        student.school.binding_deadline = None
        student.school.save()

        assert deadlines.deadline_of(student) is None

    def test_a_class_goes_before_the_school_and_a_student_before_the_class(self, student, registrar):
        classmate = StudentFactory(school=student.school, school_class=student.school_class)
        elsewhere = StudentFactory(school=student.school)
        deadlines.extend(target=student.school_class, until=later(7), by=registrar)
        deadlines.extend(target=student, until=later(3), by=registrar)

        found = [deadlines.deadline_of(one) for one in (student, classmate, elsewhere)]

        assert found == [later(3), later(7), DAY]
        assert deadlines.deadline_before_extension(student) == later(7)
        assert deadlines.deadline_before_extension(student.school_class) == DAY

    @pytest.mark.parametrize("days", [3, 4])
    def test_an_extension_that_the_school_overtook_counts_no_longer(self, student, registrar, days):
        deadlines.extend(target=student, until=later(3), by=registrar)
        deadlines.extend(target=student.school_class, until=later(2), by=registrar)
        student.school.binding_deadline = later(days)
        student.school.save()

        assert deadlines.deadline_of(student) == later(days)

    def test_what_the_former_school_gave_counts_no_longer(self, student, registrar):
        deadlines.extend(target=student, until=later(3), by=registrar)
        new_class = SchoolClassFactory(school__binding_deadline=DAY)
        student.school, student.school_class = new_class.school, new_class
        student.save()

        assert deadlines.deadline_of(student) == DAY
        assert deadlines.extension_of(student) is None

    def test_lists_ask_once(self, student, registrar, django_assert_num_queries):
        deadlines.extend(target=student, until=later(3), by=registrar)
        StudentFactory(school=student.school, school_class=student.school_class)

        with django_assert_num_queries(1):
            found = {one.pk: one.deadline for one in Student.objects.with_deadline()}

        assert sorted(found.values()) == [DAY, later(3)]

    def test_the_last_one_is_of_who_is_enrolled(self, student, registrar):
        gone = StudentFactory(school=student.school, school_class=student.school_class, status="left")
        deadlines.extend(target=gone, until=later(30), by=registrar)
        deadlines.extend(target=student, until=later(3), by=registrar)

        assert deadlines.last_deadline(student.school) == later(3)


class TestExtending:
    def test_a_second_time_changes_the_first_and_each_is_an_event(self, student, registrar):
        deadlines.extend(target=student, until=later(3), reason="出國", by=registrar)
        deadlines.extend(target=student, until=later(5), by=registrar)

        extension = DeadlineExtension.objects.get()
        assert (extension.until, extension.reason, extension.given_by) == (later(5), "", registrar)
        events = Event.objects.about(student).filter(event="deadline.extended")
        assert [one.data["until"] for one in events] == ["2026-09-19", "2026-09-17"]

    def test_is_taken_back_once(self, student, registrar):
        deadlines.extend(target=student.school_class, until=later(3), by=registrar)

        assert deadlines.take_back(target=student.school_class, by=registrar)
        assert not deadlines.take_back(target=student.school_class, by=registrar)

        assert deadlines.deadline_of(student) == DAY
        assert Event.objects.filter(event="deadline.extension_taken_back").count() == 1

    @pytest.mark.parametrize("both", [True, False])
    def test_the_database_wants_a_class_or_a_student(self, student, registrar, both):
        targets = {"student": student, "school_class": student.school_class} if both else {}

        with pytest.raises(IntegrityError, match="extension_of_a_class_or_a_student"), transaction.atomic():
            DeadlineExtension.objects.create(school=student.school, until=later(1), given_by=registrar, **targets)

    def test_the_database_keeps_one_each(self, student, registrar):
        deadlines.extend(target=student, until=later(3), by=registrar)

        with pytest.raises(IntegrityError), transaction.atomic():
            DeadlineExtension.objects.create(school=student.school, until=later(1), given_by=registrar, student=student)


class TestPages:
    def test_words_say_how_far_it_is(self):
        today = timezone.localdate()

        said = [deadlines.in_words(today + timedelta(days=days)) for days in (5, 1, 0, -1)]

        assert said == ["還有 5 天", "明天截止", "今天截止", "已經過了 1 天"]

    @pytest.mark.parametrize("page", ["binding:tasks", "accounts:school"])
    def test_the_family_sees_its_own_date(self, client, student, registrar, page):
        school = student.school
        school.binding_deadline = timezone.localdate() + timedelta(days=1)
        school.save()
        deadlines.extend(target=student, until=timezone.localdate() + timedelta(days=9), by=registrar)
        address = reverse(page, args=[school.slug])
        log_in(client, family_of(student))

        assert "還有 9 天" in client.get(address).content.decode()
        log_in(client, family_of(StudentFactory(school=school, school_class=student.school_class)))
        assert "明天截止" in client.get(address).content.decode()

    def test_the_front_shows_the_schools_date_to_everybody_else(self, client, student, registrar):
        deadlines.extend(target=student, until=later(3), by=registrar)
        address = reverse("accounts:school", args=[student.school.slug])
        log_in(client, family_of(StudentFactory(school=SchoolClassFactory().school)))

        assert "民國 115 年 9 月 14 日" in client.get(address).content.decode()
        client.logout()
        assert "民國 115 年 9 月 14 日" in client.get(address).content.decode()
