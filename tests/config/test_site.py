"""What holds for every answer of the site."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django_otp import devices_for_user

from audit.models import Event
from consent.models import ConsentText
from core.crypto import fingerprint
from registry.models import School
from tests.accounts.factories import city_admin, family_of, log_in, registrar_of
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["第", "%00", "%25", "x" * 500])
def test_schools_are_found_by_name(client, query):
    SchoolFactory()

    assert client.get(f"/?q={query}").status_code == 200


def test_health_answers(client):
    assert client.get(reverse("health")).json() == {"status": "ok"}


def test_policy_allows_no_inline_code(client):
    policy = client.get("/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_carry_no_inline_style_or_script(client):
    school = SchoolFactory()

    page = client.get(reverse("accounts:login", args=[school.slug])).content.decode()

    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick" not in page


@pytest.mark.parametrize("address", ["/nosuch/", "/nosuch/login/"])
def test_what_does_not_exist_is_said_kindly(client, address):
    response = client.get(address)

    assert response.status_code == 404
    assert "找不到" in response.content.decode()


def test_a_school_that_no_longer_takes_part_is_gone(client):
    school = SchoolFactory(is_active=False)

    assert client.get(reverse("accounts:school", args=[school.slug])).status_code == 404


def test_a_form_that_was_open_too_long_says_what_to_do(client_with_csrf):
    response = client_with_csrf.post(reverse("accounts:sso-login"), {"account": "x", "password": "y"})

    assert response.status_code == 403
    assert "重新" in response.content.decode()


@pytest.fixture
def client_with_csrf():
    return Client(enforce_csrf_checks=True)


def test_error_page_needs_nothing(client, monkeypatch):
    monkeypatch.setattr("accounts.views.portal.School", None)
    client.raise_request_exception = False

    response = client.get("/")

    assert response.status_code == 500
    assert "系統" in response.content.decode()


def test_private_pages_are_not_kept_by_the_browser(client):
    user = family_of(StudentFactory())
    log_in(client, user)

    assert "no-store" in client.get(reverse("binding:tasks", args=[user.school.slug]))["Cache-Control"]


class TestAdmin:
    @pytest.fixture(autouse=True)
    def admin(self, client):
        return log_in(client, city_admin())

    def test_finds_a_student_by_number_without_putting_it_into_the_address(self, client):
        student = StudentFactory()
        by_number = reverse("admin:registry_student_by_number")

        typed = client.get(reverse("admin:registry_student_changelist"), {"q": student.identity_number.lower()})
        found = client.post(by_number, {"number": student.identity_number})

        assert typed.url == by_number
        assert found.url == reverse("admin:registry_student_change", args=[student.pk])

    def test_never_shows_a_number_in_full(self, client):
        student = StudentFactory()

        page = client.get(reverse("admin:registry_student_change", args=[student.pk])).content.decode()

        assert student.identity_number not in page
        assert student.masked_identity in page

    def test_shows_a_number_in_full_once_asked_and_writes_it_down(self, client):
        student = StudentFactory()
        address = reverse("admin:registry_student_number", args=[student.pk])

        shown = client.post(address)

        assert client.get(address).status_code == 405
        assert student.identity_number in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert Event.objects.get(event="identity.viewed").target_id == str(student.pk)

    def test_makes_a_teacher_who_changes_the_password_first(self, client):
        school = SchoolFactory()
        typed = {
            "school": school.pk, "account": "T101", "name": "林老師", "email": "", "password": "first password here",
            "role_rows-TOTAL_FORMS": 1, "role_rows-INITIAL_FORMS": 0, "role_rows-0-role": "homeroom_teacher",
        }  # fmt: skip

        response = client.post(reverse("admin:accounts_user_add"), typed)

        user = School.objects.get(pk=school.pk).users.get()
        assert response.status_code == 302
        assert (user.account, user.must_change_password, user.roles) == ("t101", True, {"homeroom_teacher"})

    def test_resets_a_lost_second_factor(self, client):
        user = registrar_of(SchoolFactory())
        log_in(Client(), user)
        typed = {"action": "reset_second_factor", "_selected_action": [user.pk]}

        client.post(reverse("admin:accounts_user_changelist"), typed)

        assert not list(devices_for_user(user, confirmed=None))
        assert Event.objects.filter(event="second_factor.reset", target_id=str(user.pk)).exists()

    def test_has_no_page_of_second_factors_and_tokens(self, client):
        labels = {model._meta.app_label for model in admin.site._registry}
        assert not labels & {"otp_totp", "otp_static"}

        page = client.get(reverse("admin:index")).content.decode()
        assert "背景工作" in page
        assert not re.search("OTP|TOTP|Task Results|tokens|授權碼", strip_tags(page))

    def test_keeps_a_teachers_own_number_as_a_fingerprint(self, client):
        user = registrar_of(SchoolFactory())
        typed = {"name": "林老師", "email": "", "is_active": "on", "number": "a123456789"}
        typed |= {"role_rows-TOTAL_FORMS": 0, "role_rows-INITIAL_FORMS": 0}

        response = client.post(reverse("admin:accounts_user_change", args=[user.pk]), typed)

        user.refresh_from_db()
        assert response.status_code == 302
        assert user.identity_fingerprint == fingerprint("A123456789")

    def test_a_published_consent_text_stays_as_it_is(self, client):
        text = ConsentText.objects.get()
        page = client.get(reverse("admin:consent_consenttext_change", args=[text.pk])).content.decode()

        assert 'name="body"' not in page
