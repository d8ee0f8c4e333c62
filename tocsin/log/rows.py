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
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", map(plain, rows))


def plain(values: Iterable[Any]) -> list[Any]:
    """The values as a statement of our own takes them: SQLite keeps instants as naive UTC text, as Django does."""
    if connection.vendor != "sqlite":
        return list(values)
    return [_text(value) if type(value) is datetime else value for value in values]


def _text(at: datetime) -> str:
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ")[:-6]
