"""The teacher sees whether an applicant is a guardian on record, and never that guardian's data."""

import pytest
from django.urls import reverse

from registry.models import Guardian
from tests.accounts.factories import log_in, teacher_of
from tests.binding.factories import applicant_values, sent_application
from tests.registry.factories import make_identity

pytestmark = pytest.mark.django_db


def put_on_record(student, **more):
    values = applicant_values()
    guardian = Guardian(student=student, position=1, name=more.get("name", values["name"]), mobile="0987654321")
    guardian.identity_number = more.get("number", values["identity_number"])
    guardian.save()


def page_of(client, application):
    log_in(client, teacher_of(application.student.school_class))
    place = reverse("review:application", args=[application.student.school.slug, application.pk])
    return client.get(place).content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "與在籍監護人相符"),
        ({"name": "王大同"}, "證號與在籍監護人相同，姓名不同"),
        ({"number": make_identity(55)}, "學校名冊查無此監護人"),
    ],
)
def test_the_applicant_is_compared_with_the_record(client, more, words):
    application = sent_application()
    put_on_record(application.student, **more)

    page = page_of(client, application)

    assert words in page
    assert "0987654321" not in page
    assert make_identity(55) not in page


def test_nothing_is_said_where_the_roster_named_nobody(client):
    assert "在籍監護人" not in page_of(client, sent_application())
