"""Charts as places: how wide a stretch is, and where a day stands."""

from datetime import date

import pytest

from core.charts import EMPTY, FULL, ROW, Bars, Kind, Row, Trend

KINDS = [Kind("paid", "paid", FULL), Kind("open", "open", EMPTY)]


def test_a_bar_is_as_wide_as_the_room_and_its_parts_are_shares_of_it():
    chart = Bars.of("Paid", [Row("301", {"paid": 3, "open": 1}), Row("302", {"open": 5})], KINDS)

    first, second = chart.bars
    assert [(one.kind, one.start, one.width) for one in first.parts] == [("paid", 0, 75), ("open", 75, 25)]
    assert [(one.kind, one.start, one.width) for one in second.parts] == [("open", 0, 100)]
    assert (second.bar_y - first.bar_y, chart.height) == (ROW, 2 * ROW)
    assert (first.counts, first.figures) == ([3, 1], "4")


def test_bars_of_one_measure_are_as_long_as_what_they_count():
    chart = Bars.of("Waiting", [Row("0", {"open": 2}), Row("7", {"open": 8})], KINDS, most=8)

    assert [(bar.width, bar.parts[0].width) for bar in chart.bars] == [(25, 25), (100, 100)]


@pytest.mark.parametrize("most", [None, 0, 5])
def test_nothing_counted_draws_an_empty_bar(most):
    [bar] = Bars.of("", [Row("301", {})], KINDS, most=most).bars

    assert (bar.parts, bar.counts, bar.figures) == ([], [0, 0], "0")


def test_days_stand_where_the_calendar_says_and_higher_is_more():
    days = [(date(2026, 9, 11), 100), (date(2026, 9, 1), 0), (date(2026, 9, 6), 50)]

    chart = Trend.of("301", days)

    assert chart.line == "0.0,44.0 50.0,24.0 100.0,4.0"
    assert chart.area == "0.0,44 0.0,44.0 50.0,24.0 100.0,4.0 100.0,44"
    assert (chart.before, chart.now, chart.end) == (0, 100, (100, 4))


def test_charts_with_the_same_ends_can_be_compared():
    first, last = date(2026, 9, 1), date(2026, 9, 21)

    chart = Trend.of("301", [(date(2026, 9, 11), 40)], first=first, last=last)

    assert chart.x(date(2026, 9, 11)) == 50


def test_a_single_day_and_no_day_are_charts_too():
    one, none = Trend.of("301", [(date(2026, 9, 1), 40)]), Trend.of("302", [])

    assert (one.x(date(2026, 9, 1)), one.now) == (100, 40)
    assert (none.now, none.line, none.area) == (None, "", "")
