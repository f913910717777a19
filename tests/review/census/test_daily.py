"""Figures kept once a day: counted twice they stand once, and the census says how it rises."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.collection.counter import take_cash
from registry.roles import Role
from review.census.columns import FIGURES, GROUPS
from review.census.daily import count_today, earliers, money_of, trends_of
from review.census.lines import SchoolCensus
from review.models import DayCount
from tests.accounts.factories import log_in, registrar_of, staff
from tests.billing.money import cashier_of, issued_bill
from tests.registry.factories import SchoolFactory
from tests.review.census.city import answer_online, class_of, fill, many_schools, student_of

pytestmark = pytest.mark.django_db


def paid_bill(student):
    bill = issued_bill(student)
    take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier_of(student.school))
    return bill


@pytest.fixture
def school():
    return SchoolFactory()


def days_ago(days, school, **figures):
    values = {"families": 100, "answered": 0, "papers": 0, "bound": 0, **figures}
    return DayCount.objects.create(school=school, on=timezone.localdate() - timedelta(days=days), **values)


def test_counted_twice_the_later_figures_stand(school):
    school_class = class_of(school, "301")
    student_of(school_class)
    count_today()
    answer_online(student_of(school_class, seat_number=2), "agreed")

    assert count_today() == 1

    row = DayCount.objects.get()
    assert (row.on, row.families, row.answered) == (timezone.localdate(), 2, 1)
    assert row.classes == {str(school_class.pk): [2, 1]}


@pytest.mark.parametrize("many", [2, 25])
def test_counting_costs_the_same_however_many_schools(many, django_assert_max_num_queries):
    many_schools(many, by=registrar_of(SchoolFactory()), classes=2)

    with django_assert_max_num_queries(12):
        count_today()

    assert DayCount.objects.count() == many


def test_a_school_that_takes_no_part_is_not_counted():
    student_of(class_of(SchoolFactory(is_active=False), "301"))

    assert count_today() == 0


def test_what_is_older_than_two_years_goes(school):
    days_ago(801, school)
    days_ago(799, school)

    count_today()

    assert DayCount.objects.count() == 1


@pytest.mark.parametrize(("days", "found"), [(7, True), (5, True), (10, True), (3, False), (11, False)])
def test_a_night_nobody_counted_is_stood_in_for_by_one_near_it(school, days, found):
    days_ago(days, school, answered=40)

    assert (earliers(school).week is not None) == found


def test_the_nearest_day_is_taken_and_other_schools_count_for_the_city_alone(school):
    days_ago(7, school, answered=40, papers=25, bills=10, paid=9)
    days_ago(6, school, answered=90)
    days_ago(364, school, answered=70)
    days_ago(7, SchoolFactory(), answered=60)

    own = earliers(school)
    assert (own.week.answered, own.week.papers, own.week.paid) == (40, 25, 90)
    assert (own.year.answered, own.year.paid) == (70, None)
    assert earliers().week.answered == 50


def test_a_line_for_the_school_and_each_class_ends_today(school):
    first, second = class_of(school, "301"), class_of(school, "302")
    answer_online(student_of(first), "agreed")
    student_of(second)
    days_ago(2, school, answered=10, classes={str(first.pk): [4, 1]})

    whole, one, other = trends_of(SchoolCensus.of(school))

    assert [value for _day, value in whole.points] == [10, 50]
    assert [value for _day, value in one.points] == [25, 100]
    assert [value for _day, value in other.points] == [0]
    assert {(chart.first, chart.last) for chart in (whole, one, other)} == {(whole.first, timezone.localdate())}


def test_before_the_first_night_there_is_no_line(school):
    student_of(class_of(school, "301"))

    assert trends_of(SchoolCensus.of(school)) == []


def test_bills_of_the_school_year_that_are_issued_count(school):
    school_class = class_of(school, "301")
    paid_bill(student_of(school_class))
    bill = issued_bill(student_of(school_class, seat_number=2))
    issued_bill(student_of(class_of(SchoolFactory(), "301")))

    money = money_of(school)[school.pk]

    assert (money.bills, money.paid, money.received) == (2, 1, money.owed - bill.amount)
    assert len(money_of(None)) == 2


class TestPage:
    def page(self, client, school):
        return client.get(reverse("review:census", args=[school.slug])).content.decode()

    def test_paper_and_money_stand_beside_the_answers(self, client, school):
        fill(school, classes=2, by=registrar_of(school))
        paid_bill(student_of(class_of(school, "305")))
        days_ago(7, school, answered=20, papers=50)
        log_in(client, staff(school, Role.PRINCIPAL, account="principal"))

        shown = self.page(client, school)

        assert "學校已收 2 份申請書" in shown
        assert "2 / 5 份" in shown
        assert "比上週多 20 個百分點" in shown
        assert "比上週少 10 個百分點" in shown
        assert "1 / 1 人次" in shown
        assert "回覆率的變化" in shown

    def test_heads_are_grouped_over_all_columns(self, client, school):
        assert sum(columns for _word, columns in GROUPS) == len(FIGURES)
        student_of(class_of(school, "301"))
        log_in(client, registrar_of(school))
        assert 'scope="colgroup" colspan="6"' in self.page(client, school)

    @pytest.mark.parametrize("days", [1, 60])
    def test_costs_the_same_however_many_days(self, client, school, days, django_assert_max_num_queries):
        fill(school, classes=3, by=registrar_of(school))
        for ago in range(1, days + 1):
            days_ago(ago, school)
        log_in(client, registrar_of(school))

        with django_assert_max_num_queries(16):
            self.page(client, school)
