"""Who does what on this ticket, as its page shows it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.terms import Terms
from tocsin.desk.names import Names
from tocsin.desk.raci import PARTS, Raci, raci_of
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event


@dataclass(frozen=True, slots=True)
class Shown:
    """An activity, and for each of the four parts its roles, each with the names of who holds it."""

    title: str
    parts: list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Card:
    raci: Raci
    lines: list[Shown]


def card(ticket: Ticket, terms: Terms, rows: Iterable[Event], at: datetime) -> Card | None:
    """None where the standard does not say who does what."""
    found = raci_of(ticket, terms, rows, at=at)
    if found is None:
        return None
    names = Names(found.actors)
    lines = []
    for line in found.lines:
        parts = []
        for part in PARTS:
            roles = [
                (terms.titles.get(role, role), ", ".join(names(who) for who in held) or "nobody")
                for role, held in line.part(part)
            ]
            if roles:
                parts.append((part.capitalize(), roles))
        lines.append(Shown(line.activity.title, parts))
    return Card(found, lines)
