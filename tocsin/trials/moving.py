"""What would moving these open tickets to another version do, and who moves them?

The preview shows every due time that moves; the move is an event on each ticket. (semantics 2: changing policies)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tocsin.desk.moving import Names, Preview, move, preview
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory.person import Person
from tocsin.standard.version import PolicyVersion


def previews(
    tickets: Iterable[Ticket],
    version: PolicyVersion,
    *,
    now: datetime,
    priorities: Names | None = None,
    levels: Names | None = None,
) -> list[Preview]:
    """What it would do to each of them: first those that would be broken, then those that cannot be moved.

    Nothing is stored.
    """
    found = [preview(ticket, version, now=now, priorities=priorities, levels=levels) for ticket in tickets]
    return sorted(found, key=lambda each: (not each.breaks, not each.refusal))


def move_all(
    tickets: Iterable[Ticket],
    version: PolicyVersion,
    *,
    by: Person | str,
    why: str,
    now: datetime,
    priorities: Names | None = None,
    levels: Names | None = None,
) -> tuple[list[Ticket], dict[str, str]]:
    """Each that can be moved is, by an act of its own; returns those, and why the others are not, by number."""
    moved: list[Ticket] = []
    refused: dict[str, str] = {}
    for ticket in tickets:
        try:
            move(ticket, version, by=by, why=why, now=now, priorities=priorities, levels=levels)
        except Refusal as refusal:
            refused[ticket.number] = str(refusal)
        else:
            moved.append(ticket)
    return moved, refused
