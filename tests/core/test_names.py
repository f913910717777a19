"""Names: how they are kept, what counts as the same, what is shown of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import names


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王大明", "王〇明"),
        ("王明", "王〇"),
        ("王", "王"),
        ("歐陽品睿", "歐〇〇睿"),
        ("Nguyen Thi Hoa", "N••• T•• H••"),
        ("以莉．高露", "以〇〇〇露"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_names_are_masked(name, masked):
    assert names.mask(name) == masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("許　安", "許安"),
        (" 許 安 ", "許安"),
        ("廖\u200b大同", "廖大同"),
        ("廖大同\u202e", "廖大同"),
        ("\ufeff廖大同", "廖大同"),
        ("葛\U000e0100城", "葛城"),
        ("Nguye\u0302\u0303n  Thi\u0323 Hoa", "Nguy\u1ec5n Th\u1ecb Hoa"),
        ("以莉．高露", "以莉．高露"),
        ("王 Mary", "王 Mary"),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(typed, kept):
    assert names.tidy(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguy\u1ec5n Th\u1ecb Hoa", "NGUYE\u0302\u0303N Thi\u0323 Hoa"),
        ("以莉．高露", "以莉‧高露"),
        ("以莉·高露", "以莉 ・ 高露"),
        ("以莉•高露", "以莉･高露"),
        ("Mary-Jane O'Neil", "MARY\u2010JANE O\u2019NEIL"),
        ("王明", "王 明"),
        ("ＭＡＲＹ", "mary"),
    ],
)
def test_two_writings_of_one_name_fold_alike(one, other):
    assert names.fold(one) == names.fold(other)


@pytest.mark.parametrize(("one", "other"), [("王明", "王朋"), ("Rene", "Ren\u00e9"), ("An Na", "Anna")])
def test_other_names_stay_other_names(one, other):
    assert names.fold(one) != names.fold(other)


@given(st.text(max_size=30))
def test_folding_and_tidying_twice_change_nothing(text):
    assert names.fold(names.fold(text)) == names.fold(text)
    assert names.tidy(names.tidy(text)) == names.tidy(text)
