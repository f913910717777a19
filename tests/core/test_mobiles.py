"""Mobile numbers: one number, however it is typed or imported."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import mobiles


@given(
    st.integers(0, 10**8 - 1).map("09{:08d}".format),
    st.sampled_from(["", "-", " ", "\u2212", "\u200b", "．", "\u2013"]),
)
def test_signs_between_digits_make_no_difference(number, sign):
    assert mobiles.normalize(sign.join(number)) == number
    assert mobiles.normalize(f"+886{sign}{number[1:]}") == number


@pytest.mark.parametrize("text", ["91234567", "9123456789", "0212345678", "", "09123456x8"])
def test_other_numbers_are_refused(text):
    with pytest.raises(ValidationError):
        mobiles.normalize(text)


def test_a_number_is_masked():
    assert mobiles.mask("0912345678") == "0912-•••-•••"
    assert mobiles.mask("") == ""
