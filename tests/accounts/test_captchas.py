"""A captcha is answered in the browser that it was drawn for, in any of its tabs, and nowhere else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Captcha
from tests.accounts.factories import PASSWORD, family_of, registrar_of, sso_parent
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return family_of(StudentFactory())


def door_of(user):
    return reverse("accounts:login", args=[user.school.slug])


def drawn(client, address):
    """The captcha of a fresh tab."""
    return Captcha.objects.get(
        key=re.search(r'name="captcha_key" value="([^"]+)"', client.get(address).content.decode())[1]
    )


def post(client, user, captcha):
    typed = {"account": user.student.portal_account, "password": PASSWORD}
    return client.post(door_of(user), typed | {"captcha": captcha.code, "captcha_key": str(captcha.key)})


def test_it_opens_in_its_own_browser(family):
    client = Client()

    assert post(client, family, drawn(client, door_of(family))).status_code == 302


def test_in_any_of_several_tabs(family):
    client = Client()
    first, _second, _third = (drawn(client, door_of(family)) for _tab in range(3))

    assert post(client, family, first).status_code == 302


@pytest.mark.parametrize("other", ["fresh", "with a captcha of its own"])
def test_in_another_browser_the_right_answer_is_none(family, other):
    mine, theirs = Client(), Client()
    captcha = drawn(mine, door_of(family))
    if other != "fresh":
        drawn(theirs, door_of(family))

    response = post(theirs, family, captcha)

    assert response.status_code == 200
    assert "驗證碼不正確" in response.content.decode()
    assert post(mine, family, captcha).status_code == 302, "another browser's try used it up"


@pytest.mark.parametrize("kind", ["image", "audio"])
def test_another_browser_neither_sees_nor_hears_it(family, kind):
    mine = Client()
    address = reverse(f"accounts:captcha-{kind}", args=[drawn(mine, door_of(family)).key])

    assert mine.get(address).status_code == 200
    assert Client().get(address).status_code == 404


def test_the_one_of_single_sign_on_too():
    bob = sso_parent(by=registrar_of(SchoolFactory()))
    mine, theirs = Client(), Client()
    page = reverse("accounts:sso-login")
    for _ in range(3):
        for client in (mine, theirs):
            last = client.post(page, {"account": bob.email, "password": "not it at all"})
    captcha = Captcha.objects.get(key=re.search(r'name="captcha_key" value="([^"]+)"', last.content.decode())[1])
    typed = {"account": bob.email, "password": PASSWORD, "captcha": captcha.code, "captcha_key": captcha.key}

    assert mine.post(page, typed).status_code == 200
    assert theirs.post(page, typed).status_code == 302


def test_the_page_costs_two_queries(client, family, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("accounts.captchas.secrets.randbelow", lambda _exclusive: 1)
    door = door_of(family)

    with django_assert_num_queries(2):
        client.get(door)


def test_one_whose_time_is_over_opens_nothing_before_it_is_swept_away(client, family, monkeypatch):
    captcha = drawn(client, door_of(family))
    Captcha.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    image = reverse("accounts:captcha-image", args=[captcha.key])

    assert client.get(image).status_code == 404
    assert "驗證碼不正確" in post(client, family, captcha).content.decode()

    monkeypatch.setattr("accounts.captchas.secrets.randbelow", lambda _exclusive: 0)
    client.get(door_of(family))
    assert not Captcha.objects.filter(key=captcha.key).exists()


def test_a_second_look_shows_the_same_picture_and_another_captcha_another(family):
    client = Client()
    first, second = (drawn(client, door_of(family)) for _tab in range(2))
    Captcha.objects.update(code="23456")

    pictures = [client.get(reverse("accounts:captcha-image", args=[one.key])).content for one in (first, first, second)]

    assert pictures[0] == pictures[1] != pictures[2]
