"""A student's page tells everything of the family that whoever looks may know."""

import pytest
from django.urls import reverse

from accounts.models import StaffRole
from binding.actions.application import withdraw
from binding.actions.confirmation import request_correction
from registry.roles import Role
from review.models import PaperForm
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of
from tests.billing.money import issued_bill
from tests.binding.bound import bound
from tests.binding.factories import confirmed_family, draft_application, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301", homeroom="t301")


@pytest.fixture
def student(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class)


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


def page_of(client, student):
    return client.get(reverse("registry:student", args=[student.school.slug, student.pk])).content.decode()


def test_who_is_bound_is_there_with_the_account_and_no_whole_address(client, registrar, student):
    binding = bound(student, registrar)

    page = page_of(client, student)

    assert binding.account.name in page
    assert binding.get_relationship_display() in page
    assert reverse("binding:binding", args=[student.school.slug, binding.pk]) in page
    assert binding.account.user.email not in page
    assert binding.account.identity_number not in page


def test_the_application_its_review_and_the_paper_are_there(client, registrar, student):
    application = sent_application(student)
    mark_paper_form(student=student, answer=PaperForm.Answer.AGREE, by=registrar)

    page = page_of(client, student)

    assert application.applicants.get().name in page
    assert reverse("review:application", args=[student.school.slug, application.pk]) in page
    assert "信箱尚未確認" in page
    assert registrar.display_name in page
    assert "申請的經過與寄出的信" in page


def test_a_draft_is_the_familys_own_until_it_is_sent(client, registrar, student):
    application = draft_application(student)

    page = page_of(client, student)

    assert "家長填寫中" in page
    assert application.applicants.first().name not in page
    assert reverse("review:application", args=[student.school.slug, application.pk]) not in page


def test_what_the_family_says_is_wrong_waits_there(client, registrar, student):
    asked = request_correction(student=student, proposed={"name": "尹怡"}, by=confirmed_family(student))

    assert reverse("binding:correction-settle", args=[student.school.slug, asked.pk]) in page_of(client, student)


def test_bills_are_for_a_cashier_alone(client, registrar, student):
    bill = issued_bill(student=student)
    address = reverse("billing:cashier-bill", args=[student.school.slug, bill.pk])
    assert address not in page_of(client, student)

    StaffRole.objects.create(user=registrar, role=Role.CASHIER)

    assert address in page_of(client, student)


@pytest.mark.parametrize("busy", [False, True])
def test_costs_the_same_queries_however_much_happened(client, registrar, student, django_assert_max_num_queries, busy):
    for _again in range(4 if busy else 1):
        withdraw(application=sent_application(student), by=registrar)
    bound(student, registrar)

    with django_assert_max_num_queries(15):
        page_of(client, student)
