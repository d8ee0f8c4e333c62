"""How are many tickets' rows brought up to date with one statement?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import attrgetter

from django.db import connection

from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import PROJECTED
from tocsin.log.rows import plain
from tocsin.log.stream import HEAD

COLUMNS = (*HEAD, *PROJECTED, "not_before")
COLUMNS_OF = attrgetter(*COLUMNS)


def save_all(tickets: Sequence[Ticket]) -> None:
    """What the engine changes of these tickets (head, projection, not_before) is stored."""
    if not tickets:
        return
    table = connection.ops.quote_name(Ticket._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sets = ", ".join(f"{name} = new.{name}" for name in COLUMNS)
            types = ", ".join(f"%s::{_type(name)}[]" for name in ("id", *COLUMNS))
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM unnest({types}) AS new (id, {', '.join(COLUMNS)}) "
                f"WHERE {table}.id = new.id",
                [[getattr(ticket, name) for ticket in tickets] for name in ("id", *COLUMNS)],
            )
        else:
            sets = ", ".join(f"{name} = %s" for name in COLUMNS)
            rows = (plain((*COLUMNS_OF(ticket), ticket.pk)) for ticket in tickets)
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", rows)


@cache
def _type(name: str) -> str:
    return str(Ticket._meta.get_field(name).rel_db_type(connection))
