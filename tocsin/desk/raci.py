"""Who does what on this ticket, who answers for it, who is asked and who is told, by name?

The standard says it by roles and levels; who holds those is looked up. Every escalation and every stopped line keeps
the names of its own instant, whoever holds the roles later. (R17.1, R17.5)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tocsin.core.practice import Activity
from tocsin.core.terms import Terms
from tocsin.desk.stopped import COMMS_LEAD, INCIDENT_MANAGER
from tocsin.desk.ticket import Ticket
from tocsin.desk.whose import asked
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.log.event import Event

FREEZE: Final = ("escalated", "line_stopped")
PARTS: Final = ("responsible", "accountable", "consulted", "informed")


@dataclass(frozen=True, slots=True)
class Line:
    """One activity: for each part of it the roles, each with the actors who hold it."""

    activity: Activity
    held: Mapping[str, tuple[str, ...]]

    def part(self, name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The roles of one of the PARTS, each with who holds it."""
        said = getattr(self.activity, name)
        return tuple((role, self.held.get(role, ())) for role in ((said,) if isinstance(said, str) else said))


@dataclass(frozen=True, slots=True)
class Raci:
    """All of it: as it was frozen by the event at `place` (0: as of now)."""

    lines: tuple[Line, ...]
    place: int = 0
    at: datetime | None = None
    why: str = ""

    @property
    def actors(self) -> set[str]:
        return {who for line in self.lines for held in line.held.values() for who in held}


def roles_in(terms: Terms) -> list[str]:
    """Every role and level that the standard's activities name, each once."""
    found: dict[str, None] = {}
    for each in terms.practice.raci.values():
        found |= dict.fromkeys((*each.responsible, each.accountable, *each.consulted, *each.informed))
    return list(found)


def frozen(
    ticket: Ticket,
    terms: Terms,
    roster: Holders | None = None,
    *,
    at: datetime,
    leads: Mapping[str, Person | None] | None = None,
) -> dict[str, Any]:
    """What an event that freezes it has on record: role → actors who hold it; nothing where the standard says none.

    `leads` are named for this ticket, whoever holds their role elsewhere: those of the stopped line unless given.
    """
    roles = roles_in(terms)
    if not roles:
        return {}
    roster = roster or Holders.of([ticket.client_id], at=at)
    held = {role: [who.actor for who in asked(ticket, role, roster, terms)] for role in roles}
    if leads is None and ticket.stopped_at is not None:
        leads = {INCIDENT_MANAGER: ticket.incident_manager, COMMS_LEAD: ticket.comms_lead}
    held |= {role: [who.actor] for role, who in (leads or {}).items() if who is not None and role in held}
    return {"raci": held}


def raci_of(ticket: Ticket, terms: Terms, rows: Iterable[Event], *, at: datetime) -> Raci | None:
    """Who does what on the ticket: as its last escalation or stopped line froze it, else as of now.

    None where the standard does not say.
    """
    activities = terms.practice.raci.values()
    if not activities:
        return None
    last = next((row for row in reversed(list(rows)) if row.kind in FREEZE and row.data.get("raci")), None)
    if last is None:
        held = frozen(ticket, terms, at=at)["raci"]
        return Raci(_lines(activities, held))
    why = "as the line was stopped" if last.kind == "line_stopped" else f"as it was escalated to {last.data['to']}"
    return Raci(_lines(activities, last.data["raci"]), last.seq, last.effective_at, why)


def _lines(activities: Iterable[Activity], held: Mapping[str, Iterable[str]]) -> tuple[Line, ...]:
    known = {role: tuple(who) for role, who in held.items()}
    return tuple(Line(each, known) for each in activities)
