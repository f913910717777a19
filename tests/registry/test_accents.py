"""Every accent that a school can choose can be read on our paper, by day and by night."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from registry.models import Accent

CSS = Path(settings.BASE_DIR) / "static" / "css"
ACCENTS = (CSS / "accents.css").read_text(encoding="utf-8")
DAY, NIGHT = (CSS / "tokens.css").read_text(encoding="utf-8").split("prefers-color-scheme: dark", 1)
LEAST = 4.5  # WCAG 1.4.3, for text of any size


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def token(css, name):
    return re.search(rf"--{name}: (#[0-9a-f]{{6}});", css)[1]


def accent(name, when):
    return token(re.search(rf'\[data-accent="{name}"\] \{{(.*?)\}}', ACCENTS, re.DOTALL)[1], f"accent-{when}")


def test_the_measure_is_wcags():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_the_stylesheet_has_these_colours_and_no_others():
    assert re.findall(r'\[data-accent="(\w+)"\] \{', ACCENTS) == Accent.values


@pytest.mark.parametrize(("name", "ground"), [*product(Accent.values, ["paper", "sheet", "well"])])
def test_each_can_be_read(name, ground):
    assert contrast(accent(name, "day"), token(DAY, ground)) >= LEAST
    assert contrast(accent(name, "night"), token(NIGHT, ground)) >= LEAST


@pytest.mark.parametrize("name", Accent.values)
def test_none_is_taken_for_the_seal(name):
    """Red leads by far over green and blue in the seal alone."""
    red, green, blue = (int(accent(name, "day")[at : at + 2], 16) for at in (1, 3, 5))

    assert red - max(green, blue) < 100
