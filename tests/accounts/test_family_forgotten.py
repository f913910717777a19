"""A family that forgot the password of its account: the mailed link, or the helpdesk."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.email_tokens import note_proof
from accounts.models import EmailToken, User
from audit.models import Event
from binding.models import Binding
from notifications.models import Message
from tests.accounts.factories import PASSWORD, family_of, log_in, teacher_of, with_captcha
from tests.binding.factories import approved_application, sent_application
from tests.registry.factories import StudentFactory
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db

NEW = "seven blue lanterns"


@pytest.fixture
def family():
    """A family with a bound parent whose mailbox is proved, who forgot the account's password."""
    student = StudentFactory()
    approved_application(teacher_of(student.school_class), student)
    note_proof(Binding.objects.select_related("account__user__sso_account").get().account.user)
    Message.objects.all().delete()
    return family_of(student)


def ask(client, school, account):
    response = client.post(reverse("accounts:forgotten", args=[school.slug]), {"account": account})
    do_waiting_tasks()
    return response


def link_mailed():
    mail = Message.objects.get(kind="portal-password-link")
    return re.search(r"https?://[^/]+(\S+token=\S+)", mail.text)[1]


def set_password(client, link, password=NEW):
    page, _mark, token = link.partition("?token=")
    return client.post(page, {"token": token, "new_password": password, "confirmation": password})


def test_the_page_tells_both_ways(client, family):
    door = client.get(reverse("accounts:login", args=[family.school.slug])).content.decode()
    page = client.get(reverse("accounts:forgotten", args=[family.school.slug])).content.decode()

    assert reverse("accounts:forgotten", args=[family.school.slug]) in door
    assert "02-2321-6256 分機 255" in page
    assert "tel:+886-2-2321-6256,256" in page


def test_the_link_sets_the_password_ends_all_sessions_and_logs_in(client, family):
    elsewhere = log_in(Client(), family)
    ask(client, family.school, family.student.portal_account.lower())

    response = set_password(client, link_mailed())

    family.refresh_from_db()
    assert family.check_password(NEW)
    assert response.url == reverse("binding:tasks", args=[family.school.slug])
    assert client.get(response.url).status_code == 200
    assert elsewhere.get(response.url).status_code == 302
    assert Message.objects.filter(kind="portal-password-changed").exists()
    assert Event.objects.filter(event="password.reset_asked").exists()


def test_it_works_once_and_opening_it_uses_nothing_up(client, family):
    ask(client, family.school, family.student.portal_account)
    link = link_mailed()
    for _scanner in range(2):
        assert "設定密碼" in client.get(link).content.decode()
    set_password(client, link)

    again = set_password(Client(), link, "another quiet river")

    assert "這個連結不能用了" in again.content.decode()
    assert User.objects.get(pk=family.pk).check_password(NEW)


def test_at_another_school_the_link_opens_nothing(client, family):
    ask(client, family.school, family.student.portal_account)
    elsewhere = StudentFactory()

    page = client.get(link_mailed().replace(family.school.slug, elsewhere.school.slug))

    assert "這個連結不能用了" in page.content.decode()


def test_the_answer_is_the_same_for_every_account(client, family):
    nobody = StudentFactory(school=family.school)
    told = [ask(client, family.school, one) for one in (family.student.portal_account, nobody.portal_account, "P999")]

    assert len({re.sub(r'value="[^"]*"', "", one.content.decode()) for one in told}) == 1
    assert {one.status_code for one in told} == {200}
    assert Message.objects.count() == 1


def test_an_address_that_nobody_proved_gets_no_link(client):
    student = StudentFactory()
    sent_application(student)
    Message.objects.all().delete()

    ask(client, student.school, student.portal_account)

    assert not Message.objects.filter(kind="portal-password-link").exists()
    assert not EmailToken.objects.filter(purpose="portal").exists()


def test_asked_often_it_mails_five_times_at_most(client, family):
    for _time in range(8):
        ask(client, family.school, family.student.portal_account)

    assert Message.objects.filter(kind="portal-password-link").count() == 5


def test_its_token_is_kept_nowhere_but_in_the_mail(client, family):
    ask(client, family.school, family.student.portal_account)
    token = link_mailed().partition("token=")[2]

    assert not EmailToken.objects.filter(digest=token).exists()
    assert token not in str(list(Event.objects.values_list("data", flat=True)))


def test_the_old_password_is_worth_nothing_afterwards(client, family):
    ask(client, family.school, family.student.portal_account)
    set_password(client, link_mailed())
    typed = with_captcha(account=family.student.portal_account, password=PASSWORD)

    response = Client().post(reverse("accounts:login", args=[family.school.slug]), typed)

    assert response.status_code == 200
