"""How does one read the whole database as of one moment, without holding anybody up?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from tocsin.log.chain import instant, utc

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


def rows(
    model: type[models.Model],
    fields: Sequence[str],
    *,
    order: Sequence[str] = (),
    where: str = "",
    values: Sequence[Any] = (),
) -> Iterator[tuple[Any, ...]]:
    """The columns as the database keeps them, a chunk at a time; JSON and dates are text, and SQLite's instants.

    Nothing is converted: a value that an intruder has made unreadable must not stop the reading. `where` is SQL with a
    %s for each of the `values`.
    """
    statement = f"SELECT {', '.join(_column(model, name) for name in fields)}"
    statement += f" FROM {connection.ops.quote_name(model._meta.db_table)}"
    if where:
        statement += f" WHERE {where}"
    if order:
        statement += f" ORDER BY {', '.join(_column(model, name) for name in order)}"
    with _any_bytes(), connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while chunk := cursor.fetchmany(_CHUNK):
            yield from chunk


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    column = connection.ops.quote_name(field.column)
    is_instant = isinstance(field, models.DateTimeField)
    if isinstance(field, models.DateField) and (not is_instant or connection.vendor == "sqlite"):
        return f"CAST({column} AS TEXT)"  # or a converter parses it, and raises
    return column


def instant_in(column: Any) -> str:
    """An instant among such columns, as a body says it; any text for what is none."""
    if isinstance(column, datetime):
        return instant(utc(column))
    text = str(column).replace(" ", "T", 1)
    return f"{text}Z" if "." in text else f"{text}.000000Z"


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
