"""On which tickets is the line stopped, who leads there, and what may not be done meanwhile?

The row says since when and who leads; what was said beside it, and the bridge, are read from the log. (R1.7, R1.13)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tocsin.core.terms import Terms
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act
from tocsin.desk.whose import asked
from tocsin.directory.access import why_not
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here
from tocsin.log.event import Event

STOPPED, STOOD_DOWN, LEADS_NAMED = "line_stopped", "line_stood_down", "leads_named"
BRIDGE_OPENED, BRIDGE_JOINED, BRIDGE_CLOSED = "bridge_opened", "bridge_joined", "bridge_closed"
KINDS = (STOPPED, STOOD_DOWN, LEADS_NAMED, BRIDGE_OPENED, BRIDGE_JOINED, BRIDGE_CLOSED)
INCIDENT_MANAGER, COMMS_LEAD = "incident-manager", "comms-lead"
SOLVED = "it is solved"
DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Bridge:
    """Where those who work on a ticket talk: a link or a number; who opened it, who joined and when, how it ended.

    Who is an actor (person/5), or the name of a guest.
    """

    where: str
    opened_by: str
    opened_at: datetime
    joined: tuple[tuple[str, datetime], ...] = ()
    closed_by: str = ""
    closed_at: datetime | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Major:
    """What a ticket is about on which the line was stopped: by whom, on which conditions; and how it was stood down."""

    by: str
    stopped_at: datetime
    conditions: tuple[str, ...]
    reason: str = ""
    stood_down_by: str = ""
    stood_down_at: datetime | None = None
    stood_down_because: str = ""

    @property
    def is_stopped(self) -> bool:
        return self.stood_down_at is None


@dataclass(slots=True)
class Standing:
    """What is on a ticket's record of stopping the line: the last time it was, and the bridges, the last one last."""

    major: Major | None = None
    bridges: list[Bridge] = field(default_factory=list)

    @property
    def bridge(self) -> Bridge | None:
        """The one that is open."""
        return self.bridges[-1] if self.bridges and self.bridges[-1].is_open else None

    def hear(self, row: Event, data: dict[str, Any]) -> None:
        """An event of one of the KINDS is part of it."""
        at, who = row.effective_at, row.actor
        if row.kind == STOPPED:
            self.major = Major(who, at, tuple(data["conditions"]), data.get("reason", ""))
        elif row.kind == STOOD_DOWN and self.major:
            self.major = replace(
                self.major, stood_down_by=who, stood_down_at=at, stood_down_because=data.get("reason", "")
            )
        elif row.kind == BRIDGE_OPENED:
            self.bridges.append(Bridge(data["where"], who, at))
        elif row.kind == BRIDGE_JOINED and self.bridges:
            last = self.bridges[-1]
            self.bridges[-1] = replace(last, joined=(*last.joined, (data.get("guest") or who, at)))
        elif row.kind == BRIDGE_CLOSED and self.bridges:
            self.bridges[-1] = replace(self.bridges[-1], closed_by=who, closed_at=at, note=data.get("note", ""))


def standing_of(tickets: Iterable[Ticket]) -> dict[int, Standing]:
    """What is on record of each of these tickets, by primary key, read with one query."""
    by_stream = {ticket.stream_name: ticket.pk for ticket in tickets}
    found = {pk: Standing() for pk in by_stream.values()}
    if by_stream:
        for row in Event.objects.filter(stream__in=by_stream, kind__in=KINDS).order_by("stream", "seq"):
            found[by_stream[row.stream]].hear(row, row.data)
    return found


def comes_first(ticket: Ticket, terms: Terms) -> bool:
    """Whether other work stops for it: it is of the top priority, or the line is stopped on it, and it is no drill."""
    return ticket.kind != DRILL and (ticket.stopped_at is not None or ticket.priority == terms.priorities[0])


def responders(ticket: Ticket) -> list[Person]:
    """Whose other work stops: owner and worker, and, while the line is stopped, incident manager and comms lead."""
    leads = (ticket.incident_manager, ticket.comms_lead) if ticket.stopped_at else ()
    found = (here(who) for who in (ticket.owner, ticket.worker, *leads))
    return list(dict.fromkeys(who for who in found if who is not None))


def holder(role: str, ticket: Ticket, terms: Terms, *, at: datetime) -> Person | None:
    """The first of our own people who holds the role for this ticket, and may work on it."""
    found = asked(ticket, role, Holders.of([ticket.client_id], at=at), terms)
    return next((who for who in found if isinstance(who, Person) and not why_not(who, ticket.client)), None)


def may_stand_down(ticket: Ticket, terms: Terms, *, at: datetime) -> list[Person]:
    """The incident manager: the one who is named first, then whoever holds the role."""
    named = here(ticket.incident_manager)
    held = asked(ticket, INCIDENT_MANAGER, Holders.of([ticket.client_id], at=at), terms)
    return list(dict.fromkeys([*([named] if named else []), *(who for who in held if isinstance(who, Person))]))


def who_may(people: Iterable[Person]) -> str:
    """Their names: `Tara, or else Omar`; what to do where there is nobody."""
    names = [who.name for who in people]
    return ", or else ".join(names) if names else "nobody is: name one first"


def hold(done: Act, what: str) -> None:
    """Refuses what would undo a stopped line behind the incident manager's back; `what` would be done to the ticket."""
    ticket = done.ticket
    if ticket.stopped_at is not None:
        raise Refusal(
            f"The line is stopped on {ticket.number}: before it is {what}, the incident manager stands it down "
            f"({who_may(may_stand_down(ticket, done.terms, at=done.now))})."
        )


def end_by_solving(done: Act) -> None:
    """Whoever has solved the ticket has stood the line down with it, and the record says so."""
    if done.ticket.stopped_at is not None:
        done.say(STOOD_DOWN, reason=SOLVED, by_solving=True)
        done.change(stopped_at=None)
