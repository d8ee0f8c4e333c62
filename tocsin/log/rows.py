"""How do many rows get into a table with one statement?"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models


def put(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store the rows, each a value per field in the order named; the columns left out take the database's default.

    Values are what the column holds (text, numbers, booleans, aware instants in UTC, None): nothing is prepared field
    by field, which is most of what `bulk_create` costs. Raises Django's own IntegrityError.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(model._meta.get_field(name).column) for name in fields)
    if connection.vendor == "postgresql":
        statement = f"COPY {table} ({columns}) FROM STDIN"
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join(["%s"] * len(fields))
        # SQLite keeps instants as naive UTC text, as Django's own adapter writes them.
        plain = [
            [str(value.astimezone(UTC).replace(tzinfo=None)) if type(value) is datetime else value for value in row]
            for row in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", plain)
