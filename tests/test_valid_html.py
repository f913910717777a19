"""Every page of every role, and those after a press or a wrong answer, is HTML as the standard has it."""

import os
import re
from pathlib import Path

import pytest

from tests.support.pages import is_page, opened_pages, pressed_pages
from tests.support.valid_html import faults_of

pytestmark = pytest.mark.django_db


def test_all_pages(world):
    looked_at, wrong = set(), {}
    for role, name, response in [*opened_pages(world), *pressed_pages(world)]:
        if not is_page(response) or name == "gallery-mail":  # mails keep to tables, for their readers' programs
            continue
        html = response.content.decode()
        keep(html, f"{name}-{role}")
        if faults := faults_of(html):
            wrong[name] = faults
        looked_at.add(name)

    assert len(looked_at) > 100
    assert wrong == {}


def keep(html, name):
    """For Nu's checker, by hand: HTML_TO=folder pytest tests/test_valid_html.py; java -jar vnu.jar folder"""
    if folder := os.environ.get("HTML_TO"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / (re.sub(r"\W+", "-", name) + ".html")).write_text(html, encoding="utf-8")


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>a<div>b</div></p>", "<div> inside <p>"),
        ("<p>a", "never closed"),
        ("<ul><p>a</p></ul>", "<p> straight in <ul>"),
        ('<b id="a"></b><b id="a"></b>', "twice"),
        ('<label for="x">a</label>', "names nothing"),
        ('<input name="x">', "no label"),
        ('<time datetime="2026-01-01T10:00:00.123456+08:00"></time>', "datetime"),
        ("<section><p>a</p></section>", "without a heading"),
        ('<div role="status"><p role="alert">a</p></div>', "read out twice"),
        ('<a href="/"><button>a</button></a>', "<button> inside <a>"),
    ],
)
def test_a_fault_is_seen(html, fault):
    assert any(fault in one for one in faults_of(html))


def test_what_is_right_is_left_alone():
    assert (
        faults_of('<section><h2>a</h2><label for="x">b</label><input id="x"><svg><path d="M0 0"/></svg></section>')
        == []
    )
