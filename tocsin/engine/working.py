"""What is known and done while the engine has a ticket in hand?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tocsin.core.event import Event
from tocsin.core.plan import Obligation
from tocsin.core.terms import Terms
from tocsin.desk import record
from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.log.chain import Draft

ENGINE = "engine"
Recipient = Person | Contact


@dataclass(slots=True)
class Telling:
    """Somebody who is to hear of an obligation: by which role, and in which words (the name of a message)."""

    who: Recipient
    role: str
    template: str
    obligation: Obligation
    by: tuple[str, ...] = ()


@dataclass(slots=True)
class Working:
    """A locked ticket, its story so far and what will be written of this turn.

    A drafted event joins the story at once, with the place it will have, so that the next planning knows it.
    """

    ticket: Ticket
    terms: Terms
    story: list[Event]
    now: datetime
    roster: Holders
    drafts: list[Draft] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)

    def put(self, event: Event, *, kind: str | None = None, **data: Any) -> None:
        """A core event will be on record, written by the engine."""
        drafted = record.draft(event, actor=ENGINE, kind=kind, **data)
        self.drafts.append(drafted)
        placed = record.read(
            drafted.kind, event.at, self.now, self.ticket.head_seq + len(self.drafts), event.key, None, drafted.data
        )
        if placed is not None:
            self.story.append(placed)

    def holders(self, role: str) -> list[Recipient]:
        """Who holds the role on this ticket: first come, first told."""
        ticket = self.ticket
        if role == "owner":
            return [ticket.owner] if ticket.owner else self.holders(ticket.level)
        if role == "worker":
            return [ticket.worker] if ticket.worker else self.holders("owner")
        if role in ("contact", "primary-contact") and ticket.contact is not None:
            return [ticket.contact]
        return self.roster.holders(role, ticket.client_id)
