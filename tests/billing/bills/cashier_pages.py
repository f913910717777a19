"""At the pages where a cashier makes a batch of a table."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.bills.models import ChargeTable
from core.formats import roc_short
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
    return [
        StudentFactory(school=school, school_class=school_class, student_number=f"1063000{n}")
        for n in (1, 2, 3)
    ]


@pytest.fixture
def client(school):
    return log_in(Client(), cashier_of(school))


@pytest.fixture
def address(school):
    return lambda name, *args: reverse(f"billing:cashier-{name}", args=[school.slug, *args])


def due():
    return roc_short(timezone.localdate() + timedelta(days=20))


def typed(**more):
    return {"title": "學雜費", "school_year": 115, "semester": 1, "due_on": due(), **more}


def table(*lines):
    return SimpleUploadedFile("收費表.csv", "\n".join(lines).encode())


def confirm(client, address, **kinds):
    """Press the button of the page of columns with what it proposes, but for `kinds` (kind_0 …)."""
    pk = ChargeTable.objects.latest("pk").pk
    form = client.get(address("charges", pk)).context["form"]
    data = {f"kind_{n}": one.kind for n, one in enumerate(form.columns)}
    return client.post(address("charges", pk), data | {"looked": "on"} | kinds, follow=True)


def upload(client, address, *lines, **more):
    return client.post(address("batch-upload"), typed(file=table(*lines), **more), follow=True)
