"""`make run` over a database that an older version left."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.fixture
def prepare(tmp_path):
    """Runs the command over a database of its own; returns what it printed."""

    def run():
        env = os.environ | {"ENVIRONMENT": "development", "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
        done = subprocess.run(
            [sys.executable, "manage.py", "prepare_demo"],
            cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    return run


def test_an_older_database_is_put_aside_with_a_word_and_one_of_today_is_kept(prepare, tmp_path):
    with sqlite3.connect(tmp_path / "db.sqlite3") as older:
        older.execute("CREATE TABLE django_migrations (id integer, app text, name text, applied text)")
        older.execute("CREATE TABLE kept (words text)")

    words = prepare()

    assert "made by an older version" in words
    (aside,) = tmp_path.glob("db-*.sqlite3")
    assert sqlite3.connect(aside).execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert sqlite3.connect(tmp_path / "db.sqlite3").execute("SELECT count(*) FROM accounts_user").fetchone() == (0,)

    assert prepare() == ""
    assert len(list(tmp_path.glob("db-*.sqlite3"))) == 1
