"""What did another desk do to a ticket, and did it say that its promise was kept?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from tocsin.core.hours import Calendar

# What may have stopped the old desk's clock, the likeliest first: of two that explain as much, the first is taken.
STOPS: Final[Mapping[str, str]] = {
    "solved": "the solution",
    "responded": "the first response",
    "written": "the time of the solution as it was written down afterwards",
    "closed": "the closing",
}
SOLVED: Final = (
    "solved"  # whom a ticket waits for between a solution and its reopening: no clock of a solution counts it
)
_ZERO: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Answered:
    """A ticket of another desk that is over, and the answer to "was its promise kept?".

    `stops` has the instants of those of STOPS that are known; `waits` whom it waited for, from when to when, none
    overlapping another; `kept` the old desk's answer. Instants are aware.
    """

    number: str
    priority: str
    opened_at: datetime
    stops: Mapping[str, datetime]
    waits: tuple[tuple[str, datetime, datetime], ...]
    kept: bool

    def held(self, stop: str) -> list[tuple[str, datetime, datetime]]:
        """The waits as far as they lie between the opening and the stop."""
        end = self.stops[stop]
        found = []
        for party, start, until in self.waits:
            start, until = max(start, self.opened_at), min(until, end)
            if start < until:
                found.append((party, start, until))
        return found

    def used(self, stop: str, paused_by: Collection[str], calendar: Calendar) -> timedelta | None:
        """The working time from the opening to the stop without the waits that pause; None where there was no stop.

        As the real clock reads it: a test holds the two together.
        """
        if stop not in self.stops:
            return None
        out = left_out(stop, paused_by)
        used = calendar.elapsed(self.opened_at, self.stops[stop])
        return used - sum((calendar.elapsed(a, b) for party, a, b in self.held(stop) if party in out), _ZERO)


def left_out(stop: str, paused_by: Collection[str]) -> frozenset[str]:
    """The parties whose waits are not counted: those that pause, and where it stops at a solution the time solved."""
    return frozenset(paused_by) | ({SOLVED} if stop in ("solved", "written") else set())


def halves(tickets: Iterable[Answered]) -> tuple[list[Answered], list[Answered]]:
    """The tickets in two halves, by a hash of their numbers: the same ones on every machine and every day."""
    found: tuple[list[Answered], list[Answered]] = ([], [])
    for ticket in tickets:
        found[crc32(ticket.number.encode()) & 1].append(ticket)
    return found
