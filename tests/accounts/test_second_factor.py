"""Staff show a second factor before anything else."""

import base64
import re
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from django.db import connection
from django.urls import reverse
from django_otp import match_token
from django_otp.oath import TOTP

from accounts import second_factor
from accounts.models import Authenticator, RecoveryCode, RecoverySheet
from audit.models import Event
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
        {"old_password": PASSWORD, "new_password": "the thief's own words", "confirmation": "the thief's own words"},
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

    assert client.get(reverse("review:home", args=[alice.school.slug])).url == reverse("accounts:second-factor")
    assert client.get(reverse("accounts:second-factor")).status_code == 200


class TestAtRest:
    """A database that somebody reads opens no second factor."""

    def rows(self, table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            return str(cursor.fetchall())

    def test_secret_and_recovery_codes_are_not_to_be_read(self, client, alice):
        codes = codes_on(client.get(enrol(client, alice).url))
        secret = Authenticator.objects.get().secret
        tables = "".join(
            self.rows(table)
            for table in connection.introspection.table_names()
            if table.startswith(("accounts_", "audit_", "django_admin", "notifications_"))
        )

        for code in codes:
            assert code.replace(" ", "") not in tables
            assert code not in tables
        for written in (secret.hex(), base64.b32encode(secret).decode(), str(secret)):
            assert written not in tables

    def test_a_digest_put_into_anothers_sheet_fits_nothing_there(self, alice):
        bob = registrar_of(SchoolFactory())
        code = second_factor.write_recovery_codes(alice)[0].replace(" ", "")
        mine, theirs = RecoverySheet.objects.get(user=alice), RecoverySheet.objects.create(user=bob, name="x")
        RecoveryCode.objects.filter(sheet=mine).update(sheet=theirs)

        assert match_token(bob, code) is None

    def test_new_codes_end_the_old_ones(self, alice):
        old, new = (second_factor.write_recovery_codes(alice)[0].replace(" ", "") for _ in range(2))

        assert match_token(alice, old) is None
        assert match_token(alice, new) is not None
        assert match_token(alice, new) is None

    @pytest.mark.parametrize("step", [-2, -1, 0, 1, 2])
    def test_an_authenticator_is_believed_one_step_either_way(self, alice, monkeypatch, step):
        device = Authenticator.objects.create(user=alice, name="x")
        totp = TOTP(device.secret)
        totp.time = 1_800_000_000 + 30 * step
        monkeypatch.setattr("accounts.models.second_factor.time.time", lambda: 1_800_000_000)

        assert device.verify_token(f"{totp.token():06d}") == (abs(step) <= 1)

    def test_a_code_of_the_app_is_good_once(self, alice):
        Authenticator.objects.create(user=alice, name="x")
        code = code_of(Authenticator.objects.get())

        assert match_token(alice, code) is not None
        assert match_token(alice, code) is None

    @pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "-12345", "１２３４５６", "012345 "])
    def test_what_is_no_code_is_refused(self, alice, typed):
        device = Authenticator.objects.create(user=alice, name="x")

        assert device.verify_token(typed) is False

    def test_an_app_reads_the_address_of_the_qr_code(self, alice):
        device = Authenticator.objects.create(user=alice, name="x")
        address = urlsplit(device.address)
        asked = dict(parse_qsl(address.query))

        assert (address.scheme, address.netloc) == ("otpauth", "totp")
        assert base64.b32decode(asked["secret"]) == device.secret
        assert asked["issuer"] == "臺北市親子綁定"
        assert unquote(address.path).endswith(alice.username)


def test_each_wrong_code_is_an_event(client, alice):
    enrol(client, alice)
    client.logout()
    client.force_login(alice, backend="accounts.backends.AccountBackend")
    for _ in range(3):
        client.post(reverse("accounts:second-factor"), {"token": "000000"})

    events = Event.objects.filter(event="second_factor.failed")
    assert [one.actor_id for one in events] == [alice.pk] * 3
