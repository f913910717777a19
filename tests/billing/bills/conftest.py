"""A class, and a cashier at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import log_in
from tests.billing.money import cashier_of
from tests.registry.factories import SchoolClassFactory, StudentFactory


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def students(school, school_class):
    return [StudentFactory(school=school, school_class=school_class, student_number=f"1063000{n}") for n in (1, 2, 3)]


@pytest.fixture
def client(school):
    return log_in(Client(), cashier_of(school))


@pytest.fixture
def address(school):
    return lambda name, *args: reverse(f"billing:cashier-{name}", args=[school.slug, *args])
