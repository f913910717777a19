"""The city's list of schools, and what a school's page says before anybody logs in."""

import pytest
from django.forms import modelform_factory
from django.urls import reverse

from registry.models import School
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db

HOME = reverse("accounts:home")


def page_of(response):
    return response.content.decode()


@pytest.mark.parametrize("query", ["第二女中", "二女", "353399", "second girls", "SECOND"])
def test_a_school_is_found_by_a_part_of_any_of_its_names(client, query):
    SchoolFactory(
        name="臺北市立第二女中高級中學", code="353399", english_name="Taipei Second Girls High School", slug="two"
    )
    SchoolFactory(name="臺北市立和風國民中學", slug="other")

    page = page_of(client.get(HOME, {"q": query}))

    assert 'href="/two/"' in page
    assert 'href="/other/"' not in page


def test_many_schools_stand_by_level_and_district(client):
    for number in range(7):
        SchoolFactory(name=f"臺北市立第{number}國民中學", district="大安區")
        SchoolFactory(name=f"臺北市立第{number}高級中學", district="中正區" if number else "")

    page = page_of(client.get(HOME))

    places = [page.index(words) for words in ("高級中等學校", "中正區", "第0高級中學", "國民中學</summary>", "大安區")]
    assert places == sorted(places)
    assert page.count("<details") == 2


def test_the_school_chosen_last_is_offered_first(client):
    SchoolFactory(name="臺北市立第二高級中學", slug="two")
    client.get("/two/")

    page = page_of(client.get(HOME))

    assert "上次選的學校" in page
    assert client.cookies["school"].value == "two"
    assert client.cookies["school"]["httponly"]


@pytest.mark.parametrize("slug", ["nosuch", "<script>", "x" * 5000])
def test_a_cookie_that_names_no_school_is_passed_over(client, slug):
    SchoolFactory()
    client.cookies["school"] = slug

    assert "上次選的學校" not in page_of(client.get(HOME))


def test_the_schools_page_says_what_to_have_at_hand_and_that_all_answer(client):
    page = page_of(client.get(reverse("accounts:school", args=[SchoolFactory().slug])))

    assert "全面普查" in page
    assert "孩子的學號和身分證統一編號" in page
    assert "請假" not in page


def test_a_school_without_an_english_name_is_told_as_chinese(client):
    school = SchoolFactory(name="臺北市立第二高級中學")
    client.cookies["language"] = "en"

    page = page_of(client.get(reverse("accounts:school", args=[school.slug])))

    assert '<span lang="zh-Hant">臺北市立第二高級中學</span>' in page
    assert "ext. 255" in page


def test_the_schools_own_word_for_an_office_is_chinese(client):
    school = SchoolFactory(helpdesk_office="系統師")
    front = reverse("accounts:school", args=[school.slug])

    assert "系統師" in page_of(client.get(front))
    client.cookies["language"] = "en"
    assert "系統師" not in page_of(client.get(front))


@pytest.mark.parametrize(("typed", "is_taken"), [("23216256#255", True), ("網路中心", False), ("", False)])
def test_a_telephone_is_typed_as_people_write_it(typed, is_taken):
    form = modelform_factory(School, fields=["helpdesk_phone"])({"helpdesk_phone": typed}, instance=SchoolFactory())

    assert form.is_valid() == is_taken
    if is_taken:
        form.save()
        assert School.objects.get().helpdesk_phone.kept == "02-2321-6256#255"
