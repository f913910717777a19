"""Changing a password, at the first log-in and later."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from accounts import strength
from accounts.forms import NewPasswordForm
from accounts.hashers import LoginHasher
from accounts.models import SSOAccount, User
from accounts.passwords import password_fits
from accounts.sso_accounts import open_sso_account
from notifications.models import Message
from tests.accounts.factories import PASSWORD, family_of, log_in, registrar_of, sso_parent, teacher_of
from tests.binding.factories import approved_application
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db

NEW = "seven blue lanterns"


def change(client, school, old, new, confirmation=None):
    return client.post(
        reverse("accounts:password", args=[school.slug]),
        {"old_password": old, "new_password": new, "confirmation": confirmation or new},
    )


def test_first_change_opens_the_task_list(client):
    student = StudentFactory()
    log_in(client, family_of(student, password=None))

    response = change(client, student.school, student.identity_number, NEW)

    assert response.url == reverse("binding:tasks", args=[student.school.slug])
    assert client.get(response.url).status_code == 200
    assert User.objects.get(student=student).check_password(NEW)


def test_until_the_first_change_every_other_page_leads_to_it(client):
    student = StudentFactory()
    log_in(client, family_of(student, password=None))

    response = client.get(reverse("binding:consent", args=[student.school.slug]))

    assert response.url == reverse("accounts:password", args=[student.school.slug])


@pytest.mark.parametrize(
    ("old", "new", "confirmation", "words"),
    [
        ("wrong", NEW, NEW, "原密碼不正確"),
        (PASSWORD, "short", "short", "密碼至少要有 12 個字"),
        (PASSWORD, "x" * 129, "x" * 129, "密碼最多 128 個字"),
        (PASSWORD, NEW, "seven red lanterns", "兩次輸入的新密碼不一樣"),
        (PASSWORD, PASSWORD, PASSWORD, "這個密碼最近用過"),
        (PASSWORD, "password1234", "password1234", "密碼"),
    ],
)
def test_a_bad_new_password_says_what_is_wrong(client, old, new, confirmation, words):
    user = family_of(StudentFactory())
    log_in(client, user)

    response = change(client, user.school, old, new, confirmation)

    assert response.status_code == 200
    assert words in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("own", ["identity_number", "student_number", "name"])
def test_a_password_is_not_made_of_own_data(client, own):
    user = family_of(StudentFactory())
    log_in(client, user)

    response = change(client, user.school, PASSWORD, f"my secret {getattr(user.student, own)} word")

    assert "密碼裡不要放證號" in response.content.decode()


def test_staff_need_a_longer_one(client):
    user = registrar_of(SchoolFactory())
    log_in(client, user)

    response = change(client, user.school, PASSWORD, "fourteen chars")

    assert "密碼至少要有 15 個字" in response.content.decode()


def test_wrong_old_passwords_are_counted(client):
    user = family_of(StudentFactory())
    log_in(client, user)
    for _ in range(5):
        change(client, user.school, "wrong", NEW)

    response = change(client, user.school, PASSWORD, NEW)

    assert "原密碼輸入錯誤太多次" in response.content.decode()


def test_other_sessions_end_with_a_change(client):
    user = family_of(StudentFactory())
    other = log_in(Client(), user)
    log_in(client, user)

    change(client, user.school, PASSWORD, NEW)

    assert client.get(reverse("binding:tasks", args=[user.school.slug])).status_code == 200
    assert other.get(reverse("binding:tasks", args=[user.school.slug])).status_code == 302


def test_bound_parents_hear_of_a_change_of_the_portal_password(client):
    student = StudentFactory()
    application = approved_application(teacher_of(student.school_class), student)
    user = application.started_by
    log_in(client, user)

    change(client, user.school, PASSWORD, NEW)

    mail = Message.objects.get(kind="portal-password-changed")
    assert mail.to == "bob@example.com"


def test_sso_account_becomes_active_with_its_own_password(client):
    user = sso_parent(by=registrar_of(SchoolFactory()), password=None)
    log_in(client, user)

    response = client.post(
        reverse("accounts:sso-password"),
        {"old_password": user.sso_account.identity_number[-6:], "new_password": NEW, "confirmation": NEW},
    )

    assert response.url == reverse("binding:sso-home")
    assert SSOAccount.objects.get(user=user).state == SSOAccount.State.ACTIVE


@pytest.mark.parametrize("state", ["absent", "initial", "changed"])
def test_every_path_costs_one_hash(monkeypatch, settings, state):
    settings.PASSWORD_HASHERS = ["accounts.hashers.LoginHasher"]
    user = {
        "absent": lambda: None,
        "initial": lambda: family_of(StudentFactory(), password=None),
        "changed": lambda: family_of(StudentFactory()),
    }[state]()
    hashes = count_hashes(monkeypatch)

    password_fits(user, "not it at all")

    assert len(hashes) == 1


def count_hashes(monkeypatch):
    hashes = []
    for name in ("encode", "verify"):
        original = getattr(LoginHasher, name)

        def counted(self, *args, _original=original, **kwargs):
            hashes.append(1)
            return _original(self, *args, **kwargs)

        monkeypatch.setattr(LoginHasher, name, counted)
    return hashes


def test_opening_an_account_hashes_nothing(monkeypatch, settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.LoginHasher"]
    registrar = registrar_of(SchoolFactory())
    hashes = count_hashes(monkeypatch)

    open_sso_account(
        name="王大明", identity_number="A123456789", mobile="0912345678", email="bob@example.com", by=registrar
    )

    assert not hashes


class TestRightAfterTheLogIn:
    """The first change does not ask again for what was typed a moment ago."""

    @pytest.fixture
    def family(self, client):
        family = family_of(StudentFactory(), password=None)
        log_in(client, family)
        return family

    def test_the_old_password_may_be_left_empty(self, client, family):
        response = change(client, family.school, "", NEW)

        assert response.status_code == 302
        assert User.objects.get(pk=family.pk).check_password(NEW)

    def test_what_is_typed_has_to_fit(self, client, family):
        assert "原密碼不正確" in change(client, family.school, "wrong", NEW).content.decode()

    def test_later_it_is_asked(self, client, family, monkeypatch):
        now = time.time()
        monkeypatch.setattr("accounts.views.password.time.time", lambda: now + 601)

        response = change(client, family.school, "", NEW)

        assert response.status_code == 200
        assert not User.objects.get(pk=family.pk).has_usable_password()

    def test_a_later_change_always_asks(self, client):
        user = family_of(StudentFactory())
        log_in(client, user)

        assert change(client, user.school, "", NEW).status_code == 200


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("我家的貓喜歡吃鳳梨酥", True),
        ("河邊三盞藍燈籠亮", True),
        ("河邊三盞藍燈籠", False),
        ("河邊三盞abcdqz", False),
        ("河邊三盞藍abcdq", False),
    ],
)
def test_eight_characters_are_enough_where_most_are_han(password, is_taken):
    student = StudentFactory()
    form = NewPasswordForm({"new_password": password, "confirmation": password}, user=family_of(student))

    assert form.is_valid() == is_taken
    assert (strength.level_of(password, family_of(student)) > 0) == is_taken
