"""School years and dates the Taiwanese way: year 109 runs from August 2020 to July 2021."""

ROC_OFFSET = 1911
FIRST_MONTH = 8


def school_year_on(day):
    """The school year (ROC, an integer such as 109) that `day` lies in."""
    return day.year - ROC_OFFSET - (day.month < FIRST_MONTH)
