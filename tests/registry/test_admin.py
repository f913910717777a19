"""The city's form of a student: what it takes, what it refuses."""

import pytest
from django.contrib import admin
from django.urls import reverse

from audit.models import Event
from oidc.admin import NotShown
from registry.admin import StudentForm
from registry.models import HomeroomDuty, School, SchoolClass, Student, StudentChange
from registry.roster import import_roster
from tests.accounts.factories import city_admin, log_in
from tests.binding.factories import sent_application
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


@pytest.fixture
def city(client):
    user = city_admin()
    log_in(client, user)
    return user


def post(client, one, data):
    meta = one._meta
    place = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[one.pk])
    response = client.post(place, {"guardians-TOTAL_FORMS": 0, "guardians-INITIAL_FORMS": 0, **data})
    assert response.status_code == 302, response.context["errors"]


def test_a_change_of_a_student_is_kept_with_old_and_new_value(client, city):
    student = StudentFactory(name="王小明")
    data = filled_in(student.school_class, name="王曉明", number="", student_number=student.student_number)

    post(client, student, {**data, "seat_number": student.seat_number, "birth_on": student.birth_on, "status": "left"})

    student.refresh_from_db()
    change = StudentChange.objects.get()
    assert (student.name, student.status) == ("王曉明", "enrolled")
    assert (change.old, change.new, change.by) == ({"name": "王小明"}, {"name": "王曉明"}, city)


def test_a_homeroom_teacher_is_assigned_as_at_the_desk(client, city):
    school_class = SchoolClassFactory()
    duty = {"account": "NEW", "name": "新導師", "contact": "", "starts_on": "2026-11-01", "ends_on": ""}
    formset = {f"duties-0-{field}": value for field, value in duty.items()}
    total = {"TOTAL_FORMS": 2, "INITIAL_FORMS": 1}
    old = school_class.duties.get()

    post(
        client, school_class,
        {"name": school_class.name, "duties-0-id": old.pk, **{f"duties-{k}": v for k, v in total.items()},
         **{key.replace("-0-", "-1-"): value for key, value in formset.items()}},
    )  # fmt: skip

    assert Event.objects.get(event="homeroom.assigned").actor_id == city.pk
    assert HomeroomDuty.objects.filter(school_class=school_class).count() == 2
    assert SchoolClass.objects.get().homeroom.account == "new"


LISTS = [
    model for model, shown in admin.site._registry.items()
    if not isinstance(shown, NotShown) and model._meta.app_label in {"registry", "binding", "review", "reminders", "consent", "accounts", "audit", "notifications"}
]  # fmt: skip


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.model_name)
def test_every_list_opens_and_costs_the_same_queries_whatever_its_length(
    client, city, django_assert_max_num_queries, model
):
    for _each in range(12):
        sent_application()
    student = Student.objects.first()
    import_roster(
        school=student.school,
        data=f"班級,座號,學號,姓名,身分證字號,出生日期,導師帳號\n1,1,1,王,{make_identity(3)},97/1/1,t".encode(),
    )
    place = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    with django_assert_max_num_queries(12):
        assert client.get(place).status_code == 200
    if admin.site._registry[model].search_fields:
        assert client.get(place, {"q": "王 x"}).status_code == 200


def test_schools_and_students_are_not_removed(client, city):
    student = StudentFactory()
    for one in (student, student.school, student.school_class):
        meta = one._meta
        place = reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[one.pk])
        assert client.post(place, {"post": "yes"}).status_code == 403

    assert School.objects.exists()
