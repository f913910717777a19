"""Files that people take away are answered in one place, so that no browser and no proxy keeps one."""

import pytest
from django.conf import settings

from config.management.commands.draw_rooms import ROOMS
from core.downloads import download


@pytest.mark.parametrize("words", ["spreadsheetml.sheet", "Content-Disposition"])
def test_written_in_one_place_only(words):
    files = [file for room in ROOMS for file in (settings.BASE_DIR / room).rglob("*.py")]

    found = [str(file.relative_to(settings.BASE_DIR)) for file in files if words in file.read_text()]

    assert found == ["core/downloads.py"]


def test_is_named_and_never_kept():
    answer = download(b"PK", "名冊.xlsx")

    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E5%90%8D%E5%86%8A.xlsx"
    assert answer["Cache-Control"] == "private, no-store"


def test_what_is_everybodys_may_be_kept():
    assert download(b"", "form.pdf", seconds_public=86400)["Cache-Control"] == "public, max-age=86400"


def test_a_picture_is_shown_in_the_page():
    assert download(b"", "evidence-1.png", shown=True)["Content-Disposition"].startswith("inline")


def test_a_kind_that_nobody_named_is_a_mistake():
    with pytest.raises(KeyError):
        download(b"", "page.html")
