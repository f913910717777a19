"""Seat numbers as a teacher types them: 「3 5 8 12」, 「3-8」, in any width and with any comma."""

import re
import unicodedata

MOST = 99  # the highest seat that anybody types; a class has far fewer
SEPARATORS = re.compile(r"[\s,;.、。，；．號]+")
RANGE = re.compile(r"(\d{1,2})(?:[-‐-―−~〜]|到|至)(\d{1,2})", re.ASCII)
SEAT = re.compile(r"\d{1,2}", re.ASCII)
SEATS_ONLY = re.compile(r"[\d\s,;.、。，；．號~〜到至‐-―−-]+")


class Unreadable(Exception):
    """A part of what was typed names no seat; `word` is that part."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def are_seats(text: str) -> bool:
    """Whether `text` is meant as seats and not as the code of a form, which is one run of twelve letters and digits."""
    plain = unicodedata.normalize("NFKC", text)
    longest = max((len(run) for run in re.findall(r"\d+", plain)), default=0)
    return bool(SEATS_ONLY.fullmatch(plain)) and 0 < longest < 4  # noqa: PLR2004 – groups of a code have four


def read_seats(text: str) -> list[int]:
    """Each seat once, in the order typed. Raises Unreadable."""
    found: dict[int, None] = {}
    for word in filter(None, SEPARATORS.split(_tight(text))):
        if run := RANGE.fullmatch(word):
            first, last = int(run[1]), int(run[2])
            if first > last or not first:
                raise Unreadable(word)
            found.update(dict.fromkeys(range(first, last + 1)))
        elif SEAT.fullmatch(word) and int(word):
            found[int(word)] = None
        else:
            raise Unreadable(word)
    if not found:
        raise Unreadable(text.strip())
    return list(found)


def _tight(text: str) -> str:
    """In half width, without spaces around the sign of a range."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s*([-‐-―−~〜到至])\s*", r"\1", plain)
