"""What was drawn for somebody who is logged in is kept in no cache: the back button shows nothing after the log-out."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import family_of, log_in, registrar_of, sso_parent
from tests.registry.factories import SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


def people():
    student = StudentFactory(school=SchoolFactory(slug="erdai"))
    return {
        "family": family_of(student),
        "staff": registrar_of(student.school),
        "parent": sso_parent(by=registrar_of(student.school)),
    }


PAGES = [
    "/",
    "/erdai/",
    "/?q=%E4%BA%8C",
    "/nowhere/at/all/",
    "/erdai/invitation/?token=x",
    "/sso/account/back/?token=x",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["family", "staff", "parent"])
def test_public_pages_seen_while_logged_in(who, page):
    client = log_in(Client(), people()[who])

    kept = client.get(page)["Cache-Control"]

    assert "no-store" in kept
    assert "private" in kept


@pytest.mark.parametrize("page", ["/", "/erdai/"])
def test_strangers_see_the_same_page_without(page):
    people()

    assert "no-store" not in Client().get(page).get("Cache-Control", "")


def test_after_the_log_out_there_is_nothing_of_anybody(client):
    user = people()["family"]
    log_in(client, user)
    client.get("/erdai/")
    client.post(reverse("accounts:logout"))

    page = client.get("/erdai/")

    assert user.student.portal_account not in page.content.decode()
    assert "no-store" not in page.get("Cache-Control", "")
