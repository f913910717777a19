"""Where one comes back to is a page of the same school, whatever somebody writes into `back`."""

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from core import way_back
from registry.models import RosterImport
from tests.accounts.factories import log_in, registrar_of
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db


def opened(back, address="/erdai/registry/students/5/"):
    request = RequestFactory().get(address, {"back": back})
    request.resolver_match = resolve(address)
    return request


@pytest.mark.parametrize("back", ["/erdai/registry/students/", "/erdai/registry/students/?class=3&page=2", "/erdai/"])
def test_a_page_of_the_school_is_taken(back):
    assert way_back.came_from(opened(back)) == back


@pytest.mark.parametrize(
    "back",
    [
        "", "//evil.example/", "https://evil.example/erdai/", "/\\evil.example", "erdai/", "/erdai/registry/students/\n",
        "/another/registry/students/", "/sso/login/", "/nowhere/at/all/", "/erdai/registry/students/?x=" + "x" * 3000,
        "javascript:alert(1)", f"/erdai/?q={make_identity(3)}", "/erdai/registry/stu dents/",
    ],
)  # fmt: skip
def test_anything_else_is_nothing(back):
    assert way_back.came_from(opened(back)) == ""


def test_what_is_posted_counts_first():
    request = RequestFactory().post("/erdai/registry/students/5/?back=/erdai/", {"back": "/erdai/registry/classes/"})
    request.resolver_match = resolve("/erdai/registry/students/5/")

    assert way_back.came_from(request) == "/erdai/registry/classes/"


def test_goes_back_to_the_row_and_leaves_no_file_behind():
    request = opened("/erdai/registry/students/?page=2&export=xlsx#top")

    assert (
        way_back.redirect_back(request, "/erdai/registry/classes/", anchor="row-5").url
        == "/erdai/registry/students/?page=2#row-5"
    )


def test_without_a_way_back_the_default_is_taken():
    assert way_back.redirect_back(opened(""), "registry:classes", "erdai").url == "/erdai/registry/classes/"


def test_onward_carries_it_and_twice_is_once():
    address = way_back.onward(opened("/erdai/registry/students/?page=2"), "/erdai/registry/students/5/edit/?back=/x/")

    assert address == "/erdai/registry/students/5/edit/?back=%2Ferdai%2Fregistry%2Fstudents%2F%3Fpage%3D2"


def test_from_a_list_to_an_action_and_back_to_its_place(client):
    student = StudentFactory()
    registrar = registrar_of(student.school)
    student.missing_from = RosterImport.objects.create(
        school=student.school, name="x.csv", state="applied", decided_at=timezone.now()
    )
    student.save()
    log_in(client, registrar)
    slug = student.school.slug
    place = reverse("registry:students", args=[slug]) + f"?class={student.school_class_id}"

    listed = client.get(place).content.decode()
    link = f"{reverse('registry:student', args=[slug, student.pk])}?{way_back.carry('', place)[1:]}"
    assert link in listed
    page = client.get(link).content.decode()
    assert f'<input type="hidden" name="back" value="{place}">' in page
    done = client.post(reverse("registry:student-keep", args=[slug, student.pk]), {"back": place})

    assert done.url == f"{place}#row-{student.pk}"


def test_a_page_that_was_left_for_good_is_not_come_back_to():
    below = "/erdai/registry/students/5/?back=%2Ferdai%2Fregistry%2Fstudents%2F%3Fpage%3D2"

    assert way_back.redirect_back(opened(below), "/erdai/registry/students/").url == "/erdai/registry/students/?page=2"
