"""How are the stories of many tickets read with one query?

The engine's hot path: instants come as microseconds since 1970, for parsing a hundred thousand of them from text takes
longer than planning what is due, and a body is fetched only where the rules read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection

from tocsin.core.event import Event
from tocsin.desk import record
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event as Row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stories_of(tickets: Iterable[Ticket]) -> dict[str, list[Event]]:
    """The story of each ticket, by stream, in the order of its log."""
    names = [ticket.stream_name for ticket in tickets]
    stories: dict[str, list[Event]] = {name: [] for name in names}
    if not names:
        return stories
    statement, instant = (
        (_postgres(), _from_microseconds) if connection.vendor == "postgresql" else (_sqlite(names), _text)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [names] if connection.vendor == "postgresql" else names)
        while rows := cursor.fetchmany(5000):
            for stream, kind, effective, recorded, seq, key, body in rows:
                at = instant(effective)
                event = record.read(kind, at, at if recorded == effective else instant(recorded), seq, key, body)
                if event is not None:
                    stories[stream].append(event)
    return stories


def _from_microseconds(number: int) -> datetime:
    return EPOCH + timedelta(microseconds=number)


def _text(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _body() -> str:
    kinds = ", ".join(f"'{kind}'" for kind in record.READERS)
    return f"CASE WHEN kind IN ({kinds}) THEN body END"


def _postgres() -> str:
    def micro(column: str) -> str:
        return f"(extract(epoch FROM {column}) * 1000000)::bigint"

    return (
        f"SELECT stream, kind, {micro('effective_at')}, {micro('recorded_at')}, seq, key, {_body()} "
        f"FROM {Row._meta.db_table} WHERE stream = ANY(%s) ORDER BY stream, seq"
    )


def _sqlite(names: list[str]) -> str:
    marks = ", ".join(["%s"] * len(names))
    # An expression, so that Django leaves the text alone; with its offset, so that it is read in one go.
    return (
        f"SELECT stream, kind, effective_at || '+00:00', recorded_at || '+00:00', seq, key, {_body()} "
        f"FROM {Row._meta.db_table} WHERE stream IN ({marks}) ORDER BY stream, seq"
    )
