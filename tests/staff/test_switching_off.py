"""Before somebody is switched off, the page asks, and says what nobody else does."""

import pytest
from django.urls import reverse

from registry import homeroom
from registry.roles import Role
from tests.accounts.factories import log_in, staff
from tests.registry.factories import SchoolClassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="303")


@pytest.fixture
def admin(client, school_class):
    user = staff(school_class.school, Role.SCHOOL_ADMIN, account="principal")
    log_in(client, user)
    return user


@pytest.fixture
def teacher(school_class, admin):
    return teacher_at(school_class, "t303", by=admin)


def teacher_at(school_class, account, *, by, **duty):
    user = staff(school_class.school, Role.HOMEROOM_TEACHER, account=account)
    homeroom.assign(school_class=school_class, account=account, by=by, **duty)
    return user


def page_of(client, user, name="staff-switch"):
    return client.get(reverse(f"staff:{name}", args=[user.school.slug, user.pk])).content.decode()


def test_asking_changes_nothing_and_names_the_class(client, teacher):
    page = page_of(client, teacher)

    teacher.refresh_from_db()
    assert teacher.is_active
    assert "303 班就沒有導師可以審核" in page


def test_afterwards_the_persons_page_still_says_it(client, teacher):
    client.post(reverse("staff:staff-switch", args=[teacher.school.slug, teacher.pk]))

    assert "303 班就沒有導師可以審核" in page_of(client, teacher, "staff-person")


def test_a_substitute_who_may_review_is_enough(client, admin, teacher, school_class):
    teacher_at(school_class, "t9", by=admin, is_substitute=True)

    assert "沒有導師可以審核" not in page_of(client, teacher)


@pytest.mark.parametrize("change", [{"is_active": False}, {"without_role": True}])
def test_a_substitute_who_may_not_is_none(client, admin, teacher, school_class, change):
    other = teacher_at(school_class, "t9", by=admin, is_substitute=True)
    if change.pop("without_role", False):
        other.role_rows.all().delete()
    for name, value in change.items():
        setattr(other, name, value)
    other.save()

    assert "303 班就沒有導師可以審核" in page_of(client, teacher)


def test_a_class_of_last_year_is_nobodys_worry(client, admin, teacher, school_class):
    school_class.school_year -= 1
    school_class.save()

    assert "沒有導師可以審核" not in page_of(client, teacher)


def test_the_last_cashier_is_named_and_one_of_two_is_not(client, admin):
    first = staff(admin.school, Role.CASHIER, account="c1")
    assert "沒有人擔任出納組了" in page_of(client, first)

    staff(admin.school, Role.CASHIER, account="c2")

    assert "沒有人擔任" not in page_of(client, first)


def test_a_role_is_saved_for_who_has_no_address_yet(client, admin):
    person = staff(admin.school, account="t7", email="", name="陳老師")
    place = reverse("staff:staff-person", args=[admin.school.slug, person.pk])

    client.post(place, {"name": person.name, "email": "", "roles": ["homeroom_teacher"]})

    assert set(person.role_rows.values_list("role", flat=True)) == {"homeroom_teacher"}
    assert reverse("staff:staff-link", args=[admin.school.slug, person.pk]) not in client.get(place).content.decode()


def test_an_address_that_is_there_is_not_emptied(client, admin):
    person = staff(admin.school, account="t7", email="chen@example.com", name="陳老師")
    place = reverse("staff:staff-person", args=[admin.school.slug, person.pk])

    page = client.post(place, {"name": person.name, "email": "", "roles": []})

    person.refresh_from_db()
    assert page.status_code == 200
    assert person.email == "chen@example.com"
