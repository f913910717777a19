"""Test databases without the wait: migrated once, copied for each worker, and set back after real transactions.

The migrations run once for an engine. What they leave is kept – SQLite's in var/, under a name that changes with
the migrations; PostgreSQL's as a template in the cluster – and every worker begins with a copy. Django's own
`migrate` still runs on the copy, and applies what a copy would lack.

A test with real transactions leaves rows behind. Django would empty all tables, and the rows that came with the
migrations would be gone: instead the copy is taken again (SQLite), or the tables that changed are filled from a
second schema that holds the first rows (PostgreSQL).
"""

import fcntl
import hashlib
import sqlite3
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

FOLDER = Path(settings.BASE_DIR) / "var" / "test-databases"
KEPT: dict[str, Any] = {}  # where SQLite's first rows are, and what they are once they were read


def prepare():
    """Before the databases of the tests are made: see that there is something to copy."""
    TransactionTestCase._fixture_teardown = set_back  # type: ignore[method-assign]
    FOLDER.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        prepare_sqlite()
    else:
        prepare_postgres()


def fingerprint():
    """Changes with every migration, and with Django and the applications that bring migrations along."""
    digest = hashlib.sha256()
    for one in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted(Path(one.path).glob("migrations/*.py")):
            digest.update(f"{one.label} {path.name}".encode() + path.read_bytes())
    for name in ("django", "django-oauth-toolkit", "django-otp", "django-tasks-db"):
        digest.update(f"{name} {metadata.version(name)}".encode())
    return digest.hexdigest()[:20]


@contextmanager
def alone(name):
    """One of the workers at a time."""
    with open(FOLDER / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_database(name):
    """A database with all migrations, under `name`; leaves the settings as they were."""
    before, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            keep_first_rows(cursor)
            cursor.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = before
    connection.settings_dict["TEST"]["NAME"] = test


def tables_with_rows(cursor, tables):
    asked = [f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in tables]  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return [row[0] for row in cursor.fetchall() if row[0] != "django_migrations"]


# SQLite -----------------------------------------------------------------------------------------------------------


def prepare_sqlite():
    kept = FOLDER / f"{fingerprint()}.sqlite3"
    with alone("sqlite"):
        if not kept.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            draft = FOLDER / "draft.sqlite3"
            make_database(str(draft))
            with sqlite3.connect(draft) as database:
                database.execute("PRAGMA journal_mode=DELETE")
            draft.rename(kept)
    KEPT["path"] = kept
    connection_created.connect(fill, dispatch_uid="first rows")


def fill(sender, connection, **_kwargs):
    """The first connection to a database of its own finds it empty."""
    if connection.introspection.table_names():
        return
    with closing(sqlite3.connect(f"file:{KEPT['path']}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)


def first_rows_of(tables):
    if "rows" not in KEPT:
        with closing(sqlite3.connect(f"file:{KEPT['path']}?mode=ro", uri=True)) as source:
            found = {one: source.execute(f'SELECT * FROM "{one}"').fetchall() for one in tables}  # noqa: S608
        KEPT["rows"] = {one: rows for one, rows in found.items() if rows and one != "django_migrations"}
    return KEPT["rows"]


def set_back_sqlite():
    """By statements, which wait for each other: a copy of the whole would wait for every open cursor, or for ever."""
    tables = connection.introspection.table_names()
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()  # of tables that nobody may empty (core.append_only)
        for name, _statement in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for one in tables_with_rows(cursor, tables):
            cursor.execute(f'DELETE FROM "{one}"')  # noqa: S608
        for one, rows in first_rows_of(tables).items():
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{one}" VALUES ({places})', rows)  # noqa: S608
        for _name, statement in guards:
            cursor.execute(statement)


# PostgreSQL -------------------------------------------------------------------------------------------------------


def prepare_postgres():
    name = f"template_{fingerprint()}"
    with alone("postgres"):
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name])
            is_there = cursor.fetchone()
        if not is_there:
            make_database(name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def keep_first_rows(cursor):
    """In a schema that Django does not look at."""
    cursor.execute("CREATE SCHEMA first_rows")
    for table in tables_with_rows(cursor, connection.introspection.table_names()):
        cursor.execute(f'CREATE TABLE first_rows."{table}" AS TABLE public."{table}"')


def set_back_postgres():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no guards meanwhile
        quoted = ", ".join(f'"{one}"' for one in tables_with_rows(cursor, connection.introspection.table_names()))
        cursor.execute(f"TRUNCATE {quoted} CASCADE")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'first_rows'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM first_rows."{table}"')  # noqa: S608


def set_back(self):
    """What a test with real transactions does at its end, in place of a flush."""
    if connection.vendor == "sqlite":
        set_back_sqlite()
    else:
        set_back_postgres()
