"""Every kind of event that the code writes has words."""

import ast

import pytest
from django.conf import settings

from audit.words import EVENTS

ROOMS = [
    "accounts",
    "audit",
    "billing",
    "binding",
    "config",
    "consent",
    "core",
    "notifications",
    "oidc",
    "registry",
    "review",
    "staff",
]


def kinds_in(tree):
    """Texts that may be the first argument of `record` or `_note`, and beginnings of those that are put together."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "record":
                yield from texts_of(node.args[0])
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("event", "look_event"):
            yield from texts_of(node.value)


def texts_of(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value, False
    elif isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield node.values[0].value, True


@pytest.mark.parametrize("room", ROOMS)
def test_every_kind_has_words(room):
    found = set()
    for file in (settings.BASE_DIR / room).rglob("*.py"):
        found |= set(kinds_in(ast.parse(file.read_text(encoding="utf-8"))))

    assert {kind for kind, begins in found if not begins and kind not in EVENTS} == set()
    assert {kind for kind, begins in found if begins and not any(one.startswith(kind) for one in EVENTS)} == set()


def test_it_finds_kinds_at_all():
    tree = ast.parse('log.record("a.b" if x else "c.d", by=1)\nlog.record(f"e.{x}")')

    assert set(kinds_in(tree)) == {("a.b", False), ("c.d", False), ("e.", True)}
