"""What else do those work on whose other work stops, and who takes it?

The clocks of that work run on: it is the dispatcher's to hand it to somebody who is free. No work stops for a drill,
and none that comes before other work itself. (R1.14)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tocsin.desk import board, tickets
from tocsin.desk.refusal import Refusal
from tocsin.desk.stopped import DRILL, comes_first, responders
from tocsin.desk.ticket import Ticket
from tocsin.directory.person import Person
from tocsin.standard.terms import terms_of

MOST = 100


@dataclass(frozen=True, slots=True)
class Other:
    """A ticket that a responder owns, works on, or both; `row` is what falls due on it first, if anything does."""

    ticket: Ticket
    owner: Person | None
    worker: Person | None
    row: board.Row | None

    @property
    def whose(self) -> list[tuple[Person, str]]:
        """Each of its responders, and what they are to it."""
        if self.owner is not None and self.owner == self.worker:
            return [(self.owner, "owns it and works on it")]
        said = ((self.owner, "owns it"), (self.worker, "works on it"))
        return [(who, what) for who, what in said if who is not None]


def other_work(of: Ticket, among: QuerySet[Ticket], *, now: datetime) -> list[Other]:
    """The open tickets of those who respond to this one that stop for it; what falls due first comes first."""
    if of.kind == DRILL:
        return []
    people = responders(of)
    theirs = board.live(among).filter(Q(owner__in=people) | Q(worker__in=people)).exclude(pk=of.pk)
    some = theirs.select_related("client", "service", "contact", "owner", "worker").order_by("pk")[:MOST]
    found = [ticket for ticket in some if not comes_first(ticket, terms_of(ticket))]
    rows = board.first_due(found, now=now)
    others = [
        Other(
            ticket,
            ticket.owner if ticket.owner in people else None,
            ticket.worker if ticket.worker in people else None,
            rows.get(ticket.pk),
        )
        for ticket in found
    ]
    return sorted(others, key=lambda other: (other.row is None, other.row.at if other.row else other.ticket.opened_at))


def busy(of: Ticket, among: QuerySet[Ticket]) -> list[Person]:
    """Who responds to this ticket, or to another that comes before other work: whoever is not free."""
    others = [ticket for ticket in board.critical(among) if ticket.kind != DRILL]
    return list(dict.fromkeys(who for ticket in (of, *others) for who in responders(ticket)))


def hand_on(other: Ticket, *, to: Person, because_of: Ticket, by: Person, now: datetime) -> None:
    """Somebody who is free has the ticket: they own it, work on it, or both, where a responder did."""
    if because_of.kind == DRILL:
        raise Refusal(f"{because_of.number} is a drill: no work stops for it.")
    if comes_first(other, terms_of(other)):
        raise Refusal(f"{other.number} comes before other work, too: it stays with those who respond to it.")
    people = responders(because_of)
    if to in people:
        raise Refusal(f"{to} responds to {because_of.number}, too: give {other.number} to somebody who is free.")
    owns, works = other.owner in people, other.worker in people
    if not owns and not works:
        raise Refusal(f"{other.number} is nobody's who responds to {because_of.number}: it stays where it is.")
    tickets.assign(
        other,
        owner=to if owns else None,
        worker=to if works or other.worker is None else None,
        by=by,
        now=now,
        reason=f"other work stops for {because_of.number}",
    )
