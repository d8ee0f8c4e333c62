"""What did people do to the tickets a standard is tried on?

A past says nothing of what an engine did: that is worked out anew. Nothing here knows a database, so that another
process can have it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tocsin.core.event import Event, Moved, Opened, PriorityChanged
from tocsin.core.hours import Calendar


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed besides the standard: support hours and differences, both as JSON text, and the service.

    `untold`: an export says nothing of answers to the client, so only what a solution alone meets is promised.
    """

    hours: str
    overrides: str = "{}"
    service: str | None = None
    untold: bool = False


EXPORTED = Contract(json.dumps(Calendar.always().spec()), untold=True)


@dataclass(frozen=True, slots=True)
class Worked:
    """By what a ticket is worked from a move on: the standard with its words, and what was agreed by then."""

    version: int
    contract: Contract
    ranks: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """A ticket: its number and title, its story, and what was agreed about it.

    `version` is the standard it was opened under; `ranks` and `levels` are that standard's words, in their order.
    `moved` has by what it was worked after each time it was moved to another version.
    """

    number: str
    title: str
    story: tuple[Event, ...]
    contract: Contract
    client_id: int = 0
    version: int = 0
    ranks: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    moved: tuple[Worked, ...] = ()

    @property
    def worked(self) -> tuple[Worked, ...]:
        """By what it was worked in turn, from its opening on."""
        return Worked(self.version, self.contract, self.ranks, self.levels), *self.moved

    @property
    def priority(self) -> str:
        """The one people gave it last, as it is called now: its figures stand there, whatever a rule makes of it."""
        priority = ""
        for event in self.story:
            if isinstance(event, Moved):
                priority = dict(event.priorities).get(priority, priority)
            elif event.key is None and isinstance(event, Opened):
                priority = event.priority
            elif event.key is None and isinstance(event, PriorityChanged):
                priority = event.to
        return priority
