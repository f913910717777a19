"""Tables whose rows the database itself refuses to change or remove.

On SQLite, the database for trying out, removing stays possible: the test runner empties tables with DELETE.
"""

from typing import Any

from django.db.migrations import RunPython


def append_only(table: str) -> RunPython:
    """The operation of a migration after which rows of `table` are added, and never changed or removed."""
    return RunPython(_each(_guards(table)), _each(_ends_of_guards(table)))


def _each(statements: dict[str, list[str]]) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


def _guards(table: str) -> dict[str, list[str]]:
    return {
        "postgresql": [
            f"""
            CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{table} is append-only';
            END $$
            """,
            f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()
            """,
        ],
        "sqlite": [
            f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
            """
        ],
    }


def _ends_of_guards(table: str) -> dict[str, list[str]]:
    return {
        "postgresql": [f"DROP TRIGGER {table}_append_only ON {table}", f"DROP FUNCTION {table}_is_append_only()"],
        "sqlite": [f"DROP TRIGGER {table}_append_only"],
    }
