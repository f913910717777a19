"""Stylesheets hold what pages use, on one scale: what nobody sees any more is deleted."""

import os
import re
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from config import stylesheets
from config.stylesheets import ALL, PARTS, without_comments

ROOT = Path(settings.BASE_DIR)
CSS = {
    file.name: without_comments(file.read_text(encoding="utf-8")) for file in (ROOT / "static" / "css").glob("*.css")
}
CLASS = re.compile(r"\.(-?[a-z][\w-]*)(?![\w(]*\()", re.IGNORECASE)
CLASSES_OF_TEMPLATES = re.compile(r'class="([^"]*)"')
JINJA = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# Named in templates for scripts, for a test or for what they say; nothing to draw
WITHOUT_RULES = {"alert--info", "alert__body", "chart-legend__sample", "copy", "file-box", "mail-text", "page--sheet"}
BREAKPOINTS = {"39.99rem", "40rem", "47.99rem", "48rem", "59.99rem", "60rem"}


def selectors(css):
    return re.findall(r"([^{};]+)\{", css)


def ruled_classes():
    return {
        name
        for css in CSS.values()
        for selector in selectors(css)
        if "@" not in selector
        for name in CLASS.findall(selector)
    }


def texts():
    folders = (
        "templates",
        "static/js",
        "config",
        "accounts",
        "binding",
        "billing",
        "consent",
        "oidc",
        "registry",
        "review",
        "staff",
        "notifications",
        "core",
    )
    for folder in folders:
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in {".html", ".js", ".py", ".svg"} and "locale" not in file.parts:
                yield file.read_text(encoding="utf-8")


def test_no_class_is_dead():
    """A class that templates put together (`pill--{{ kind }}`, `level-{{ n }}`) counts as used by what stands before."""
    used = set(re.findall(r"[a-zA-Z][\w-]*", "\n".join(texts())))

    dead = {name for name in ruled_classes() if name not in used and re.sub(r"(--?)[^-]+$", r"\1", name) not in used}
    assert dead == set()


def test_no_class_of_a_template_is_without_a_rule():
    ruled = ruled_classes()
    ruled |= {name.partition("--")[0] for name in ruled}  # drawn by its kinds alone
    for file in (ROOT / "templates").rglob("*.html"):
        for classes in CLASSES_OF_TEMPLATES.findall(file.read_text(encoding="utf-8")):
            names = {name for name in JINJA.sub(" ", classes).split() if not name.endswith("-")}
            assert names - ruled - WITHOUT_RULES == set(), file


def test_three_widths_change_a_page():
    found = {one for css in CSS.values() for one in re.findall(r"\(m(?:in|ax)-width: ([\d.]+\w+)\)", css)}

    assert found <= BREAKPOINTS


def test_paper_is_no_phone():
    for name, css in CSS.items():
        assert re.findall(r"@media \(max-width", css) == [], name


def test_room_is_on_the_scale():
    """Margins, paddings and gaps in rem are the tokens of tokens.css, or nothing."""
    odd = {
        (name, one)
        for name, css in CSS.items()
        for one in re.findall(r"(?<![\w-])(?:margin|padding|gap)[\w-]*: [^;]*?\b\d*\.?\d+rem\b[^;]*", css)
        if "calc(" not in one
    }
    assert odd == set()


def test_all_sheets_are_known():
    assert {f"{name}.css" for name in PARTS} == CSS.keys()


def test_pages_have_one_sheet_with_every_rule():
    with open(finders.find(ALL), encoding="utf-8") as file:
        whole = file.read()

    assert whole.startswith("@layer reset, tokens, base, layout, components, pages, utilities, print;")
    assert whole.count("{") == whole.count("}") == sum(CSS[f"{name}.css"].count("{") for name in PARTS)


def test_a_part_that_is_newer_is_in_it(monkeypatch, tmp_path):
    for name in stylesheets.PARTS:
        (tmp_path / f"{name}.css").write_text(f"/* {name} */ .{name} {{}}")
    monkeypatch.setattr(stylesheets, "VAR_DIR", tmp_path)
    monkeypatch.setattr(stylesheets, "_parts", lambda: [tmp_path / f"{name}.css" for name in stylesheets.PARTS])
    finder = stylesheets.Finder()
    assert ".print {}" in Path(finder.find(ALL)).read_text()

    part = tmp_path / "print.css"
    part.write_text(".paper {}")
    os.utime(part, (time.time() + 9, time.time() + 9))

    assert ".paper {}" in Path(finder.find(ALL)).read_text()
    assert [path for path, _storage in finder.list(None)] == [ALL]
    assert not finder.find("css/other.css")
