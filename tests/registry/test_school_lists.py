"""A list of schools: read, looked at, written; what is wrong is named by row and column."""

import io

import pytest
import xlsxwriter

from audit.models import Event
from core.states import InvalidMove
from registry.models import School, SchoolImport
from registry.schools import importing, opening, reading
from tests.accounts.factories import city_admin
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db

TITLES = ["學校代碼", "校名", "簡稱", "網址代碼", "英文校名", "行政區", "網路中心電話", "註冊組電話", "出納組電話"]
NEW = [
    "313501",
    "臺北市立仁愛國民中學",
    "仁愛國中",
    "RAJH",
    "Renai Junior High",
    "大安區",
    "2325-5823#210",
    "02-23255823 分機 220",
    "23255823",
]


@pytest.fixture
def city():
    return city_admin()


def book(*lines, titles=TITLES):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as one:
        sheet = one.add_worksheet("學校")
        for row, cells in enumerate([titles, *lines]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    return written.getvalue()


def kept(city, *lines, **more):
    checked = reading.check_file(book(*lines, **more))
    assert checked.errors == []
    return importing.keep_for_preview(checked=checked, name="x.xlsx", by=city)


def problems(*lines, **more):
    return [(error.line, error.column, str(error.reason)) for error in reading.check_file(book(*lines, **more)).errors]


def test_a_new_school_comes_closed_and_as_it_is_kept(city):
    importing.apply_import(school_import=kept(city, NEW), by=city)

    school = School.objects.get(code="313501")
    assert (school.slug, school.short_name, school.district, school.is_active) == ("rajh", "仁愛國中", "大安區", False)
    assert [str(one) for one in (school.helpdesk_phone, school.registrar_phone, school.cashier_phone)] == [
        "02-2325-5823 分機 210", "02-2325-5823 分機 220", "02-2325-5823",
    ]  # fmt: skip
    assert Event.objects.filter(event="school.created", school_id=school.pk).exists()


def test_it_opens_at_once_where_the_city_says_so(city):
    importing.apply_import(school_import=kept(city, NEW), by=city, opens=True)

    assert School.objects.get(code="313501").is_active


def test_a_school_that_is_there_keeps_what_is_left_blank(city):
    school = SchoolFactory(english_name="First High")
    line = [school.code, "臺北市立新名高級中學", "", "", "", "信義區", "", "", ""]
    waiting = kept(city, line)

    found = importing.compare(waiting.rows)
    assert [(one.row["code"], [title for title, _old, _new in one.differences]) for one in found.changed] == [
        (school.code, ["校名", "行政區"])
    ]
    importing.apply_import(school_import=waiting, by=city)

    after = School.objects.get(pk=school.pk)
    assert (after.name, after.district, after.english_name) == ("臺北市立新名高級中學", "信義區", "First High")
    assert (after.slug, after.helpdesk_phone) == (school.slug, school.helpdesk_phone)


def test_what_the_list_of_today_says_changes_nothing(city):
    SchoolFactory()
    SchoolFactory(district="大安區")

    checked = reading.check_file(reading.build_list(School.objects.all()))

    found = importing.compare(checked.rows)
    assert checked.errors == []
    assert (found.new, found.changed, found.same, found.missing) == ([], [], 2, [])


def test_schools_that_the_list_leaves_out_are_named_and_stay(city):
    school = SchoolFactory()
    waiting = kept(city, NEW)
    assert importing.compare(waiting.rows).missing == [school]

    importing.apply_import(school_import=waiting, by=city)

    assert School.objects.filter(pk=school.pk, is_active=True).exists()


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("學校代碼", "", "請填寫學校代碼。"),
        ("校名", "", "新學校必填。"),
        ("網址代碼", "", "新學校必填。"),
        ("網址代碼", "admin", "系統保留"),
        ("網址代碼", "仁愛", "slug"),
        ("行政區", "板橋區", "沒有「板橋區」這個行政區。"),
        ("網路中心電話", "abc", "電話請寫成"),
        ("出納組電話", "", "新學校必填。"),
        ("簡稱", "一二三四五六七八九十一二三", "12"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(column, cell, words):
    line = list(NEW)
    line[TITLES.index(column)] = cell

    [(at, where, reason)] = problems(line)

    assert (at, where) == (2, column)
    assert words in reason


def test_twice_the_same_and_an_address_that_is_taken():
    taken = SchoolFactory(slug="rajh")
    other = [*NEW]
    other[0], other[1], other[3] = "313502", "臺北市立大安國民中學", "daan"

    assert [where for _line, where, _reason in problems(NEW)] == ["網址代碼"]
    assert [(line, where) for line, where, _reason in problems(other, other)] == [
        (3, "學校代碼"),
        (3, "網址代碼"),
        (3, "校名"),
    ]
    moved = [taken.code, taken.name, "", "elsewhere", "", "", "", "", ""]
    assert "不能更改" in problems(moved)[0][2]


@pytest.mark.parametrize("titles", [["校名", "簡稱"], ["a", "b"]])
def test_a_file_without_the_titles_says_which(titles):
    [(_line, _where, reason)] = problems(["x", "y"], titles=titles)

    assert "學校代碼" in reason


def test_decided_once(city):
    waiting = kept(city, NEW)
    importing.apply_import(school_import=waiting, by=city)

    with pytest.raises(InvalidMove):
        importing.apply_import(school_import=waiting, by=city)
    assert SchoolImport.objects.get().counts == {"new": 1, "changed": 0}
    assert School.objects.filter(code="313501").count() == 1


def test_a_second_list_lets_the_first_go(city):
    first, second = kept(city, NEW), kept(city, NEW)

    first.refresh_from_db()
    assert (first.state, first.rows, second.state) == ("left", [], "checked")


def test_three_hundred_schools(city, django_assert_max_num_queries):
    lines = [
        [f"4{n:05}", f"臺北市第{n}國民小學", f"第{n}國小", f"s{n}x", "", "", "23216256", "23216256", "23216256"]
        for n in range(300)
    ]

    with django_assert_max_num_queries(20):
        checked = reading.check_file(book(*lines))
        found = importing.compare(checked.rows)

    assert (len(checked.errors), len(found.new)) == (0, 300)


def test_opening_twice_is_one_event(city):
    school = SchoolFactory(is_active=False)

    assert [opening.switch(school=school, is_active=True, by=city) for _twice in range(2)] == [True, False]
    assert Event.objects.filter(event="school.opened").count() == 1
