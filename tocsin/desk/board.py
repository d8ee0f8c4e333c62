"""What must happen next, over all the tickets that somebody sees?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db.models import Case, F, QuerySet, When

from tocsin.core import plan
from tocsin.core.agenda import Item, agenda
from tocsin.core.plan import Plan
from tocsin.core.terms import Terms
from tocsin.desk.stopped import DRILL
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.standard.terms import priorities_of, terms_of, versions

LIVE = ("new", "in progress", "pending")
SOON = timedelta(minutes=30)
MOST_CRITICAL = 20
BY_ITSELF = ("step", "threshold", "raise")
WEIGHT = ("promise", "accept", "answer", "act", "step", "wait", "raise", "threshold")


@dataclass(frozen=True, slots=True)
class Row:
    """What is due on one ticket at one instant, the weightiest first."""

    at: datetime
    ticket: Ticket
    items: tuple[Item, ...]
    planned: Plan
    terms: Terms

    @property
    def item(self) -> Item:
        return self.items[0]


@dataclass(frozen=True, slots=True)
class Board:
    """The rows in the order of their instants. `until`: the instant up to which none is missing, None for all."""

    rows: list[Row]
    until: datetime | None


def critical(tickets: QuerySet[Ticket]) -> list[Ticket]:
    """Those on which somebody works and whose priority is their standard's most severe.

    Where the line is stopped comes first, then the latest; drills come after all that is real. (R1.5, R1.14)
    """
    worst = {version: priorities_of(version)[0].name for version in versions()}
    same = live(tickets).filter(priority__in=set(worst.values()))
    people = ("owner", "worker", "incident_manager", "comms_lead")
    real = Case(When(kind=DRILL, then=1), default=0)
    order = (real, F("stopped_at").desc(nulls_last=True), "-opened_at")
    latest = same.select_related("client", "service", *people).order_by(*order)[:MOST_CRITICAL]
    return [ticket for ticket in latest if worst[ticket.policy_version_id] == ticket.priority]


def late(tickets: QuerySet[Ticket], *, now: datetime) -> int:
    """On how many of the tickets something should have happened by now."""
    return tickets.filter(next_at__lt=now).count()  # only those on which somebody works are listed by an instant


def live(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those of the tickets on which somebody still works; what was imported is never due."""
    return tickets.filter(status__in=LIVE, imported=False)


def first_due(tickets: list[Ticket], *, now: datetime) -> dict[int, Row]:
    """The first row of each of these tickets, by primary key."""
    found = due(Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]), now=now, size=len(tickets) or 1)
    return {row.ticket.pk: row for row in reversed(found.rows)}


def due(
    tickets: QuerySet[Ticket], *, now: datetime, size: int = 40, wanted: Callable[[Item], bool] | None = None
) -> Board:
    """What is due on the `size` tickets whose first item comes first, as far as no other ticket comes between.

    Each ticket is listed by its first item (`next_at`), so that only these need be read, however many there are.
    """
    listed = tickets.filter(next_at__isnull=False).order_by("next_at", "pk")
    found = list(listed.select_related("client", "service", "contact", "owner", "worker")[: size + 1])
    until = found[size].next_at if len(found) > size else None
    found = found[:size]
    stories = stories_of(found)
    rows: list[Row] = []
    for ticket in found:
        terms = terms_of(ticket)
        planned = plan.due(stories[ticket.stream_name], terms, now=now)
        items = [item for item in _nearest(agenda(planned, terms)) if wanted is None or wanted(item)]
        for at, same in groupby(items, attrgetter("at")):
            if until is None or at < until:
                heaviest = sorted(same, key=lambda item: WEIGHT.index(item.kind))
                rows.append(Row(at, ticket, tuple(heaviest), planned, terms))
    return Board(sorted(rows, key=attrgetter("at")), until)


def _nearest(items: list[Item]) -> list[Item]:
    """What people owe, and of what happens by itself only what comes next: the ticket's own page has the rest."""
    first = next((item.at for item in items if item.kind in BY_ITSELF), None)
    return [item for item in items if item.kind not in BY_ITSELF or item.at == first]
