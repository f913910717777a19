"""Characters that make two texts which look alike differ: those nobody sees, and those of double width."""

import re

# Control characters but white space, format characters (Cf: zero width, direction, soft hyphen), fillers, and variation
# selectors, which choose a glyph and make no other character. A range costs a hundredth of asking each for its category.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Full-width letters, digits and signs. The dot stays: it stands inside names (以莉．高露), and characters of
# names are never folded into others, as a full Unicode normalisation would do.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != ord("．")} | {0x3000: " "}


def half_width(text: str) -> str:
    """`text` with full-width letters, digits and signs as on a keyboard, but for the dot inside names."""
    return text.translate(HALF_WIDTH)


def without_invisible(text: str) -> str:
    """`text` without control and format characters, fillers and variation selectors; all white space stays."""
    return INVISIBLE.sub("", text)


def file_name(name: str, *, longest: int = 100) -> str:
    """The name of an uploaded file, for people to recognise: no path, nothing invisible, at most `longest` characters.

    Other signs stay: blot ID numbers out of what comes back (`core.identity.blot_out`), since cutting may lay one bare.
    """
    return " ".join(without_invisible(name).replace("\\", "/").rpartition("/")[2].split())[-longest:]


def edits_between(one: str, other: str) -> int:
    """How many letters were typed wrong, left out, added or swapped with their neighbour between two words.

    Damerau-Levenshtein in its restricted form (optimal string alignment): a swapped pair is one edit.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, theirs in enumerate(other, start=1):
            edits = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == theirs:
                edits = min(edits, before[column - 2] + 1)
            now.append(edits)
        before, last = last, now
    return last[-1]
