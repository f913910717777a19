"""A list as an address asks for it: what is asked wrongly is said, words stay out of addresses, nothing is lost on the way."""

import io
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.test import RequestFactory, override_settings
from python_calamine import load_workbook

from accounts.models import User
from core import words_token
from core.listing import Column, Filter, Listing, Search
from registry.models import Student
from tests.accounts.factories import staff
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db


def listing_of(request, rows, **more):
    columns = [
        Column("seat", "座號", lambda one: one.seat_number, order=["seat_number"], is_number=True),
        Column("name", "姓名", lambda one: one.name, order=["name"]),
    ]
    filters = [
        Filter("status", "狀態", "status", Student.Status.choices, default=Student.Status.ENROLLED),
        Filter("one", "這位學生", "pk"),
    ]
    search = Search("姓名", lambda found, text: found.filter(name__contains=text))
    return Listing(
        request, rows, **{
            "name": "students", "title": "學生", "columns": columns, "filters": filters, "search": search,
            "sort": "seat", **more,
        },
    )  # fmt: skip


@pytest.fixture
def school():
    one = StudentFactory(name="王一", seat_number=2)
    StudentFactory(school=one.school, school_class=one.school_class, name="李二", seat_number=1)
    StudentFactory(school=one.school, school_class=one.school_class, name="王三", seat_number=3, status="graduated")
    return one.school


@pytest.fixture
def person(school):
    return staff(school)


def asked(person, school, **more):
    request = RequestFactory().get("/x/", more)
    request.user, request.resolver_match = person, None
    return listing_of(request, Student.objects.filter(school=school))


def posted(person, school, **more):
    request = RequestFactory().post("/x/", {"listing": "students", **more})
    request.user, request.resolver_match = person, None
    return listing_of(request, Student.objects.filter(school=school))


def names(listing):
    return [one.name for one in listing]


class TestAsked:
    def test_nothing_is_the_default_filter_in_the_first_order(self, person, school):
        assert names(asked(person, school)) == ["李二", "王一"]

    def test_sorts_either_way_and_ends_with_the_key(self, person, school):
        listing = asked(person, school, sort="-seat", status="all")

        assert names(listing) == ["王三", "王一", "李二"]
        assert listing.rows.query.order_by[-1] == "-pk"

    @pytest.mark.parametrize(
        "odd", [{"status": "?"}, {"sort": "password"}, {"sort": "--seat"}, {"one": "x"}, {"one": "9" * 30}]
    )
    def test_what_is_not_offered_is_left_out_and_said(self, person, school, odd):
        listing = asked(person, school, **odd)

        assert names(listing) == ["李二", "王一"]
        assert len(listing.problems) == 1

    @pytest.mark.parametrize("page", ["x", "-1", "99999999999999999999", ""])
    def test_a_page_that_is_none_is_another(self, person, school, page):
        assert names(asked(person, school, page=page)) == ["李二", "王一"]

    def test_a_key_that_a_link_brings_can_be_let_go(self, person, school):
        one = Student.objects.get(name="王一")
        listing = asked(person, school, one=str(one.pk))

        assert names(listing) == ["王一"]
        assert listing.let_go == [("這位學生", "/x/")]


class TestWords:
    def test_are_sealed_in_the_address(self, person, school):
        address = posted(person, school, q="王", status="all").address(page=None)

        assert "王" not in address
        assert "%E7" not in address
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert told.keys() == {"status", "words"}
        assert names(asked(person, school, **told)) == ["王一", "王三"]

    def test_stay_for_sorting_pages_and_the_file(self, person, school):
        token = words_token.seal("王", person=person.pk)
        listing = asked(person, school, words=token)

        assert all(token in one.url for one in listing.heads)
        assert token in listing.address(page=2)
        assert token in listing.file_url
        assert listing.text == "王"

    def test_are_for_who_typed_them(self, person, school):
        listing = asked(staff(school, account="another"), school, words=words_token.seal("王", person=person.pk))

        assert listing.text == ""
        assert len(listing.problems) == 1

    @pytest.mark.parametrize("token", ["x", "王", "gAAAA" + "a" * 3000, "=", "gAAAAABm"])
    def test_that_nobody_sealed_are_none(self, person, school, token):
        assert asked(person, school, words=token).text == ""

    def test_end_with_the_session(self, person, school):
        token = words_token.seal("王", person=person.pk)

        with override_settings(SESSION_COOKIE_AGE=-1):
            assert asked(person, school, words=token).text == ""

    @pytest.mark.parametrize("write", [str, str.lower, lambda number: f"{number[:4]} {number[4:]}"])
    def test_that_may_be_an_id_number_are_refused(self, person, school, write):
        listing = posted(person, school, q=write(make_identity(5)))

        assert listing.refusal
        assert listing.address(page=None) == "/x/"

    def test_are_short_and_visible(self, person, school):
        assert posted(person, school, q="  王\u200b" + "字" * 200).text == "王" + "字" * 59

    def test_in_an_address_in_the_clear_are_no_words(self, person, school):
        assert asked(person, school, q="王").text == ""

    def test_of_nobody_are_nobodys(self, school):
        request = RequestFactory().get("/x/")
        request.user, request.resolver_match = AnonymousUser(), None

        assert listing_of(request, Student.objects.none()).text == ""


class TestAddress:
    def test_says_only_what_differs(self, person, school):
        assert asked(person, school, status="enrolled", sort="seat", page="1", other="x").here == "/x/"

    def test_keeps_the_page(self, person, school):
        request = RequestFactory().get("/x/", {"page": "2"})
        request.user, request.resolver_match = person, None
        listing = listing_of(request, Student.objects.filter(school=school), size=1)

        assert listing.here == "/x/?page=2"
        assert listing.link("/y/") == "/y/?back=%2Fx%2F%3Fpage%3D2"
        assert listing.link("/y/?a=1") == "/y/?a=1&back=%2Fx%2F%3Fpage%3D2"

    def test_sorting_begins_at_the_first_page(self, person, school):
        request = RequestFactory().get("/x/", {"page": "2"})
        request.user, request.resolver_match = person, None
        listing = listing_of(request, Student.objects.filter(school=school), size=1)

        assert [one.url for one in listing.heads] == ["/x/?sort=-seat", "/x/?sort=name"]

    def test_two_lists_of_a_page_do_not_meet(self, person, school):
        request = RequestFactory().get("/x/", {"page": "2", "b-sort": "-seat"})
        request.user, request.resolver_match = person, None
        listing = listing_of(request, Student.objects.filter(school=school), prefix="b-", kept=["page"], size=1)

        assert names(listing) == ["王一"]
        assert listing.address(page=2) == "/x/?b-sort=-seat&page=2&b-page=2"


class TestFile:
    def rows(self, listing):
        book = load_workbook(io.BytesIO(listing.workbook()))
        return book.get_sheet_by_name("學生").to_python()

    def test_has_all_pages_of_the_filter(self, person, school):
        request = RequestFactory().get("/x/", {"status": "all"})
        request.user, request.resolver_match = person, None

        listing = listing_of(request, Student.objects.filter(school=school), size=1)

        assert self.rows(listing) == [["座號", "姓名"], [1, "李二"], [2, "王一"], [3, "王三"]]

    def test_takes_no_formula_and_no_id_number(self, person, school):
        Student.objects.filter(name="王一").update(name="=1+1")
        Student.objects.filter(name="李二").update(name=f"李{make_identity(7)}")

        lines = self.rows(asked(person, school))
        packed = zipfile.ZipFile(io.BytesIO(asked(person, school).workbook())).read("xl/worksheets/sheet1.xml")

        assert lines[1:] == [[1, "李•••"], [2, "=1+1"]]
        assert b"<f>" not in packed

    def test_of_nothing_is_a_head(self, person, school):
        assert self.rows(posted(person, school, q="nobody")) == [["座號", "姓名"]]


class TestInMemory:
    def test_rows_are_sorted_by_a_function(self, person):
        request = RequestFactory().get("/x/", {"sort": "-size"})
        request.user, request.resolver_match = person, None
        columns = [Column("size", "大小", lambda one: one, order=lambda one: one)]
        odd = Filter("odd", "奇偶", lambda rows, _value: [one for one in rows if one % 2], [("odd", "奇數")])

        listing = Listing(request, [1, 3, 2], name="sizes", title="大小", columns=columns, filters=[odd])

        assert list(listing) == [3, 2, 1]
        assert isinstance(listing.page_obj.paginator, Paginator)
        request.GET = {"odd": "odd"}
        assert list(Listing(request, [1, 3, 2], name="x", title="x", columns=columns, filters=[odd])) == [1, 3]


def test_a_page_costs_two_queries_whatever_the_rows(person, school, django_assert_num_queries):
    for seat in range(10, 40):
        StudentFactory(school=school, school_class=school.classes.first(), seat_number=seat)
    listing = asked(person, school)

    with django_assert_num_queries(2):
        assert len(listing.shown) == 32
        assert listing.count == 32
        assert listing.here
    assert User.objects.filter(pk=person.pk).exists()
