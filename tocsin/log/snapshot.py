"""How does one read the whole database as of one moment, without holding anybody up?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

_CHUNK = 2_000


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see the same moment; needs the right to read, and takes no lock that a writer would wait for.

    Inside a transaction or another snapshot it is that one's moment.
    """
    connection.ensure_connection()
    if connection.in_atomic_block or (connection.vendor == "sqlite" and connection.connection.in_transaction):
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # atomic() would begin IMMEDIATE here and shut every writer out.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def rows(model: type[models.Model], fields: Sequence[str], *, order: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
    """The columns as the database keeps them, a chunk at a time; SQLite's instants are text.

    Nothing is converted: a value that an intruder has made unreadable must not stop the reading.
    """
    statement = f"SELECT {', '.join(_column(model, name) for name in fields)}"
    statement += f" FROM {connection.ops.quote_name(model._meta.db_table)}"
    if order:
        statement += f" ORDER BY {', '.join(_column(model, name) for name in order)}"
    with _any_bytes(), connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while chunk := cursor.fetchmany(_CHUNK):
            yield from chunk


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    column = connection.ops.quote_name(field.column)
    if connection.vendor == "sqlite" and isinstance(field, models.DateTimeField):
        return f"CAST({column} AS TEXT)"  # or Django's converter parses it, and raises
    return column


@contextmanager
def _any_bytes() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, lambda text: text.decode(errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before
