"""One thing stands in one place: a second one fails here, with its file and line."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.management.commands.draw_rooms import ROOMS

BASE = Path(settings.BASE_DIR)
# A letter followed by a run of digits in a regular expression, however it is spelt: what an ID number looks like.
LOOKS_LIKE_AN_ID = r"\[A-Z[^\]]*\](?:\{1\})?(?:\[[^\]]*\])?(?:\\d|\[0-9\])\{[6-9]"


def places_of(pattern, *, endings=("py", "html", "js")):
    """["file:line", …] of product code that `pattern` is found in."""
    files = [
        file
        for folder in [*ROOMS, "templates", "static"]
        for ending in endings
        for file in (BASE / folder).rglob(f"*.{ending}")
        if "migrations" not in file.parts
    ]
    return [
        f"{file.relative_to(BASE)}:{number}"
        for file in sorted(files)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize(("pattern", "home"), [(LOOKS_LIKE_AN_ID, "core/identity.py")], ids=["an ID number"])
def test_it_is_written_in_its_home_alone(pattern, home):
    places = places_of(pattern)

    assert places
    assert [place for place in places if not place.startswith(home)] == []


@pytest.mark.parametrize(
    "second",
    [r"[A-Z][12]\d{8}", r"[A-Za-z]\d{9}", r"[A-Z][A-D89]\d{8}", r"[A-Z]{1}[12][0-9]{8}", r"[A-Z][1289A-D]\d{8}"],
)
def test_a_second_pattern_of_an_id_number_would_be_seen(second):
    assert re.search(LOOKS_LIKE_AN_ID, second)
