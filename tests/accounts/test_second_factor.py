"""Staff show a second factor before anything else."""

import re

import pytest
from django.urls import reverse
from django_otp.oath import TOTP

from accounts.models import Authenticator
from tests.accounts.factories import PASSWORD, family_of, registrar_of
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


def code_of(device):
    return f"{TOTP(device.secret).token():06d}"


def codes_on(page):
    """The recovery codes that a page shows, as they are written down."""
    return re.findall(r"<li>(\d{5} \d{5})</li>", page.content.decode())


@pytest.fixture
def alice(client):
    user = registrar_of(SchoolFactory())
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return user


def enrol(client, user):
    client.get(reverse("accounts:second-factor-setup"))
    device = Authenticator.objects.get(user=user)
    return client.post(reverse("accounts:second-factor-setup"), {"token": code_of(device)})


def test_first_login_enrols_and_shows_recovery_codes_once(client, alice):
    desk = reverse("review:home", args=[alice.school.slug])
    assert client.get(desk).url == reverse("accounts:second-factor")
    assert client.get(reverse("accounts:second-factor")).url == reverse("accounts:second-factor-setup")

    response = enrol(client, alice)

    codes = client.get(response.url)
    again = client.get(response.url)
    assert len(codes_on(codes)) == len(set(codes_on(codes))) == 10
    assert again.status_code == 302
    assert client.get(desk).status_code == 200


def test_a_wrong_code_enrols_nothing(client, alice):
    client.get(reverse("accounts:second-factor-setup"))

    response = client.post(reverse("accounts:second-factor-setup"), {"token": "000000"})

    assert "驗證碼不正確" in response.content.decode()
    assert not Authenticator.objects.filter(confirmed=True).exists()


def test_later_logins_take_a_code_or_a_recovery_code_once(client, alice):
    recovery = codes_on(client.get(enrol(client, alice).url))[0]
    client.logout()
    client.force_login(alice, backend="accounts.backends.AccountBackend")

    first = client.post(reverse("accounts:second-factor"), {"token": recovery})
    client.logout()
    client.force_login(alice, backend="accounts.backends.AccountBackend")
    second = client.post(reverse("accounts:second-factor"), {"token": recovery})

    assert first.status_code == 302
    assert second.status_code == 200


def test_who_has_a_device_cannot_enrol_another_before_showing_it(client, alice):
    enrol(client, alice)
    client.logout()
    client.force_login(alice, backend="accounts.backends.AccountBackend")

    response = client.get(reverse("accounts:second-factor-setup"))

    assert response.url == reverse("accounts:second-factor")


def test_families_have_nothing_to_do_here(client):
    client.force_login(family_of(StudentFactory()), backend="accounts.backends.AccountBackend")

    assert client.get(reverse("accounts:second-factor")).status_code == 404
    assert client.get(reverse("accounts:second-factor-setup")).status_code == 404


def test_a_stolen_password_cannot_be_changed_without_the_second_factor(client, alice):
    enrol(client, alice)
    client.logout()
    client.force_login(alice, backend="accounts.backends.AccountBackend")
    address = reverse("accounts:password", args=[alice.school.slug])

    response = client.post(
        address,
        {
            "old_password": PASSWORD,
            "new_password": "the thief's own words",
            "confirmation": "the thief's own words",
        },
    )

    assert response.url == reverse("accounts:second-factor")
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_first_password_is_changed_before_the_second_factor_is_enrolled(client, alice):
    alice.has_temporary_password = True
    alice.save()

    assert client.get(reverse("review:home", args=[alice.school.slug])).url == reverse(
        "accounts:password", args=[alice.school.slug]
    )
    assert client.get(reverse("accounts:second-factor-setup")).url == reverse(
        "accounts:password", args=[alice.school.slug]
    )


def test_a_password_given_anew_still_asks_for_the_second_factor_first(client, alice):
    enrol(client, alice)
    client.logout()
    alice.has_temporary_password = True
    alice.save()
    client.force_login(alice, backend="accounts.backends.AccountBackend")

    assert client.get(reverse("review:home", args=[alice.school.slug])).url == reverse(
        "accounts:second-factor"
    )
    assert client.get(reverse("accounts:second-factor")).status_code == 200
