"""A family with a bill, signed in, and the cashier's desk; for the tests of pages."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from accounts.reauthentication import AUTHENTICATED_AT
from tests.accounts.factories import log_in, registrar_of, sso_parent, teacher_of
from tests.billing.money import cashier_of, issued_bill
from tests.binding.factories import approved_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def parent(school):
    return sso_parent(by=registrar_of(school), email="zoe@example.com")


@pytest.fixture
def bill(school_class, parent):
    student = StudentFactory(school=school_class.school, school_class=school_class)
    zoe = {1: {"identity_number": make_identity(901), "email": "zoe@example.com"}}
    approved_application(teacher_of(school_class), student, people=zoe)
    return issued_bill(student)


def just_now(client):
    session = client.session
    session[AUTHENTICATED_AT] = time.time()
    session.save()
    return client


@pytest.fixture
def client_of_parent(parent):
    return just_now(log_in(Client(), parent))


@pytest.fixture
def cashier(school):
    return cashier_of(school)


@pytest.fixture
def desk(cashier, school):
    client = log_in(Client(), cashier)
    return lambda name, *args, **query: client.get(reverse(f"billing:{name}", args=[school.slug, *args]), query)


@pytest.fixture
def press(cashier, school):
    client = log_in(Client(), cashier)
    return lambda name, *args, **data: client.post(
        reverse(f"billing:{name}", args=[school.slug, *args]), data, follow=True
    )
