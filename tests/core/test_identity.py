"""Identity numbers: the published rules, forgiving input, clear words."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import identity
from core.identity import Kind
from tests.registry.factories import make_identity

numbers = st.builds(
    make_identity,
    n=st.integers(0, 9_999_999),
    letter=st.sampled_from(identity.LETTERS),
    gender=st.sampled_from([1, 2, 8, 9]),
)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("A123456789", Kind.NATIONAL),
        ("F131104093", Kind.NATIONAL),
        ("Y123456788", Kind.NATIONAL),
        ("A111111113", Kind.NATIONAL),
        ("A800000014", Kind.RESIDENT),
        ("A900207177", Kind.RESIDENT),
        ("A870000015", Kind.RESIDENT),
        ("AA00000009", Kind.RESIDENT_OLD),
        ("AB23456789", Kind.RESIDENT_OLD),
    ],
)
def test_valid_numbers_have_their_kind(number, kind):
    assert identity.kind_of(number) == kind


@pytest.mark.parametrize(
    "number",
    [
        "A123456788", "F131104091", "A800000000", "F931104091", "AC01234565", "A323456789", "AE00000009",
        "1123456789", "A12345678", "A1234567890", "", "Ａ123456789", "A12345678９",
    ],
)  # fmt: skip
def test_invalid_numbers_have_none(number):
    assert identity.kind_of(number) is None


@pytest.mark.parametrize(
    "typed", ["a123456789", " A123 456 789 ", "Ａ１２３４５６７８９", "A-123456789", "A123456789\u200b", "a１2３456789"]
)
def test_forgiving_input_is_the_same_number(typed):
    assert identity.normalize(typed) == "A123456789"
    identity.validate(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A12345678", "length"),
        ("", "length"),
        ("A12345678O", "letter"),
        ("1234567890", "shape"),
        ("A523456789", "shape"),
        ("AZ23456789", "shape"),
        ("A123456788", "checksum"),
    ],
)
def test_each_mistake_has_words_of_its_own_that_do_not_echo_it(typed, code):
    with pytest.raises(ValidationError) as caught:
        identity.validate(typed)

    assert caught.value.code == code
    assert not typed or typed not in caught.value.message


@given(numbers)
def test_every_number_that_is_made_is_valid(number):
    assert identity.kind_of(number)


@given(numbers, st.sampled_from([2, 6, 8, 9]), st.integers(1, 9))
def test_one_wrong_digit_where_the_weight_has_an_inverse_is_noticed(number, place, step):
    """Weights 7, 3, 1 and the check digit's 1 are coprime with 10: no single change there slips through."""
    assert identity.WEIGHTS[place + 1] in (7, 3, 1)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]

    assert identity.kind_of(wrong) is None


@given(st.text(max_size=30))
def test_any_text_is_judged_without_trouble(text):
    identity.kind_of(identity.normalize(text))


def test_mask_hides_the_middle():
    assert identity.mask("A123456789") == "A1••••••89"
    assert identity.mask("A123456789", tail=4) == "A1••••6789"
    assert identity.mask("") == ""


@pytest.mark.parametrize(
    "text",
    [
        "A123456789",
        "證號應為a123456789號",
        "A123-456-789",
        "A.123.456.789",
        "A 12 34 56 78 9",
        "Ａ１２３４５６７８９",
        "A1\u200b2345\u20606789",
        "A12345\u3000\u30006789",
        "scanA123456789.jpg",
        "my_A123_456_789_id",
        "AB23-4567-89",
        "A-8-0-0-0-0-0-0-1-4",
        "A\u0301123456789",
        "no A123456788 but A123456789",
        "%0AA123456789",
    ],
)
def test_a_number_is_found_however_it_is_written(text):
    assert identity.is_in(text)
    assert not identity.is_in(identity.blot_out(text))
    assert identity.BULLET in identity.blot_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "A123456788",
        "A1234567890",
        "0f3a1234567890a123456789e4d2c6b7f8",
        "5f0a1234-5678-4a12-8345-67890a123456",
        "A班 123456789",
        "王大明 0912-345-678",
        "",
    ],
)
def test_what_is_no_number_stays_as_it_is(text):
    assert not identity.is_in(text)
    assert identity.blot_out(text) == text


def test_only_the_number_is_blotted_out():
    assert identity.blot_out("請看Ａ１２3-456-789，謝謝") == "請看•••，謝謝"


@given(st.text(max_size=40))
def test_any_text_is_searched_without_trouble(text):
    assert identity.is_in(text) == (identity.blot_out(text) != text)
