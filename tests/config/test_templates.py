"""What every template keeps to."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import nodes

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
ROOMS = [
    "accounts",
    "audit",
    "billing",
    "binding",
    "consent",
    "core",
    "notifications",
    "oidc",
    "registry",
    "review",
    "staff",
]
# What Django's own objects have as methods
OF_DJANGO = {
    *("all", "as_field_group", "as_hidden", "as_widget", "css_classes", "exists", "first", "get_username"),
    *("has_next", "has_other_pages", "has_previous", "hidden_fields", "is_multipart", "is_verified", "label_tag"),
    *("has_usable_password", "next_page_number", "non_field_errors", "previous_page_number", "tag", "visible_fields"),
}
# Names that are fields or properties elsewhere: a filter of these would ask for what is right
BOTH = {"all", "first", "tag"}


def parsed():
    environment = engines["jinja2"].env
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield path.relative_to(TEMPLATES).as_posix(), environment.parse(path.read_text(encoding="utf-8"))


def test_no_macro_counts_on_the_page_around_it():
    """A macro sees what it is given: a form in it would have no csrf_input, and a browser's press be answered with 403."""
    of_the_page = {"csrf_input", "csrf_token", "messages", "request", "school", "user"}
    macros = [(name, macro) for name, tree in parsed() for macro in tree.find_all(nodes.Macro)]
    found = [
        (name, used.name)
        for name, macro in macros
        for used in macro.find_all(nodes.Name)
        if used.name in of_the_page and used.name not in {argument.name for argument in macro.args}
    ]

    assert len(macros) > 15
    assert found == []


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.stem)
def test_a_component_is_a_macro_of_its_own_name_or_part_of_a_page(path):
    names = re.findall(r"{% macro (\w+)\(", path.read_text(encoding="utf-8"))

    assert names in ([path.stem], [])


def test_methods_are_called():
    """`{% if page_obj.has_next %}` would always be true."""
    methods = (OF_DJANGO - BOTH) | methods_of_ours()
    found = [
        (name, attribute.lineno, attribute.attr)
        for name, tree in parsed()
        for attribute in not_called(tree)
        if attribute.attr in methods or re.fullmatch(r"get_\w+_display", attribute.attr)
    ]

    assert {"may", "allows"} <= methods
    assert found == []


def not_called(tree):
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    return [one for one in tree.find_all(nodes.Getattr) if id(one) not in called]


def methods_of_ours():
    """Names that are methods in our classes, and never a field or property of one."""
    methods, others = set(), set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(one, ast.ClassDef) and not one.name.endswith("QuerySet"):
                    for part in one.body:
                        if isinstance(part, ast.FunctionDef):
                            is_field = any("property" in ast.unparse(mark) for mark in part.decorator_list)
                            (others if is_field else methods).add(part.name)
                        elif isinstance(part, ast.AnnAssign | ast.Assign):
                            others.update(
                                name.id
                                for target in (part.targets if isinstance(part, ast.Assign) else [part.target])
                                for name in ast.walk(target)
                                if isinstance(name, ast.Name)
                            )
    return methods - others - BOTH


def test_no_page_gives_a_name_that_every_page_has():
    """`url`, `ui` and the like: a page that sets or is given one could not call it any more."""
    names = set(engines["jinja2"].env.globals) - {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}
    found = [
        (name, target.name)
        for name, tree in parsed()
        for target in tree.find_all(nodes.Name)
        if target.ctx in ("store", "param")
        and target.name in names
        and not (name.startswith("components/") and target.ctx == "param")
    ]

    assert {"url", "ui", "_"} <= names
    assert found == []
