"""What is said about the tests themselves: where one engine is enough, and that they do not import each other."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.engines import ONE_ENGINE

TESTS = Path(settings.BASE_DIR) / "tests"


@pytest.mark.parametrize("place", ONE_ENGINE)
def test_what_runs_on_one_engine_is_there(place):
    path, _colons, test = place.partition("::")
    assert (TESTS / path).exists()
    assert test.rpartition("::")[2] in (TESTS / path).read_text(encoding="utf-8") if test else True


def test_no_test_imports_another():
    """What several need is a fixture of a conftest, or stands in a module that holds no tests."""
    found = [
        f"{path.relative_to(TESTS)}:{one.lineno}"
        for path in sorted(TESTS.rglob("*.py"))
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.ImportFrom | ast.Import)
        for name in ([one.module or ""] if isinstance(one, ast.ImportFrom) else [each.name for each in one.names])
        if name.startswith("tests.") and name.rpartition(".")[2].startswith("test_")
    ]

    assert found == []
