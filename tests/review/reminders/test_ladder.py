"""Which rung is due when; a day that was missed; a deadline that moves."""

import datetime
from datetime import timedelta

import pytest

from review.reminders.forms import LadderForm
from review.reminders.ladder import days_of, is_due, rung_due

DEADLINE = datetime.date(2026, 9, 30)


def before(days):
    return DEADLINE - timedelta(days=days)


@pytest.mark.parametrize(
    ("left", "rung"), [(15, None), (14, 14), (13, 14), (8, 14), (7, 7), (3, 7), (2, 2), (1, 2), (0, 2), (-1, None)]
)
def test_the_nearest_rung_reached_is_due(left, rung):
    assert rung_due([14, 7, 2], left) == rung


@pytest.mark.parametrize(
    ("days", "left", "sent", "rung"),
    [
        ([14, 7, 2], 13, {(DEADLINE, 14, before(14))}, None),
        ([14, 7, 2], 7, {(DEADLINE, 14, before(14))}, 7),
        # Missed the seventh day, and the fourteenth: one mail, not two.
        ([14, 7, 2], 5, set(), 7),
        ([14, 7, 2], 5, {(DEADLINE, 7, before(5))}, None),
        # A ladder changed after a nearer rung went out does not go back up.
        ([14, 8, 2], 6, {(DEADLINE, 7, before(7))}, None),
        ([14, 8, 3], 3, {(DEADLINE, 7, before(7))}, 3),
        # The deadline moved: its rungs count anew, but not twice on one day.
        ([14, 7, 2], 7, {(before(7), 2, before(9))}, 7),
        ([14, 7, 2], 7, {(before(7), 2, before(7))}, None),
        ([14, 7, 2], 7, {(before(-9), 7, before(16))}, 7),
        ([14, 7, 2], -1, set(), None),
    ],
)
def test_a_rung_is_due_once(days, left, sent, rung):
    assert is_due(days, deadline=DEADLINE, today=before(left), sent=sent) == rung


def test_what_is_still_to_come_begins_with_what_was_missed():
    coming = list(days_of([14, 7, 2], deadline=DEADLINE, today=before(5), sent=set()))

    assert coming == [(before(5), 7), (before(2), 2)]


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("14、7、2", [14, 7, 2]),
        ("２，７ , 14", [14, 7, 2]),
        ("７　１４", [14, 7]),
        ("7,7，７", [7]),
        ("60 1", [60, 1]),
        ("、14、", [14]),
    ],
)
def test_days_are_read_as_people_type_them(typed, days):
    form = LadderForm({"deadline": "", "days": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["days"] == days


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "請至少寫一個天數"),
        ("、", "請至少寫一個天數"),
        ("0", "在 1 到 60 之間"),
        ("61", "在 1 到 60 之間"),
        ("1 2 3 4 5 6", "最多 5 個"),
        ("-7", "請只寫天數"),
        ("7.5", "請只寫天數"),
        ("七", "請只寫天數"),
        ("十四天", "請只寫天數"),
        ("9999", "請只寫天數"),
    ],
)
def test_other_days_are_refused_in_words(typed, words):
    form = LadderForm({"deadline": "", "days": typed})

    assert words in str(form.errors["days"])
