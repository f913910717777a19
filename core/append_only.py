"""Tables whose rows the database itself refuses to change or remove, whoever asks: pages, shells and statements by hand.

The tests, which empty tables, lift the guards meanwhile (tests/support/databases.py).
"""

from typing import Any

from django.db.migrations import RunPython

Statements = dict[str, list[str]]


def append_only(table: str) -> RunPython:
    """The operation of a migration after which rows of `table` are added, and never changed or removed."""
    return _guarded(table, _guards(table, "append-only"))


def frozen_once(table: str, column: str) -> RunPython:
    """The same for the rows of `table` whose `column` is set: a draft may be changed, what is published stays."""
    return _guarded(table, _guards(table, "frozen", f"{{row}}.{column} IS NOT NULL"))


def frozen_with(table: str, parent: str, key: str, column: str) -> RunPython:
    """The same for rows of `table` whose `key` names a row of `parent` with `column` set; none is added to it either."""
    return _guarded(table, _guards_of_parts(table, parent, key, column))


def _guarded(table: str, guards: Statements) -> RunPython:
    return RunPython(_each(guards), _each(_ends_of(table)))


def _each(statements: Statements) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


def _guards(table: str, word: str, condition: str = "") -> Statements:
    """`condition` is SQL on a {row}; none stands for every row."""
    refuse = f"SELECT RAISE(ABORT, '{table} is {word}')"
    when = f"WHEN ({condition.format(row='OLD')})" if condition else ""
    guarded = condition.format(row="kept") or "1"
    kept = f"SELECT 1 FROM {table} kept WHERE kept.id = NEW.id AND {guarded}"  # noqa: S608 # nosec B608
    return {
        "postgresql": [
            f"""
            CREATE FUNCTION {table}_is_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{table} is {word}';
            END $$
            """,
            f"""
            CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW {when} EXECUTE FUNCTION {table}_is_guarded()
            """,
            _never_emptied(table),
        ],
        "sqlite": [
            f"CREATE TRIGGER {table}_guard_update BEFORE UPDATE ON {table} {when} BEGIN {refuse}; END",
            f"CREATE TRIGGER {table}_guard_delete BEFORE DELETE ON {table} {when} BEGIN {refuse}; END",
            # INSERT OR REPLACE removes a row without asking who guards it.
            f"CREATE TRIGGER {table}_guard_insert BEFORE INSERT ON {table} WHEN EXISTS ({kept}) BEGIN {refuse}; END",
        ],
    }


def _guards_of_parts(table: str, parent: str, key: str, column: str) -> Statements:
    refuse = f"SELECT RAISE(ABORT, '{table} is frozen')"

    def frozen(*rows: str) -> str:
        keys = ", ".join(f"{row}.{key}" for row in rows)
        whole = f"SELECT 1 FROM {parent} whole WHERE whole.id IN ({keys})"  # noqa: S608 # nosec B608
        return f"EXISTS ({whole} AND whole.{column} IS NOT NULL)"

    return {
        "postgresql": [
            # The row is locked before it is asked, so that nobody publishes it between the two.
            f"""
            CREATE FUNCTION {table}_is_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'TRUNCATE' THEN
                    PERFORM 1 FROM {parent} whole WHERE whole.id IN (OLD.{key}, NEW.{key}) FOR SHARE;
                    IF NOT {frozen("OLD", "NEW")} THEN
                        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
                    END IF;
                END IF;
                RAISE EXCEPTION '{table} is frozen';
            END $$
            """,
            f"""
            CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_is_guarded()
            """,
            _never_emptied(table),
        ],
        "sqlite": [
            f"""
            CREATE TRIGGER {table}_guard_{deed} BEFORE {deed} ON {table} WHEN {frozen(*rows)} BEGIN {refuse}; END
            """
            for deed, rows in {"update": ("OLD", "NEW"), "delete": ("OLD",), "insert": ("NEW",)}.items()
        ],
    }


def _never_emptied(table: str) -> str:
    return f"""
    CREATE TRIGGER {table}_guard_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_guarded()
    """


def _ends_of(table: str) -> Statements:
    return {
        "postgresql": [
            f"DROP TRIGGER {table}_guard ON {table}",
            f"DROP TRIGGER {table}_guard_truncate ON {table}",
            f"DROP FUNCTION {table}_is_guarded()",
        ],
        "sqlite": [f"DROP TRIGGER {table}_guard_{deed}" for deed in ("update", "delete", "insert")],
    }
