"""Code 39, read back by a scanner."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.paper import code39
from tests.billing.paper.scanner import picture_of, scan

EVERY = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"


def read(text):
    path, width = code39.path_of(text, 100)
    return scan(picture_of(path, f"-{code39.QUIET} 0 {width + 2 * code39.QUIET} 100"))


def test_has_every_character():
    assert code39.ELEMENTS.keys() == {*EVERY, "*"}
    assert len(set(code39.ELEMENTS.values())) == 44
    for start in range(0, len(EVERY), 11):
        assert read(f"A{EVERY[start : start + 11]}Z") == [f"A{EVERY[start : start + 11]}Z"]


@settings(max_examples=30, deadline=None)
@given(st.text(EVERY[:36], min_size=7, max_size=16))  # six may be read as an Italian pharmacy's Code 32
def test_a_scanner_reads_what_was_written(text):
    assert read(text) == [text]


@pytest.mark.parametrize("text", ["", "a", "A*B", "學", "A_B"])
def test_what_it_does_not_have_is_refused(text):
    with pytest.raises(ValueError, match="Code 39"):
        code39.bars(text)


def test_sixteen_characters_are_eighty_five_millimetres_wide():
    _path, width = code39.path_of("7006020000462711")

    assert width == 520
    assert width / 2 * 0.33 == pytest.approx(85.8)


def test_codes_of_a_page_have_the_same_module():
    shown = code39.shown_codes(["150914627", "7006020000462711", "091436000014520"])

    boxes = [one.view_box.split() for one in shown]
    assert [box[2] for box in boxes] == ["560"] * 3
    assert all(int(box[0]) <= -code39.QUIET for box in boxes)
    assert [scan(picture_of(one.path, one.view_box)) for one in shown] == [[one.text] for one in shown]
    assert code39.shown_codes(None) is None
