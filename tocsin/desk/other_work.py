"""What else do those work on whose other work stops, and who takes it?

The clocks of that work run on: it is the dispatcher's to hand it to somebody who is free. No work stops for a drill,
and none that comes before other work itself. (R1.14)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tocsin.desk import board, tickets
from tocsin.desk.refusal import Refusal
from tocsin.desk.stopped import DRILL, comes_first, responders
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import lock
from tocsin.directory.person import Person
from tocsin.standard.terms import priorities_of, terms_of, versions

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
    """The open tickets of those who respond to this one that stop for it; what falls due first comes first.

    At most MOST of them: `how_many` says how many there are.
    """
    people = responders(of)
    first = _theirs(of, among).order_by(F("next_at").asc(nulls_last=True), "pk")
    found = list(first.select_related("client", "service", "contact", "owner", "worker")[:MOST])
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


def how_many(of: Ticket, among: QuerySet[Ticket]) -> int:
    """How many such tickets there are, listed or not."""
    return _theirs(of, among).count()


def _theirs(of: Ticket, among: QuerySet[Ticket]) -> QuerySet[Ticket]:
    if of.kind == DRILL:
        return among.none()
    people = responders(of)
    theirs = board.live(among).filter(Q(owner__in=people) | Q(worker__in=people)).exclude(pk=of.pk)
    return theirs.exclude(_comes_first())


def _comes_first() -> Q:
    """As `comes_first` has it, for the database to ask."""
    worst = [Q(policy_version=each, priority=priorities_of(each)[0].name) for each in versions()]
    return (reduce(or_, worst, Q(stopped_at__isnull=False))) & ~Q(kind=DRILL)


def busy(of: Ticket, among: QuerySet[Ticket]) -> list[Person]:
    """Who responds to this ticket, or to another that comes before other work: whoever is not free."""
    others = [ticket for ticket in board.critical(among) if ticket.kind != DRILL]
    return list(dict.fromkeys(who for ticket in (of, *others) for who in responders(ticket)))


def hand_on(other: Ticket, *, to: Person, because_of: Ticket, by: Person, now: datetime) -> None:
    """Somebody who is free has the ticket: they own it, work on it, or both, where a responder does by now."""
    if because_of.kind == DRILL:
        raise Refusal(f"{because_of.number} is a drill: no work stops for it.")
    people = responders(because_of)
    if to in people:
        raise Refusal(f"{to} responds to {because_of.number}, too: give {other.number} to somebody who is free.")
    with transaction.atomic():
        as_it_is = lock(other.pk)
        if comes_first(as_it_is, terms_of(as_it_is)):
            raise Refusal(f"{other.number} comes before other work, too: it stays with those who respond to it.")
        owns, works = as_it_is.owner in people, as_it_is.worker in people
        if not owns and not works:
            raise Refusal(f"{other.number} is nobody's who responds to {because_of.number}: it stays where it is.")
        tickets.assign(
            other,
            owner=to if owns else None,
            worker=to if works or as_it_is.worker is None else None,
            by=by,
            now=now,
            reason=f"other work stops for {because_of.number}",
        )
