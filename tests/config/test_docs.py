"""The docs and catalogues say what the code does."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.urls import reverse

from config.management.commands import draw_families, draw_states

ROOT = Path(settings.BASE_DIR)


def test_state_diagrams_are_the_tables_of_the_code():
    assert draw_states.FILE.read_text(encoding="utf-8") == draw_states.draw(), "run `make docs`"


def test_what_a_family_is_told_is_the_table_of_the_code():
    assert draw_families.FILE.read_text(encoding="utf-8") == draw_families.draw(), "run `make docs`"


def test_every_setting_of_the_environment_is_described():
    code = (ROOT / "config" / "settings.py").read_text()
    names = set(re.findall(r'(?:env(?:\.\w+)?|required)\(\s*"([A-Z_]+)"', code))
    described = (ROOT / "docs" / "settings.md").read_text()

    assert "SECRET_KEY" in names
    assert [name for name in sorted(names) if f"`{name}`" not in described] == []


def test_every_text_has_its_english():
    with (ROOT / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)

    waiting = [
        one.id
        for one in catalogue
        if one.id and (one.fuzzy or not all([one.string] if isinstance(one.string, str) else one.string))
    ]
    assert waiting == []


def test_the_catalogue_can_be_read_by_gettext():
    """Babel forgives a quotation mark in the middle of a text; `make catalogue` does not."""
    lines = (ROOT / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text().splitlines()
    text = re.compile(r'(?:msg\w+(?:\[\d])? )?"(?:[^"\\]|\\.)*"')

    assert [one for one in lines if one and not one.startswith("#") and not text.fullmatch(one)] == []


def test_no_registry_host_is_recorded():
    for lock in ROOT.glob("requirements*.txt"):
        assert "://" not in lock.read_text()


@pytest.mark.django_db
def test_a_page_speaks_english_when_asked(client):
    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    page = client.get("/").content.decode()

    assert '<html lang="en">' in page
    assert "請選擇" not in page


def test_no_text_is_hidden_from_the_catalogue():
    """Messages are found by the name of the function: an alias of its own is not among the names looked for."""
    alias = re.compile(r"import n?p?gettext(?:_lazy)? as (?!_$)\w+", re.MULTILINE)
    rooms = [folder for folder in ROOT.iterdir() if (folder / "apps.py").exists()]
    sources = [file for room in rooms for file in room.rglob("*.py")]

    assert len(sources) > 100
    assert not [file.name for file in sources if alias.search(file.read_text(encoding="utf-8"))]
