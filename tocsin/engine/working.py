"""What is known and done while the engine has a ticket in hand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tocsin.core.dial import Reading
from tocsin.core.event import Event
from tocsin.core.levels import Climb
from tocsin.core.plan import Obligation
from tocsin.core.terms import Message, Terms
from tocsin.desk import record
from tocsin.desk.facts import Facts, facts_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.whose import asked, role_of
from tocsin.directory.contact import Contact
from tocsin.directory.duty import Duty
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.engine.others import others
from tocsin.log.chain import Draft

ENGINE = "engine"
ANOTHER = "another"  # whoever is told in place of a role that nobody holds
PLAIN = ("step", "threshold")
Recipient = Person | Contact


@dataclass(slots=True)
class Telling:
    """Somebody who is to hear of an obligation: by which role, and in which words (the name of a message).

    `instead_of` is the role nobody holds, in whose place they are asked; `missing` the role the words are about, where
    it is not the reader's own.
    """

    who: Recipient
    role: str
    template: str
    obligation: Obligation
    by: tuple[str, ...] = ()
    instead_of: str = ""
    missing: str = ""


class Known:
    """What is on record about a batch of tickets, read when the first of them has somebody to tell."""

    def __init__(self, tickets: Sequence[Ticket]) -> None:
        self.tickets = tickets
        self.found: dict[int, Facts] | None = None

    def of(self, ticket: Ticket) -> Facts:
        if self.found is None:
            self.found = facts_of(self.tickets)
        return self.found[ticket.pk]


@dataclass(slots=True)
class Working:
    """A locked ticket, its story so far and what will be written of this turn.

    A drafted event joins the story at once, with the place it will have, so that the next planning knows it. `readings`
    and `standing` are those of the last planning: what is drafted after it moves no clock, and no level until it is
    planned anew.
    """

    ticket: Ticket
    terms: Terms
    story: list[Event]
    now: datetime
    roster: Holders
    known: Known
    drafts: list[Draft] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    standing: Climb | None = None

    def put(self, event: Event, *, kind: str | None = None, **data: Any) -> None:
        """A core event will be on record, written by the engine."""
        drafted = record.draft(event, actor=ENGINE, kind=kind, **data)
        self.drafts.append(drafted)
        placed = record.read(
            drafted.kind, event.at, self.now, self.ticket.head_seq + len(self.drafts), event.key, None, drafted.data
        )
        if placed is not None:
            self.story.append(placed)

    def facts(self) -> Facts:
        """What is on record about the ticket, for those who are told."""
        return self.known.of(self.ticket)

    def escalation(self, seq: int) -> dict[str, Any]:
        """What the escalation with this place in the log says, if it is being drafted now."""
        place = seq - self.ticket.head_seq - 1
        return self.drafts[place].data if 0 <= place < len(self.drafts) else {}

    def holders(self, role: str) -> list[Recipient]:
        """Who holds the role on this ticket: first come, first told."""
        return asked(self.ticket, role, self.roster, self.terms)

    def hole(self, role: str) -> Duty | None:
        """The roster of the role by which nobody is on duty now, so that another is asked; None where somebody is."""
        return self.roster.hole(role_of(self.ticket, role), self.ticket.client_id)

    def another(self) -> Person | None:
        """Who else of ours is told where nobody holds the role; None where nobody at all can be reached."""
        return next(others(self.roster, self.ticket.client_id, self.ticket, self.terms), None)

    def message(self, name: str) -> Message:
        """The text of this name, or the plain one where the standard has none."""
        messages = self.terms.messages
        return messages.get(name) or messages[next(plain for plain in PLAIN if plain in messages)]
