"""Which waits of these tickets are to be looked at, who began each, and what did they say? (R2.12)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tocsin.core.pauses import Suspect, suspects
from tocsin.desk.board import LIVE
from tocsin.desk.names import Names
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event
from tocsin.standard.terms import terms_of

BACK = timedelta(days=30)
MOST = 500  # tickets, the latest
PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Pause:
    """One wait to be looked at: of which ticket, what it is called, by whom it was begun, and what they said."""

    ticket: Ticket
    wait: Suspect
    on: str
    by: str
    reason: str


def to_review(tickets: QuerySet[Ticket], *, now: datetime) -> list[Pause]:
    """The waits begun within the last 30 days, the latest first, of those tickets that are open or were until then.

    What was imported is left out: its source says not who was told what.
    """
    since = now - BACK
    lately = tickets.filter(Q(status__in=LIVE) | Q(solved_at__gte=since), imported=False)
    known = {ticket.stream_name: ticket for ticket in lately.select_related("client", "service").order_by("-pk")[:MOST]}
    rows = {
        (row.stream, row.seq): row
        for row in Event.objects.filter(stream__in=known, kind=PAUSED, effective_at__gte=since)
    }
    waited = [known[stream] for stream in {stream for stream, _ in rows}]
    found = [(rows[ticket.stream_name, wait.seq], ticket, wait) for ticket, wait in _suspects(waited, rows, now)]
    called = Names(row.actor for row, _, _ in found)
    pauses = [
        Pause(ticket, wait, _title(ticket, wait), called(row.actor), str(row.data.get("reason") or ""))
        for row, ticket, wait in found
    ]
    return sorted(pauses, key=lambda pause: pause.wait.at, reverse=True)


def _suspects(
    tickets: list[Ticket], rows: dict[tuple[str, int], Event], now: datetime
) -> Iterator[tuple[Ticket, Suspect]]:
    stories = stories_of(tickets)
    for ticket in tickets:
        for wait in suspects(stories[ticket.stream_name], terms_of(ticket), now=now):
            if (ticket.stream_name, wait.seq) in rows:
                yield ticket, wait


def _title(ticket: Ticket, wait: Suspect) -> str:
    known = terms_of(ticket).waits.get(wait.on)
    return known.title if known else wait.on
