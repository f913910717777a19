"""What the database itself refuses, asked in its own words."""

import pytest
from django.db import DatabaseError, connection, transaction

IS_POSTGRES = connection.vendor == "postgresql"
EMPTY = "TRUNCATE %s CASCADE" if IS_POSTGRES else "DELETE FROM %s"
# Each row of a table once more, in the place of the row itself.
REPLACE = (
    "INSERT INTO %s TABLE %s ON CONFLICT (id) DO UPDATE SET id = excluded.id"
    if IS_POSTGRES
    else "REPLACE INTO %s SELECT * FROM %s"
)


def refuses(statement, why):
    connection.check_constraints()  # else PostgreSQL refuses a TRUNCATE because checks are still to come
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
