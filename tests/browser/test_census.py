"""The census of a school and of the city in a browser, on phone and desk."""

import pytest
from django.urls import reverse

from registry.roles import Role
from review.paper_register import mark_paper_form
from tests.accounts.factories import city_admin, registrar_of, staff
from tests.binding.factories import approved_application, sent_application
from tests.browser.people import person, visit
from tests.registry.factories import SchoolFactory
from tests.review.census.city import answer_online, class_of, many_schools, sent_days_ago, student_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(school_class, place, by):
    """A class in which every kind of answer occurs, more of one kind the later it comes."""
    for seat in range(1, 13):
        student = student_of(school_class, seat_number=seat, name="尹書妍")
        if seat <= 4 + place % 5:
            answer_online(student, "agreed")
        elif seat <= 7:
            answer_online(student, "declined")
        if seat in (1, 2, 8) or (place % 3 == 0 and seat == 7):
            mark_paper_form(student=student, answer="agree", by=by)


@pytest.fixture
def school(school_class):
    school = school_class.school
    registrar = registrar_of(school)
    for place, name in enumerate(["101", "102", "103", "201", "202", "203", "302", "資訊資優班"]):
        fill(class_of(school, name), place, registrar)
    approved_application(registrar, student_of(school_class, seat_number=1), people=person(300))
    for place, days in enumerate([1, 4, 12]):
        student = student_of(school_class, seat_number=place + 2)
        sent_days_ago(sent_application(student, people=person(301 + place)), days)
    return school


def test_the_schools_census(enter, school):
    walking = enter(school.users.get(account="registrar"))
    visit(walking, school, ["review:census"])
    walking.reads("已回覆意願").reads("最久的已等 12 天").reads("資訊資優班")

    walking.follow("回覆率低的在前")
    walking.page.get_by_role("link", name="1 年級").click()
    walking.look().reads("101")
    walking.page.goto(reverse("review:mismatches", args=[school.slug]))
    walking.look().reads("無意參加")
    with walking.page.expect_download() as taken:
        walking.open(reverse("review:census", args=[school.slug]))
        walking.page.get_by_role("button", name="下載 PDF").click()
    assert taken.value.suggested_filename == f"親子綁定統計-{school.short_name}.pdf"


def test_the_principals_desk(enter, school):
    walking = enter(staff(school, Role.PRINCIPAL, account="principal", name="陳校長"))
    walking.open(reverse("accounts:staff-home", args=[school.slug])).reads("學年度親子綁定統計")


def test_before_a_roster(enter):
    school = SchoolFactory()
    visit(enter(registrar_of(school)), school, ["review:census"], ["review:mismatches"])


def test_the_citys_census(enter, school):
    admin = city_admin()
    many_schools(54, by=admin)
    walking = enter(admin)
    walking.open(reverse("city:census")).reads("全市親子綁定統計").follow("下一頁")
    walking.follow("回覆率低的在前")
