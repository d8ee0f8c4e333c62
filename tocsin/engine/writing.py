"""How are many tickets' rows brought up to date with one statement?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import PROJECTED
from tocsin.log.stream import HEAD

COLUMNS = (*HEAD, *PROJECTED, "not_before")


def save_all(tickets: Sequence[Ticket]) -> None:
    """What the engine changes of these tickets (head, projection, not_before) is stored."""
    if not tickets:
        return
    sets = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in COLUMNS)
    rows = [[*(_plain(getattr(ticket, name)) for name in COLUMNS), ticket.pk] for ticket in tickets]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {connection.ops.quote_name(Ticket._meta.db_table)} SET {sets} WHERE id = %s", rows)


def _plain(value: Any) -> Any:
    # SQLite keeps instants as naive UTC text, as Django's own adapter writes them.
    if type(value) is datetime and connection.vendor == "sqlite":
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value
