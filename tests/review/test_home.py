"""Where the desk begins: a teacher with one class is there at once, a registrar sees what waits for the office."""

import pytest
from django.urls import reverse

from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.registry.factories import SchoolClassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(homeroom="t301")


def test_a_teacher_with_one_class_goes_straight_to_it(client, school_class):
    log_in(client, teacher_of(school_class))

    response = client.get(reverse("review:home", args=[school_class.school.slug]))

    assert response.url == reverse("review:class", args=[school_class.school.slug, school_class.pk])


def test_the_registrar_of_a_school_with_one_class_finds_the_offices_pages(client, school_class):
    log_in(client, registrar_of(school_class.school))

    page = client.get(reverse("review:home", args=[school_class.school.slug])).content.decode()

    for name in ("handed-over", "rules", "census"):
        assert reverse(f"review:{name}", args=[school_class.school.slug]) in page
