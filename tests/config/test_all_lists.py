"""Every list of a desk: few queries and no more of them with ten times the rows; sorted by each column; in Excel."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import load_workbook

from audit.models import Event
from registry.roles import Role
from tests.accounts.factories import log_in, staff, teacher_of
from tests.registry.factories import SchoolClassFactory
from tests.support.lists import LISTS, OF_A_CLASS, fill

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def clients(school_class):
    """{role: the browser of somebody who has it}"""
    roles = {role for _page, role in LISTS} - {Role.CASHIER}
    people = {role: staff(school_class.school, role, account=role.value) for role in roles}
    people[Role.CASHIER] = staff(school_class.school, Role.CASHIER, account="cashier", name="出納組長")
    return {role: log_in(Client(), person) for role, person in people.items()}


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def addresses(school_class):
    slug = school_class.school.slug
    of_class = {page: [slug, school_class.pk] for page in OF_A_CLASS}
    return [(page, role, reverse(page, args=of_class.get(page, [slug]))) for page, role in LISTS]


def test_costs_the_same_with_ten_times_the_rows(school_class, clients):
    teacher = teacher_of(school_class)
    fill(school_class, teacher, 1)
    few = {page: queries_of(clients[role], address) for page, role, address in addresses(school_class)}
    rows = {
        page: clients[role].get(address).context["listing"].count for page, role, address in addresses(school_class)
    }
    for turn in range(2, 11):
        fill(school_class, teacher, turn)

    many = {page: queries_of(clients[role], address) for page, role, address in addresses(school_class)}

    assert few == many
    assert {page: count for page, count in many.items() if count > MOST_QUERIES} == {}
    assert {page: count for page, count in rows.items() if not count} == {}, "nothing is listed there"


def test_each_column_sorts_both_ways_and_the_file_has_what_is_shown(school_class, clients):
    teacher = teacher_of(school_class)
    fill(school_class, teacher, 1)
    fill(school_class, teacher, 2)

    for page, role, address in addresses(school_class):
        listing = clients[role].get(address).context["listing"]
        for column in (one for one in listing.columns if one.order):
            for way in ("", "-"):
                sorted_by = clients[role].get(address, {"sort": way + column.key}).context["listing"]
                assert sorted_by.sorting == way + column.key, page
                assert len(sorted_by.shown) == listing.count, page
        file = clients[role].get(address, {"export": "xlsx"})
        lines = load_workbook(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
        assert len(lines) == listing.count + 1, page
        assert lines[0] == [str(one.heading) for one in listing.columns if one.value], page
        event = Event.objects.filter(event="list.exported").first()
        assert (event.data["list"], event.data["rows"]) == (listing.name, listing.count)


def test_an_empty_one_says_what_will_stand_there_and_a_narrowed_one_how_to_see_all(clients, school_class):
    for page, role, address in addresses(school_class):
        answer = clients[role].get(address)
        listing = answer.context["listing"]
        assert listing.count == 0 or page == "staff:staff-accounts", page
        assert "沒有符合的" not in answer.content.decode(), page
        for one in listing.filters:
            values = [value for value, _words in one.choices or () if value != one.default]
            if values:
                narrowed = clients[role].get(address, {one.key: values[-1]})
                shown = narrowed.content.decode()
                assert narrowed.context["listing"].count or ("沒有符合的資料。" in shown and "清除篩選" in shown), (
                    page,
                    one.key,
                )
