"""How many promises were kept, by priority and clock, and how long did it take?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tocsin.core import metrics
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client
from tocsin.standard.terms import kinds_of

NOT_RECORDED = "not recorded"
NOTE = (
    "Attainment is met / (met + breached), cut to a tenth; what runs or waits is in neither. Median and p90 (nearest\n"
    "rank): elapsed time from reporting to the act that stopped the clock. A ticket counts at its priority of now.\n"
    "A target is aimed at, a guarantee is owed; approved corrections are made, and what they corrected is shown below."
)
_HEAD = ("priority", "clock", "promise", "met", "breached", "running", "attainment", "median", "p90")
_RESOLUTION = "resolution"
_FIRST = ("response", _RESOLUTION)


class NoSuchClient(LookupError):
    """Nobody has that slug; the sentence says what there is."""


@dataclass(slots=True)
class Line:
    """The laps of one clock at one priority; `kind` says whether it is a target or a guarantee. (R2.9)

    `running` counts those without a verdict yet, paused ones too; void ones are in no figure. `times` holds how long
    each ticket took, once the clock was stopped. `recorded` is false where no ticket tells what would stop the clock,
    as with the first response of imported ones: no figure is made of that. `met` and `breached` are as approved
    corrections have them; `recorded_met` and `recorded_breached` are what they were. (semantics 9)
    """

    priority: str
    clock: str
    kind: str = "target"
    met: int = 0
    breached: int = 0
    running: int = 0
    recorded_met: int = 0
    recorded_breached: int = 0
    times: list[timedelta] = field(default_factory=list)
    recorded: bool = True


def gather(*, client: str | None = None) -> list[Line]:
    """A line per priority, clock and kind of promise that any ticket of the desk, or of this client (a slug), has.

    Read off the tickets' stored readings, which are those of their last event. Drills are in no figure.
    """
    tickets = Ticket.objects.exclude(kind="drill")
    if client is not None:
        if not Client.objects.filter(slug=client).exists():
            known = ", ".join(Client.objects.values_list("slug", flat=True)[:20]) or "nobody yet"
            raise NoSuchClient(f"There is no client {client!r}; there is {known}.")
        tickets = tickets.filter(client__slug=client)
    lines: dict[tuple[str, str, str], Line] = {}
    untold: set[tuple[str, str, str]] = set()
    columns = ("priority", "imported", "reading", "reported_at", "solved_at", "policy_version")
    for priority, imported, reading, reported_at, solved_at, version in tickets.values_list(*columns).iterator(
        chunk_size=2000
    ):
        kinds = kinds_of(version)
        for clock, recorded in json.loads(reading).items():
            place = priority, clock, kinds.get(clock, "target")
            if imported and clock != _RESOLUTION:
                untold.add(place)
                continue
            said = recorded.get("corrected", recorded)
            if _void(recorded) and _void(said):
                continue
            line = lines.setdefault(place, Line(*place))
            _count(line, said, recorded)
            stopped_at = solved_at if clock == _RESOLUTION else _stopped_at(said)
            if stopped_at is not None:
                line.times.append(stopped_at - reported_at)
    for place in untold - lines.keys():
        lines[place] = Line(*place, recorded=False)
    return sorted(lines.values(), key=_place)


def _void(said: dict[str, Any]) -> bool:
    return said["state"] == "void" and said["verdict"] == "open" and not said["laps"]


def _count(line: Line, said: dict[str, Any], recorded: dict[str, Any]) -> None:
    line.met += _laps(said, "met")
    line.breached += _laps(said, "breached")
    line.recorded_met += _laps(recorded, "met")
    line.recorded_breached += _laps(recorded, "breached")
    if said["verdict"] == "open" and said["state"] in ("running", "paused"):
        line.running += 1


def _laps(said: dict[str, Any], verdict: str) -> int:
    """How many laps have this verdict, the current one included."""
    return int(said["laps"].get(verdict, 0)) + (said["verdict"] == verdict)


def _stopped_at(said: dict[str, Any]) -> datetime | None:
    """When a clock of one lap was stopped; many laps have no one time from the reporting."""
    at = said["stopped_at"] if said["state"] == "stopped" and not said["laps"] else None
    return datetime.fromisoformat(at) if at else None


def _place(line: Line) -> tuple[str, int, str, str]:
    return line.priority, _FIRST.index(line.clock) if line.clock in _FIRST else len(_FIRST), line.clock, line.kind


def cells(line: Line) -> tuple[str, ...]:
    """The line as it is shown, in the order of the table's head."""
    if not line.recorded:
        return (line.priority, line.clock, line.kind, NOT_RECORDED, "", "", "", "", "")
    return (
        line.priority,
        line.clock,
        line.kind,
        f"{line.met:,}",
        f"{line.breached:,}",
        f"{line.running:,}",
        metrics.percent(metrics.attainment(line.met, line.breached)),
        metrics.hours(metrics.median(line.times)),
        metrics.hours(metrics.percentile(line.times, 90)),
    )


def table(lines: Iterable[Line]) -> str:
    """The lines under their head as text in columns, words to the left, figures to the right; then what they mean.

    What approved corrections have moved stands below, as it was recorded.
    """
    lines = list(lines)
    rows = [_HEAD, *(cells(line) for line in lines)]
    if len(rows) == 1:
        return metrics.NO_DATA
    # What is not recorded is a sentence that runs on over the columns it has no figures for.
    widths = [max(len(row[column]) for row in rows if row[column] != NOT_RECORDED) for column in range(len(_HEAD))]
    was = [_was(line) for line in lines if (line.met, line.breached) != (line.recorded_met, line.recorded_breached)]
    return "\n".join([*(_aligned(row, widths) for row in rows), "", NOTE, *(["", "Corrected:", *was] if was else [])])


def _was(line: Line) -> str:
    met, breached = line.recorded_met, line.recorded_breached
    attained = metrics.percent(metrics.attainment(met, breached))
    return f"{line.priority} {line.clock} ({line.kind}) was {attained} as recorded: {met:,} met, {breached:,} breached"


def _aligned(row: tuple[str, ...], widths: Sequence[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:3], widths[:3], strict=True)]
    figures = [cell.rjust(width) for cell, width in zip(row[3:], widths[3:], strict=True)]
    return "  ".join([*words, NOT_RECORDED] if NOT_RECORDED in row else [*words, *figures]).rstrip()
