"""Which tickets of another desk's export come with an answer to "was its promise kept?", and what is known of them?

Two formats: the UCI 498 log (`made_sla` of an incident's last row), and a plain sheet that any desk can export, with
the columns of SHEET. Stamps without an offset are wall time of the zone given. (R16.6)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from tocsin.core import zone as zones
from tocsin.core.infer.history import SOLVED, Answered
from tocsin.imports import uci498
from tocsin.imports.sheet import Fault, Line, Progress, lines

SHEET: Final = ("number", "priority", "opened_at", "responded_at", "solved_at", "closed_at", "waits", "kept")
_YES: Final = ("yes", "true", "1", "met", "kept")
_NO: Final = ("no", "false", "0", "breached", "missed")
_NAME: Final = re.compile(r"[\w-]+", re.ASCII)
_WAIT: Final = re.compile(r"([\w-]+) (\S+(?: [\d:.+Z-]+)?) to (\S+(?: [\d:.+Z-]+)?)", re.ASCII)
_ANSWER: Final = uci498.FACTS.index("made_sla")
_WRITTEN: Final = uci498.AFTERWARDS.index("resolved_at")


class _Bad(ValueError):
    """What is wrong with a line."""


@dataclass(frozen=True, slots=True)
class Past:
    """The tickets with an answer, what was left out and why, and what the format itself cannot tell."""

    tickets: Sequence[Answered]
    faults: Sequence[Fault]
    says: str


def sheet(path: Path, *, zone: str, progress: Progress | None = None) -> Past:
    """A plain sheet: a line a ticket; see docs/infer.md for its columns."""
    tickets: dict[str, Answered] = {}
    faults = []
    for line in lines(path, SHEET, progress=progress):
        if isinstance(line, Fault):
            faults.append(line)
            continue
        try:
            ticket = _ticket(line, zone)
            if ticket.number in tickets:
                raise _Bad(f"is about {ticket.number} again: one line a ticket")
            tickets[ticket.number] = ticket
        except _Bad as wrong:
            faults.append(Fault(line.number, str(wrong)))
    return Past(list(tickets.values()), faults, f"Stamps without an offset were read as wall time in {zone}.")


def log_498(path: Path, *, zone: str, progress: Progress | None = None) -> Past:
    """The UCI 498 event log: a ticket for each incident that is over and whose last row has made_sla."""
    incidents, faults = uci498.incidents(uci498.read(path, progress=progress))
    found = (_incident(number, rows) for number, rows in incidents.items())
    return Past([ticket for ticket in found if ticket is not None], faults, uci498.SAYS)


FORMATS: Final[Mapping[str, Callable[..., Past]]] = {"sheet": sheet, uci498.ORIGIN: log_498}


def _ticket(line: Line, zone: str) -> Answered:
    number, priority, opened, responded, solved, closed, waits, kept = (cell.strip() for cell in line.cells)
    if not number:
        raise _Bad("has no number")
    if not _NAME.fullmatch(priority):
        raise _Bad(f"priority is {priority!r}: write letters, digits, - and _ only, such as P1")
    if kept.lower() not in (*_YES, *_NO):
        raise _Bad(f"kept is {kept!r}: write yes or no")
    opened_at = _stamp("opened_at", opened, zone)
    given = {"responded": ("responded_at", responded), "solved": ("solved_at", solved), "closed": ("closed_at", closed)}
    stops = {stop: _stamp(column, text, zone) for stop, (column, text) in given.items() if text}
    if not stops:
        raise _Bad("has neither responded_at nor solved_at nor closed_at: it is not over")
    for stop, at in stops.items():
        if at < opened_at:
            raise _Bad(f"{given[stop][0]} lies before opened_at")
    if "responded" in stops and "solved" in stops:  # a solution answers, too
        stops["responded"] = min(stops["responded"], stops["solved"])
    return Answered(number, priority, opened_at, stops, _waits(waits, zone), kept.lower() in _YES)


def _waits(text: str, zone: str) -> tuple[tuple[str, datetime, datetime], ...]:
    found = []
    for part in filter(None, map(str.strip, text.split(";"))):
        written = _WAIT.fullmatch(part)
        if written is None:
            raise _Bad(f"waits has {part!r}: write client 2026-01-05T10:00 to 2026-01-05T12:00, the next after a ;")
        start, until = _stamp("waits", written[2], zone), _stamp("waits", written[3], zone)
        if until < start:
            raise _Bad(f"waits has {part!r}, which ends before it begins")
        found.append((written[1], start, until))
    found.sort(key=lambda wait: wait[1])
    for (_, _, until), (_, start, _) in pairwise(found):
        if start < until:
            raise _Bad("has two waits at the same time: a ticket waits for one party at a time")
    return tuple(found)


def _stamp(column: str, text: str, zone: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _Bad(f"{column} is {text!r}: write it as 2026-01-05T10:00 or 2026-01-05T10:00+01:00") from None
    if at.year not in uci498.YEARS:
        raise _Bad(f"{column} is {text!r}: its year is one from {uci498.YEARS[0]} to {uci498.YEARS[-1]}")
    return zones.instant(zone, at) if at.tzinfo is None else at.astimezone(UTC)


def _incident(number: str, rows: Sequence[uci498.Row]) -> Answered | None:
    last = sorted(rows, key=lambda row: row.updated_at)[-1]  # of one minute the last in the file
    answer = last.facts[_ANSWER]
    if answer is None:
        return None
    told = [happening for act in uci498.history(rows) for happening in act.happenings]
    stops: dict[str, datetime] = {}
    waits: list[tuple[str, datetime, datetime]] = []
    waiting: tuple[str, datetime] | None = None
    for happening in told:
        at = happening.effective_at
        if happening.kind in ("resumed", "solved", "reopened"):
            if waiting and waiting[1] < at:
                waits.append((*waiting, at))
            waiting = None
        if happening.kind == "paused":
            waiting = (str(happening.data["on"]), at)
        elif happening.kind == "solved":
            stops["solved"], waiting = at, (SOLVED, at)
        elif happening.kind == "closed":
            stops["closed"] = at
    written = uci498.instant(last.afterwards[_WRITTEN] or "")
    if written is not None and written >= told[0].effective_at:
        stops["written"] = written
    if "solved" not in stops and "closed" not in stops:
        return None
    return Answered(number, last.priority, told[0].effective_at, stops, tuple(waits), answer == "true")
