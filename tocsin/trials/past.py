"""What did people do to the tickets a standard is tried on?

A past says nothing of what an engine did: that is worked out anew. Nothing here knows a database, so that another
process can have it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tocsin.core.event import Event, Opened, PriorityChanged
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
class Past:
    """A ticket: its number and title, its story, and what was agreed about it.

    `version` is the standard it was opened under; `ranks` and `levels` are that standard's words, in their order.
    """

    number: str
    title: str
    story: tuple[Event, ...]
    contract: Contract
    client_id: int = 0
    version: int = 0
    ranks: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def priority(self) -> str:
        """The one people gave it last: its figures stand there, whatever a rule makes of it."""
        given = [event for event in self.story if event.key is None and isinstance(event, Opened | PriorityChanged)]
        last = given[-1]
        return last.to if isinstance(last, PriorityChanged) else last.priority  # type: ignore[union-attr]
