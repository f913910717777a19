"""我的帳號: children and schools, the own data to take away, leaving."""

import json

import pytest
from django.urls import reverse

from accounts.models import SSOAccount, User
from audit.models import Event
from binding.models import Binding
from notifications.models import Message
from tests.accounts.factories import PASSWORD, change_password, log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, approved_application
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parents():
    """Two parents of one child."""
    student = StudentFactory()
    application = approved_application(teacher_of(student.school_class), student, kind=Kind.TWO_PARENTS)
    people = [one.binding.account.user for one in application.applicants.order_by("position")]
    for one in people:
        change_password(user=one, password=PASSWORD)
    return people


@pytest.fixture
def bob(parents):
    return parents[0]


def test_shows_children_and_whom_to_call(client, bob, django_assert_max_num_queries):
    log_in(client, bob)
    school = Binding.objects.first().student.school

    with django_assert_max_num_queries(7):
        page = client.get(reverse("binding:account")).content.decode()

    assert bob.email in page
    for contact in (school.helpdesk_contact, school.registrar_contact, school.cashier_contact):
        assert str(contact.phone.extensions[0]) in page
        assert contact.office in page


def test_the_launcher_leads_there(client, bob):
    log_in(client, bob)

    assert reverse("binding:account") in client.get(reverse("binding:sso-home")).content.decode()


class TestData:
    def take(self, client, **more):
        return client.post(reverse("binding:own-data"), {"password": PASSWORD, **more})

    def test_is_all_of_the_own_and_nothing_of_the_other_parent(self, client, parents):
        bob, alice = parents
        log_in(client, bob)

        response = self.take(client, file="1")

        data = json.loads(response.content)
        assert data["profile"]["email"] == bob.email
        assert [one["relationship"] for one in data["bindings"]] != []
        assert [one["text"] for one in data["consents"]] != []
        assert [one["subject"] for one in data["mails"]] != []
        text = response.content.decode()
        for foreign in (alice.email, alice.sso_account.name, alice.sso_account.mobile):
            assert foreign not in text
        for number in (bob.sso_account.identity_number, alice.sso_account.identity_number):
            assert number not in text
        assert "attachment" in response["Content-Disposition"]

    def test_can_be_read_on_a_page(self, client, bob, django_assert_max_num_queries):
        log_in(client, bob)

        with django_assert_max_num_queries(20):
            page = self.take(client, page="1").content.decode()

        assert bob.sso_account.mobile in page
        assert Event.objects.filter(event="own_data.taken", actor_id=bob.pk).count() == 1

    def test_needs_the_own_password(self, client, bob):
        log_in(client, bob)

        response = client.post(reverse("binding:own-data"), {"password": "wrong", "file": "1"})

        assert "您的密碼不正確" in response.content.decode()
        assert not Event.objects.filter(event="own_data.taken").exists()


class TestLeaving:
    @pytest.fixture
    def left(self, client, parents):
        school = Binding.objects.first().student.school
        User.objects.filter(pk=registrar_of(school).pk).update(email="registrar@example.com")
        log_in(client, parents[0])
        return client.post(reverse("binding:leave"), {"password": PASSWORD})

    def test_ends_the_own_bindings_and_tells_the_school(self, client, parents, left):
        bob, alice = parents

        assert left.url == reverse("accounts:sso-login")
        assert not Binding.objects.standing().filter(account__user=bob).exists()
        assert Binding.objects.standing().filter(account__user=alice).count() == 1
        mail = Message.objects.get(kind="parent-left")
        assert mail.to == "registrar@example.com"
        assert bob.sso_account.name not in mail.text
        assert client.get(reverse("binding:account")).status_code == 302

    def test_leaves_the_account_in_waiting(self, parents, left):
        account = SSOAccount.objects.get(user=parents[0])

        assert account.state == SSOAccount.State.ACTIVE
        assert not account.user.is_active

    def test_needs_the_own_password(self, client, bob):
        log_in(client, bob)

        client.post(reverse("binding:leave"), {"password": "wrong"})

        assert Binding.objects.standing().filter(account__user=bob).exists()

    def test_says_what_ends(self, client, bob):
        log_in(client, bob)

        page = client.get(reverse("binding:leave")).content.decode()

        assert Binding.objects.first().student.school.name in page
        assert "30 天" in page
