"""The colours of mails, paper, pictures and spreadsheets are those of static/css/tokens.css: there is one palette."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COLOUR = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)
TOKENS = {one.lower() for one in COLOUR.findall((ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8"))}
ELSEWHERE = {
    "static/css/accents.css"  # what schools choose, measured by tests/registry/test_accents.py
}
ON_PAPER = {"#cfc7b6"}  # a hairline of a printer has to be darker than one of a screen
ROOMS = (
    "accounts", "audit", "billing", "binding", "config", "consent", "core", "notifications", "oidc", "registry", "review",
    "staff", "static", "templates",
)  # fmt: skip
KINDS = {".html", ".css", ".svg", ".typ", ".py", ".txt"}


def colours():
    for room in ROOMS:
        for file in (ROOT / room).rglob("*"):
            place = file.relative_to(ROOT).as_posix()
            if file.suffix in KINDS and place not in ELSEWHERE:
                for found in COLOUR.findall(file.read_text(encoding="utf-8")):
                    yield place, found.lower()


def test_no_colour_stands_beside_the_tokens():
    wrong = {(place, one) for place, one in colours() if one not in TOKENS}

    assert {(place, one) for place, one in wrong if not (place.endswith(".typ") and one in ON_PAPER)} == set()


def test_it_finds_colours_at_all():
    assert {place.rpartition(".")[2] for place, _one in colours()} >= {"html", "css", "svg", "typ"}
