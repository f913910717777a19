"""What counts as invisible agrees with Unicode."""

import sys
import unicodedata

from core.text import without_invisible


def test_every_format_and_control_character_goes_and_every_white_space_stays():
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    hidden = [one for one in every if unicodedata.category(one) in {"Cc", "Cf"} and not one.isspace()]
    spaces = "".join(one for one in every if one.isspace())

    assert without_invisible("".join(hidden)) == ""
    assert without_invisible(spaces) == spaces


def test_no_letter_or_digit_goes_but_the_fillers():
    every = "".join(chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalnum())

    assert set(every) - set(without_invisible(every)) == set("\u115f\u1160\u3164\uffa0")
