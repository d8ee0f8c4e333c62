"""How are many tickets' rows brought up to date with one statement?"""

from __future__ import annotations

import json
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
            # As JSON, for an array of texts is escaped in Python, quotation mark by quotation mark.
            sets = ", ".join(f"{name} = new.{name}" for name in COLUMNS)
            types = ", ".join(f"{name} {_type(name)}" for name in ("id", *COLUMNS))
            rows = [{"id": ticket.pk, **dict(zip(COLUMNS, COLUMNS_OF(ticket), strict=True))} for ticket in tickets]
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM json_to_recordset(%s::json) AS new ({types}) "
                f"WHERE {table}.id = new.id",
                [json.dumps(rows, default=str)],
            )
        else:
            sets = ", ".join(f"{name} = %s" for name in COLUMNS)
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE id = %s",
                [plain((*COLUMNS_OF(ticket), ticket.pk)) for ticket in tickets],
            )


@cache
def _type(name: str) -> str:
    return str(Ticket._meta.get_field(name).rel_db_type(connection))
