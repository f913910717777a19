"""A family's first visit costs a phone little: at most 40 kB in all, as production serves it."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from tests.support.pages import is_page, opened_pages

pytestmark = pytest.mark.django_db

FAMILIES = {"anonymous", "family", "other_family", "parent"}
MOST = 40_000  # bytes
FILE = re.compile(r'(?:href|src)="/static/([^"]+)"')
PICTURE = re.compile(r'<img src="(/[^"]+)"')
LAZY = re.compile(r'<img [^>]*loading="lazy"[^>]*>')  # fetched when a reader comes near: no part of a first visit


def zipped(text):
    return len(gzip.compress(text, 9))


def static_file(name):
    with open(finders.find(name), "rb") as file:
        return file.read()


def weight_of(html, client):
    """Bytes of the page itself, which our server does not compress, and of all that it loads."""
    html_first = LAZY.sub("", html)
    files = set(FILE.findall(html_first))
    pictures = [client.get(address) for address in PICTURE.findall(html_first)]
    return (
        len(html.encode())
        + sum(zipped(static_file(name)) for name in files)
        + sum(len(picture.content) for picture in pictures if not picture.streaming)
    )


def test_pages_of_families_are_light(world):
    weights = {
        f"{role}: {name}": weight_of(response.content.decode(), response.client)
        for role, name, response in opened_pages(world)
        if role in FAMILIES and is_page(response)
    }

    assert len(weights) > 60
    assert {page: weight for page, weight in weights.items() if weight > MOST} == {}
    assert max(weights.values()) > MOST / 4  # what is measured is there
