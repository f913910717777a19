"""Number formats of spreadsheets, as far as they change which number a person reads."""

import re
from decimal import Decimal

from core.spreadsheets.cells import Number, number_text

BUILT_IN = {9: "0%", 10: "0.00%"}
# "text", \x (one character as it is), _x and *x (room of a character), [Red] or [$-404], anything else.
TOKENS = re.compile(r'"(?P<text>[^"]*)"|\\(?P<one>.)|[_*].|\[[^\]]*\]|(?P<sign>.)')
LITERALS = frozenset("-+() /")


def matters(code: str) -> bool:
    """Whether a number in this format shows other digits than it has: 0000000, 0000-000-000, 0%."""
    return "%" in code or _mask(code) is not None


def shown(value: float, code: str) -> Number:
    """The Number that Excel shows for `value` (a float) in this format; of 0000000 for 610001 it is 0610001."""
    if "%" in code and '"' not in code:
        return Number.shown_by(code, f"{number_text(float(Decimal(repr(value)) * 100))}%")
    mask = _mask(code)
    if mask is None or value < 0 or not float(value).is_integer():
        return Number.shown_by(code, number_text(value))
    places = sum(one is None for one in mask)
    digits = str(int(value)).rjust(places, "0")
    filled = [digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :]]
    return Number.shown_by(code, "".join(filled.pop(0) if one is None else one for one in mask))


def _mask(code: str) -> list[str | None] | None:
    """The first section of a format as a list, None for each digit; None where it is not all zeros."""
    mask: list[str | None] = []
    for token in TOKENS.finditer(code):
        if token["text"] is not None or token["one"] is not None:
            mask.append(token["text"] or token["one"] or "")
        elif token["sign"] == ";":
            break
        elif token["sign"] == "0":
            mask.append(None)
        elif token["sign"] is not None:
            if token["sign"] not in LITERALS:
                return None
            mask.append(token["sign"])
    return mask if mask.count(None) > 1 else None
