"""A member of staff forgot the password: a link by mail, one answer for everybody, and the second factor after it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Authenticator
from audit.models import Event
from notifications.models import Message
from registry.roles import Role
from tests.accounts.factories import log_in, staff
from tests.registry.factories import SchoolFactory
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db

NEW = "seven quiet boats at noon"


@pytest.fixture
def teacher():
    return staff(SchoolFactory(), Role.HOMEROOM_TEACHER, account="t301", email="lin@example.com")


def ask(school, account):
    response = Client().post(reverse("staff:staff-forgotten", args=[school.slug]), {"account": account})
    do_waiting_tasks()
    return response


def link_mailed():
    return re.search(r"https?://[^/]+(\S+token=\S+)", Message.objects.get(kind="staff-password-asked").text)[1]


def set_password(link):
    page, _mark, token = link.partition("?token=")
    return Client().post(page, {"token": token, "new_password": NEW, "confirmation": NEW})


def test_the_log_in_page_leads_there(client, teacher):
    door = client.get(reverse("accounts:staff-login", args=[teacher.school.slug])).content.decode()

    assert reverse("staff:staff-forgotten", args=[teacher.school.slug]) in door


def test_the_link_sets_a_password_once_ends_sessions_and_leaves_the_second_factor(teacher):
    elsewhere = log_in(Client(), teacher)
    desk = reverse("review:home", args=[teacher.school.slug])
    assert elsewhere.get(desk).status_code == 200
    phone = Authenticator.objects.create(user=teacher, name="phone")
    ask(teacher.school, " T301 ")
    link = link_mailed()

    set_password(link)

    teacher.refresh_from_db()
    assert teacher.check_password(NEW)
    assert elsewhere.get(desk).status_code == 302
    assert Authenticator.objects.filter(pk=phone.pk).exists()
    assert "不能用了" in set_password(link).content.decode()
    assert Event.objects.filter(event="staff.link_asked").exists()


def test_the_answer_is_the_same_for_every_account_and_mails_one(teacher):
    school = teacher.school
    staff(school, Role.REGISTRAR, account="r1", email="")
    staff(school, Role.REGISTRAR, account="r2", email="r2@example.com", is_active=False)
    staff(SchoolFactory(), Role.REGISTRAR, account="r3", email="r3@example.com")

    told = [
        re.sub(r'value="[^"]*"', "", ask(school, one).content.decode())
        for one in ("t301", "r1", "r2", "r3", "nobody", "P10630008")
    ]

    assert len(set(told)) == 1
    assert Message.objects.count() == 1


def test_an_invitation_that_waits_is_not_ended(teacher):
    invited = staff(teacher.school, Role.CASHIER, account="c1", email="c1@example.com")
    invited.set_unusable_password()
    invited.save()

    ask(teacher.school, "c1")

    assert not Message.objects.exists()


def test_asked_often_it_mails_five_times_at_most(teacher):
    for _time in range(8):
        ask(teacher.school, "t301")

    assert Message.objects.filter(kind="staff-password-asked").count() == 5
