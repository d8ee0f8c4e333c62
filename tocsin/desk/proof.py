"""Does every ticket's row say what its log says?

The projection is told again from the log, event by event, and compared with what is stored. (semantics 2, R17.2)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter

from django.db.models import QuerySet

from tocsin.core.event import BrokenStory
from tocsin.desk import record
from tocsin.desk.projection import at_last_event
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import COLUMNS, PROJECTED
from tocsin.log.chain import open_body
from tocsin.log.event import Event
from tocsin.log.verify import Fault
from tocsin.standard.terms import NothingAgreed, terms_of

BATCH = 500
# What goes on record without the row being told anew: it moves no clock.
QUIET = frozenset({"delivered", "undelivered", "engine_error"})
NAMES = {
    "look_at": "the next instant to look",
    "next_at": "when something must happen next",
    "reading": "the reading of its clocks",
}


def refold(
    progress: Callable[[int, int], None] | None = None, *, tickets: QuerySet[Ticket] | None = None
) -> Iterator[Fault]:
    """Every ticket, of these or of all, whose row is not what its story makes of it, with the columns that differ."""
    rows = Ticket.objects.all() if tickets is None else tickets
    total = rows.count() if progress else 0
    done = 0
    coming = rows.select_related("client", "service").order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(coming, BATCH)):
        stories = _stories(batch)
        for ticket in batch:
            yield from _compare(ticket, stories.get(ticket.stream_name, []))
        done += len(batch)
        if progress:
            progress(done, total)


Row = tuple[str, datetime, datetime, int, str | None, str]


def _stories(tickets: list[Ticket]) -> dict[str, list[Row]]:
    names = [ticket.stream_name for ticket in tickets]
    rows = Event.objects.filter(stream__in=names).order_by("stream", "seq").values_list("stream", *COLUMNS)
    return {name: [row[1:] for row in found] for name, found in groupby(rows.iterator(chunk_size=5000), itemgetter(0))}


def _compare(ticket: Ticket, rows: list[Row]) -> Iterator[Fault]:
    name = ticket.stream_name
    told = [row for row in rows if row[0] not in QUIET]
    if not told:
        return  # the chain's own check names a story that is gone
    place = told[-1][3]
    try:
        projected = at_last_event(record.tell(rows), terms_of(ticket), head_at=told[-1][2])
    except (BrokenStory, NothingAgreed, KeyError, ValueError) as error:
        yield Fault(name, place, f"its story cannot be told: {error}")
        return
    wrong = [column for column in PROJECTED if not _same(ticket, column, getattr(projected, column))]
    said = ", ".join(
        [
            *_opened_otherwise(ticket, rows[0][5]),
            *(f"{NAMES.get(column, column)} ({_difference(ticket, projected, column)})" for column in wrong),
        ]
    )
    if said:
        yield Fault(name, place, f"{ticket.number} shows what its log does not say: {said}")


def _opened_otherwise(ticket: Ticket, body: str) -> Iterator[str]:
    """What never changes after the opening, and is not what was put on record then."""
    opening = open_body(body)
    told = {"client": opening["client"], **opening["data"]}
    stored = {"client": ticket.client_id, "title": ticket.title, "kind_of_ticket": ticket.kind}
    for name, value in stored.items():
        if value != told.get(name):
            yield f"{name.removesuffix('_of_ticket')} (stored {value}, told {told.get(name)})"


def _same(ticket: Ticket, column: str, said: object) -> bool:
    if column in ("look_at", "next_at") and ticket.imported:
        return getattr(ticket, column) is None
    return bool(getattr(ticket, column) == said)


def _difference(ticket: Ticket, projected: object, column: str) -> str:
    stored, told = getattr(ticket, column), getattr(projected, column)
    if column != "reading":
        return f"stored {stored}, told {told}"
    try:
        before, after = json.loads(stored), json.loads(told)
    except ValueError:
        return "stored text is no reading"
    clocks = [clock for clock in after if before.get(clock) != after[clock]]
    return f"of {', '.join(clocks) or 'clocks it does not have'}"
