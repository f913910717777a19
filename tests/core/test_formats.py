"""Dates, mobiles and school years as people in Taiwan write them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core import formats, mobiles
from core.school_year import school_year_on
from registry.for_pages import mask_email


@pytest.mark.parametrize(
    "text",
    [
        "2008-05-03",
        "2008/5/3",
        "97/05/03",
        "97.5.3",
        "0970503",
        "097/05/03",
        "00970503",
        "970503",
        "20080503",
        "民國97年5月3日",
        "９７／０５／０３",
    ],
)
def test_dates_in_every_habit(text):
    assert formats.parse_date(text) == date(2008, 5, 3)


@pytest.mark.parametrize(
    "text",
    ["", "97/13/01", "97/02/30", "yesterday", "97-05", "2008-05-03T08:00", "0/5/3", "3/5/2009", "39936", "98/02/29"],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        formats.parse_date(text)


def test_dates_are_shown_in_roc_years():
    assert formats.roc_date(date(2026, 9, 14)) == "民國 115 年 9 月 14 日"
    assert formats.roc_short(date(2026, 9, 14)) == "115/09/14"


def test_other_readers_see_the_common_calendar():
    with translation.override("en"):
        assert formats.roc_date(date(2026, 9, 14)) == "14 September 2026"
        assert formats.roc_short(date(2026, 9, 14)) == "2026-09-14"


@pytest.mark.parametrize(
    "text", ["0912345678", "0912-345-678", " 0912 345 678", "+886912345678", "+886 0912345678", "０９１２３４５６７８"]
)
def test_mobiles_in_every_habit(text):
    assert mobiles.normalize(text) == "0912345678"


@pytest.mark.parametrize("text", ["02-23216256", "091234567", "09123456789", "+1 912345678", "mobile"])
def test_other_numbers_are_no_mobiles(text):
    with pytest.raises(ValidationError):
        mobiles.normalize(text)


def test_addresses_are_masked():
    assert mask_email("bob@example.com") == "b•••@example.com"
    assert mask_email("") == ""


@pytest.mark.parametrize(("day", "year"), [(date(2020, 8, 1), 109), (date(2021, 7, 31), 109), (date(2021, 8, 1), 110)])
def test_a_school_year_begins_in_august(day, year):
    assert school_year_on(day) == year
