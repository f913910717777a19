"""What the helpdesk reads out on the phone: how far a family is, and whose address may have a slip in it."""

import pytest
from django.conf import settings

from accounts import throttle
from binding.models import Binding
from core import emails
from registry.models import Student
from tests.accounts.factories import registrar_of, teacher_of
from tests.binding.factories import Kind, approved_application, draft_application, sent_application
from tests.staff.helpdesk import place

pytestmark = pytest.mark.django_db


def page_of(client, student):
    return client.get(place("-family", student, student.pk)).content.decode()


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("wangming@gmial.com", "w•••g@gmial.com"),
        ("hua@gmail.com", "h•••@gmail.com"),
        ("lins@gmail.com", "l•••s@gmail.com"),
        ("nobody", "nobody"),
    ],
)
def test_an_address_is_hinted_at(email, shown):
    assert emails.hint(email) == shown


def test_a_family_that_did_nothing_reads_the_same_words_here(client, helper, student):
    page = page_of(client, student)

    assert "親子綁定進度" in page
    assert "請確認學生相關資訊" in page or "確認學生" in page


def test_an_application_that_waits_shows_enough_to_hear_a_slip(client, helper, student):
    sent_application(student, people={1: {"email": "wangming@gmial.com", "name": "王大明"}})

    page = page_of(client, student)

    assert "w•••g@gmial.com" in page
    assert "是不是 gmail.com？" in page
    assert "wangming@" not in page
    assert "王大明" not in page
    assert "申請中：待審核" in page


def test_a_bound_parent_shows_the_account_and_that_it_is_locked(client, helper, student):
    approved_application(teacher_of(student.school_class), student, people={1: {"email": "wangming@gmail.com"}})
    account = Binding.objects.get(student=student).account
    assert "待開通" in page_of(client, student)

    for _attempt in range(settings.LOGIN_FAILURE_LIMIT):
        throttle.consume(*throttle.scope_of(account.user))

    page = page_of(client, student)
    assert "鎖定中，還有" in page
    assert account.identity_number not in page
    assert account.masked_identity not in page


def test_a_draft_is_the_familys_own(client, helper, student):
    draft_application(student, people={1: {"email": "secret.draft@example.com"}})

    assert "example.com" not in page_of(client, student)


def test_costs_the_same_with_two_people(client, helper, student, django_assert_max_num_queries):
    sent_application(student, kind=Kind.TWO_PARENTS)
    registrar_of(student.school)

    with django_assert_max_num_queries(16):
        client.get(place("-family", student, student.pk))

    assert Student.objects.count() == 1
