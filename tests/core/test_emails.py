"""E-mail addresses: what a person sees is what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import emails


@pytest.mark.parametrize(
    "typed",
    [
        "a1@example.com\u200b",
        "\u200ea1@example.com",
        "\uff411@example.com",
        "a1\uff20example.com",
        "a1@example\u3002com",
        "a1@ｅxample.com",
        " A1@Example.COM ",
        "a1@exam\u00adple.com",
    ],
)
def test_one_mailbox_is_one_address(typed):
    assert emails.normalize(typed) == "a1@example.com"


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text):
    assert emails.normalize(emails.normalize(text)) == emails.normalize(text)
