"""The database itself refuses to change or remove entries of the ledger.

On SQLite, the database for trying out, removing stays possible: the test runner empties tables with DELETE.
"""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION billing_ledgerentry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'billing_ledgerentry is append-only';
    END $$
    """,
    """
    CREATE TRIGGER billing_ledgerentry_append_only BEFORE UPDATE OR DELETE ON billing_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION billing_ledgerentry_is_append_only()
    """,
]
SQLITE = [
    """
    CREATE TRIGGER billing_ledgerentry_append_only BEFORE UPDATE ON billing_ledgerentry
    BEGIN SELECT RAISE(ABORT, 'billing_ledgerentry is append-only'); END
    """,
]
UNDO = {
    "postgresql": [
        "DROP TRIGGER billing_ledgerentry_append_only ON billing_ledgerentry",
        "DROP FUNCTION billing_ledgerentry_is_append_only()",
    ],
    "sqlite": ["DROP TRIGGER billing_ledgerentry_append_only"],
}


def guard(apps, schema_editor):
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_bills_and_payments")]
    operations = [migrations.RunPython(guard, unguard)]
