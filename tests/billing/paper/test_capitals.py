"""Amounts in capital numerals: what a clerk would write, and read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.paper.capitals import DIGITS, HIGHEST, MYRIADS, PLACES, in_capitals


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "零元整"),
        (1, "壹元整"),
        (10, "壹拾元整"),
        (14_520, "壹萬肆仟伍佰貳拾元整"),
        (101, "壹佰零壹元整"),
        (1_001, "壹仟零壹元整"),
        (1_010, "壹仟零壹拾元整"),
        (1_100, "壹仟壹佰元整"),
        (10_001, "壹萬零壹元整"),
        (10_100, "壹萬零壹佰元整"),
        (100_000, "壹拾萬元整"),
        (100_500, "壹拾萬零伍佰元整"),
        (1_000_005, "壹佰萬零伍元整"),
        (20_304_050, "貳仟零參拾萬肆仟零伍拾元整"),
        (100_000_000, "壹億元整"),
        (100_000_001, "壹億零壹元整"),
        (100_010_000, "壹億零壹萬元整"),
        (100_200_000, "壹億零貳拾萬元整"),
        (999_999_999, "玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖元整"),
    ],
)
def test_are_written_as_on_a_cheque(amount, words):
    assert in_capitals(amount) == words


@given(st.integers(0, HIGHEST) | st.integers(0, 200_000))
def test_read_back_are_the_same_amount(amount):
    words = in_capitals(amount)

    assert read(words) == amount
    assert "零零" not in words


def read(words):
    total = four = digit = 0
    for character in words.removesuffix("元整"):
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in PLACES:
            four += digit * 10 ** PLACES.index(character)
            digit = 0
        else:
            total += (four + digit) * 10_000 ** MYRIADS.index(character)
            four = digit = 0
    return total + four + digit


@pytest.mark.parametrize("amount", [-1, HIGHEST + 1])
def test_beyond_their_reach_are_refused(amount):
    with pytest.raises(ValueError, match="not an amount"):
        in_capitals(amount)
