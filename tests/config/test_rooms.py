"""The house as its import contracts say it is: no file needs itself, whatever way round."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.conf import settings

from config.management.commands.draw_rooms import FILE, ROOMS, drawn_in

# Those that remain, to be ended: the list only shrinks.
STILL_BETWEEN_VIEWS = {("accounts.views.sso", "accounts.views.mailbox"), ("oidc.views.logout", "oidc.views.authorize")}


@pytest.fixture(scope="module")
def imports():
    """{module: modules that it imports}, also those that a function imports when it is called."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    return {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}


def test_no_circle_of_files_remains(imports):
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def test_only_apps_import_within_a_function():
    """A function-level import hides a circle. `ready` has to; so has a child process that is to start fast."""
    rooms = [Path(settings.BASE_DIR) / room for room in ROOMS]
    files = [file for room in rooms for file in room.rglob("*.py") if "migrations" not in file.parts]
    late = {file.relative_to(settings.BASE_DIR).as_posix() for file in files if _imports_late(file)}

    assert late - {f"{room}/apps.py" for room in ROOMS} <= {"core/spreadsheets/child.py"}


def _imports_late(file):
    return any(
        isinstance(node, ast.Import | ast.ImportFrom)
        for outer in ast.walk(ast.parse(file.read_text()))
        if isinstance(outer, ast.FunctionDef)
        for node in ast.walk(outer)
    )


def test_no_view_imports_a_view(imports):
    """What two views need has a place of its own: a queryset, a form, `core.downloads`, a decorator's module."""
    views = [name for name in imports if "views" in name.split(".")]

    assert {(one, other) for one in views for other in imports[one] if other in views} <= STILL_BETWEEN_VIEWS


def test_the_drawing_of_the_rooms_is_of_today():
    text = FILE.read_text(encoding="utf-8")

    assert drawn_in(text) == text, "run make docs"
