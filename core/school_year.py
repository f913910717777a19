"""School years and dates the Taiwanese way: year 109 runs from August 2020 to July 2021."""

from datetime import date

from django.utils import timezone

ROC_OFFSET = 1911
FIRST_MONTH = 8


def school_year_on(day: date) -> int:
    """The school year (ROC, an integer such as 109) that `day` lies in."""
    return day.year - ROC_OFFSET - (day.month < FIRST_MONTH)


def this_school_year() -> int:
    """The school year of today's date; the year that a school is in is `School.school_year`."""
    return school_year_on(timezone.localdate())
