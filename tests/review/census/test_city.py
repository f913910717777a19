"""The census of the city, by school."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from registry.for_pages import roc_datetime
from review.census.lines import CityCensus
from review.census.tallies import Tally
from review.census.views import charts_of
from review.models import CityCount
from tests.accounts.factories import city_admin, log_in, registrar_of, staff
from tests.binding.factories import approved_application, sent_application
from tests.registry.factories import SchoolFactory
from tests.review.census.city import answer_online, class_of, many_schools, sheets_of, student_of, text_of

pytestmark = pytest.mark.django_db

PAGE = reverse("city:census")


@pytest.fixture
def admin(client):
    user = city_admin()
    log_in(client, user)
    return user


def test_each_school_has_its_own_figures_and_the_city_their_sum():
    first, second, empty = (SchoolFactory() for _ in range(3))
    approved_application(registrar_of(first), student_of(class_of(first, "301")))
    for name in ("101", "201"):
        student_of(class_of(second, name))
    answer_online(student_of(class_of(second, "102")), "declined")
    student_of(class_of(SchoolFactory(is_active=False), "301"))

    census = CityCensus.of()

    assert [(line.name, line.tally) for line in census.schools] == [
        (first.name, Tally(families=1, agreed=1, paper_agree=1, bound=1)),
        (second.name, Tally(families=3, declined=1)),
        (empty.name, Tally()),
    ]
    assert census.total == Tally(families=4, agreed=1, declined=1, paper_agree=1, bound=1)


def test_each_school_counts_the_classes_of_its_own_year():
    ahead, behind = SchoolFactory(school_year=116), SchoolFactory(school_year=115)
    for school in (ahead, behind):
        for year in (115, 116):
            student_of(class_of(school, "301", school_year=year), name=f"{year}")

    assert [line.tally.families for line in CityCensus.of().schools] == [1, 1]


def test_schools_that_lag_behind_come_first_when_asked():
    full, none = SchoolFactory(), SchoolFactory()
    answer_online(student_of(class_of(full, "301")), "agreed")
    student_of(class_of(none, "301"))

    assert [line.key for line in CityCensus.of(order="share").schools] == [none.pk, full.pk]


@pytest.mark.parametrize("count", [5, 40])
def test_page_costs_few_queries_whatever_the_city(client, admin, django_assert_max_num_queries, count):
    many_schools(count, by=admin)

    with django_assert_max_num_queries(16):
        first = client.get(PAGE)
    with django_assert_max_num_queries(6):
        client.get(PAGE)

    assert len(first.context["page_obj"]) == count


def test_page_says_when_it_was_counted_and_is_counted_anew_minutes_later(client, admin, settings):
    school_class = class_of(SchoolFactory(), "301")
    student_of(school_class)

    before = client.get(PAGE)
    student_of(school_class, seat_number=2)
    meanwhile = client.get(PAGE)
    CityCount.objects.update(counted_at=timezone.now() - timedelta(minutes=settings.CITY_COUNT_MINUTES))
    after = client.get(PAGE)

    assert [one.context["census"].total.families for one in (before, meanwhile, after)] == [1, 1, 2]
    assert f"統計時間：{roc_datetime(before.context['census'].counted_at)}" in meanwhile.content.decode()
    assert meanwhile.context["census"].counted_at == before.context["census"].counted_at
    table = '<td class="num">2</td>'
    assert table not in before.content.decode() + meanwhile.content.decode()
    assert table in after.content.decode()


def test_what_was_counted_is_read_as_it_was():
    school = SchoolFactory()
    sent_application(student_of(class_of(school, "301")))
    answer_online(student_of(class_of(school, "302")), "declined")

    counted = CityCensus.of()
    kept = CityCensus.recent()
    again = CityCensus.recent()

    assert counted.schools == kept.schools == again.schools
    assert counted.total == again.total
    assert again.total.waiting == 1
    assert again.total.waiting_since == timezone.localdate()


def test_recent_figures_cost_one_query(django_assert_num_queries):
    SchoolFactory()
    CityCensus.recent()

    with django_assert_num_queries(1):
        census = CityCensus.recent(order="share")

    assert (census.order, len(census.schools)) == ("share", 1)


def test_pages_of_fifty_schools(client, admin):
    for _ in range(53):
        SchoolFactory()

    first, second = client.get(PAGE), client.get(PAGE, {"page": 2})

    assert [chart.title for chart in charts_of(first.context["page_obj"])] == [
        "第 1–17 所",
        "第 18–34 所",
        "第 35–50 所",
    ]
    assert first.content.decode().count('class="chart__name"') == 50
    assert [chart.title for chart in charts_of(second.context["page_obj"])] == ["第 51–53 所"]
    assert second.content.decode().count('class="chart__name"') == 3


def test_city_staff_without_the_mark_of_the_admin_see_nothing(client):
    log_in(client, staff(None, account="clerk"))

    assert client.get(PAGE).status_code == 404


def test_who_is_not_logged_in_is_asked_at_the_citys_door(client):
    assert client.get(PAGE).url == f"{reverse('accounts:city-login')}?next={PAGE}"


def test_the_citys_first_page_leads_there(client, admin):
    assert f'href="{PAGE}"' in client.get(reverse("city:home")).content.decode()


class TestExport:
    def take(self, client, form):
        return client.post(reverse("city:census-export", args=[form]))

    def test_workbook(self, client, admin):
        school = SchoolFactory(name="=HYPERLINK(1)")
        answer_online(student_of(class_of(school, "301")), "agreed")

        head, line = sheets_of(self.take(client, "xlsx"))["各校"]

        assert head[0] == "學校"
        assert line[:4] == ["=HYPERLINK(1)", 1.0, 1.0, 1.0]

    def test_pdf_holds_every_school(self, client, admin):
        schools = [SchoolFactory() for _ in range(60)]

        text = text_of(self.take(client, "pdf"))

        assert "全市親子綁定統計" in text
        assert all(school.name in text for school in schools)

    def test_is_an_event_of_the_city(self, client, admin):
        self.take(client, "xlsx")

        event = Event.objects.get(event="census.exported")
        assert (event.actor_id, event.school_id, event.data["form"]) == (admin.pk, None, "xlsx")
