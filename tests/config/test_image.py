"""The container image builds from what is in the repository, and nobody's secrets or data get into it."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def left_out(path):
    """Whether .dockerignore keeps `path` out: patterns count from the root, `**/` at any depth, the last one wins."""
    is_out = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        if fits(pattern.removeprefix("!"), PurePosixPath(path)):
            is_out = not pattern.startswith("!")
    return is_out


def fits(pattern, path):
    parts = pattern.removeprefix("**/").split("/")
    heads = [path, *path.parents][:-1]
    if pattern.startswith("**/"):
        return any(fnmatchcase(one.name, parts[0]) for one in heads)
    return any(len(one.parts) == len(parts) and all(map(fnmatchcase, one.parts, parts)) for one in heads)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.production",
        ".git/config",
        "var/db.sqlite3",
        "var/media/evidence/2026/11/x",
        ".venv/bin/python",
        "old.sqlite3",
        "billing/__pycache__/x.pyc",
        "tests/conftest.py",
    ],
)
def test_secrets_and_data_stay_out_of_the_image(path):
    assert left_out(path)


@pytest.mark.parametrize(
    "path",
    [
        "manage.py",
        "requirements.txt",
        ".env.example",
        "config/settings.py",
        "config/locale/en/LC_MESSAGES/django.po",
        "static/js/enhance.js",
        "core/printing/fonts/x.ttf",
        "templates/base.html",
    ],
)
def test_what_the_product_needs_comes_along(path):
    assert not left_out(path)


def build_step():
    """The RUN line of the Dockerfile that collects the static files."""
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    (step,) = re.findall(r"^RUN (.*collectstatic.*)$", lines, re.MULTILINE)
    return step


def test_the_image_builds_in_a_clean_folder(tmp_path):
    """What the Dockerfile runs, run as it stands: with no variable but those that it sets itself."""
    app = tmp_path / "app"

    def unwanted(folder, names):
        return [name for name in names if left_out(Path(folder, name).relative_to(ROOT).as_posix())]

    shutil.copytree(ROOT, app, ignore=unwanted)
    result = subprocess.run(
        ["/bin/sh", "-ec", build_step().replace("/app/", f"{app}/")],
        cwd=app,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr
    assert (app / "staticfiles" / "staticfiles.json").exists()
    assert (app / "config/locale/en/LC_MESSAGES/django.mo").exists()
    assert not (app / ".env").exists()


def variables_of(name):
    return set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / name).read_text(), re.MULTILINE))


def test_the_example_has_every_variable_that_compose_wants():
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert "POSTGRES_PASSWORD" in wanted
    assert wanted - variables_of(".env.example") == set()


def test_the_example_has_every_variable_that_production_wants():
    wanted = set(re.findall(r'required\(\s*"([A-Z_]+)"', (ROOT / "config/settings.py").read_text()))

    assert "PAIRWISE_SALT" in wanted
    assert wanted - variables_of(".env.example") == set()
