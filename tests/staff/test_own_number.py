"""本人的證號: asked once of who decides about families, kept as all numbers are, corrected through the school admin."""

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from registry.roles import Role
from staff import accounts as staff_actions
from tests.accounts.factories import log_in, registrar_of, staff
from tests.registry.factories import SchoolFactory, make_identity
from tests.support.words import words_of

pytestmark = pytest.mark.django_db
NUMBER = make_identity(31)


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def admin(school):
    return staff(school, Role.SCHOOL_ADMIN, account="admin", name="管理者")


@pytest.fixture
def registrar(school):
    return registrar_of(school)


def page_of(school):
    return reverse("staff:own-number", args=[school.slug])


def invited(school, admin, *roles):
    return staff_actions.invite(
        school=school, account="t301", name="林老師", email="t301@example.com", roles=roles, by=admin
    )


class TestFirstLogIn:
    @pytest.mark.parametrize("role", [Role.HOMEROOM_TEACHER, Role.REGISTRAR, Role.SCHOOL_ADMIN])
    def test_who_decides_is_asked_before_any_other_page(self, client, school, admin, role):
        user = invited(school, admin, role)
        user.set_password("a quiet river in spring")
        user.save()
        log_in(client, user)

        response = client.get(reverse("accounts:staff-home", args=[school.slug]), follow=True)
        assert response.request["PATH_INFO"] == page_of(school) or "本人的證號" in response.content.decode()

        response = client.post(page_of(school), {"identity_number": NUMBER.lower()}, follow=True)
        assert "已登錄您的證號" in response.content.decode()
        user.refresh_from_db()
        assert user.identity_number == NUMBER
        assert NUMBER not in user.identity_cipher

    @pytest.mark.parametrize("role", [Role.CASHIER, Role.HELPDESK, Role.PRINCIPAL])
    def test_others_are_not_asked(self, client, school, admin, role):
        user = invited(school, admin, role)
        user.set_password("a quiet river in spring")
        user.save()
        log_in(client, user)

        response = client.get(reverse("accounts:devices"), follow=True)

        assert response.request["PATH_INFO"] == reverse("accounts:devices")

    def test_who_comes_to_decide_is_asked_then(self, client, school, admin):
        user = invited(school, admin, Role.CASHIER)
        User.objects.filter(pk=user.pk).update(asks_number=False)

        staff_actions.change(user=user, name=user.name, email=user.email, roles=[Role.REGISTRAR], by=admin)

        user.refresh_from_db()
        assert user.asks_number

    @pytest.mark.parametrize("typed", ["", "A123456788", "12345678", "王大明"])
    def test_what_is_no_number_is_refused_with_words(self, client, school, registrar, typed):
        log_in(client, registrar)

        page = client.post(page_of(school), {"identity_number": typed}).content.decode()

        assert 'aria-invalid="true"' in page
        registrar.refresh_from_db()
        assert registrar.identity_fingerprint == ""


class TestNote:
    def test_where_it_is_not_known_the_pages_say_so_and_work_goes_on(self, client, school, registrar):
        log_in(client, registrar)

        page = client.get(reverse("binding:bindings", args=[school.slug])).content.decode()

        assert "系統還不知道哪些學生是您的家人" in page
        assert page_of(school) in page

    def test_once_it_is_known_nothing_is_said(self, client, school, registrar):
        staff_actions.keep_number(user=registrar, number=NUMBER)
        log_in(client, registrar)

        page = client.get(reverse("binding:bindings", args=[school.slug])).content.decode()

        assert "系統還不知道哪些學生是您的家人" not in page

    def test_a_cashier_is_not_bothered(self, client, school):
        log_in(client, staff(school, Role.CASHIER, account="cash"))

        page = client.get(reverse("billing:cashier-money", args=[school.slug])).content.decode()

        assert "系統還不知道哪些學生是您的家人" not in page


class TestCorrection:
    def test_nobody_changes_the_own_number(self, client, school, registrar):
        staff_actions.keep_number(user=registrar, number=NUMBER)
        log_in(client, registrar)

        response = client.post(page_of(school), {"identity_number": make_identity(32)}, follow=True)

        assert "請洽學校管理者" in response.content.decode()
        registrar.refresh_from_db()
        assert registrar.identity_number == NUMBER

    def test_the_school_admin_clears_a_slip_of_the_pen(self, client, school, admin, registrar):
        staff_actions.keep_number(user=registrar, number=NUMBER)
        log_in(client, admin)

        client.post(reverse("staff:staff-number", args=[school.slug, registrar.pk]))

        registrar.refresh_from_db()
        assert (registrar.identity_cipher, registrar.identity_fingerprint) == ("", "")
        assert registrar.asks_number
        assert Event.objects.filter(event="staff.number_forgotten", actor_id=admin.pk).exists()

    def test_nobody_clears_the_own_one(self, client, school, admin):
        staff_actions.keep_number(user=admin, number=NUMBER)

        with pytest.raises(staff_actions.NotAllowed):
            staff_actions.forget_number(user=admin, by=admin)

    def test_the_number_is_on_no_page(self, client, school, admin, registrar):
        staff_actions.keep_number(user=registrar, number=NUMBER)
        log_in(client, admin)
        page = client.get(reverse("staff:staff-person", args=[school.slug, registrar.pk])).content.decode()
        assert NUMBER not in page
        assert NUMBER[:2] not in words_of(page), "not even the half of it"

        log_in(client, registrar)
        page = client.get(page_of(school)).content.decode()
        assert NUMBER not in page
        assert "••" in page
