"""Which promises to a client were kept, which were broken, and on which tickets?

Each lap counts once, in the period of its standing verdict, as approved corrections have it; what runs, runs now, and
is broken once its time is over, engine or not. Drills, what ended void, and what an import does not tell (how what it
left open ended, too) are in no figure. (semantics 9)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from tocsin.core import metrics
from tocsin.core.clock import as_corrected, fold
from tocsin.core.dial import Reading
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.standard.terms import kinds_of, terms_of

Verdict = Literal["kept", "broken", "running"]
VERDICTS: tuple[Verdict, ...] = ("kept", "broken", "running")
OF: dict[str, Verdict] = {"met": "kept", "breached": "broken"}
FIRST = ("response", "resolution", "client_notified", "next_update")
LONG = timedelta(days=90)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until `end` (aware UTC, half-open); `now` is in it where it is `open`."""

    name: str
    label: str
    start: datetime
    end: datetime
    open: bool

    def has(self, lap: Lap) -> bool:
        """Whether the lap's verdict fell into it; what runs, runs in those that are not over."""
        return self.open if lap.at is None else self.start <= lap.at < self.end


@dataclass(frozen=True, slots=True)
class Lap:
    """`count` laps of one clock on one ticket with one verdict, reached `at`, or in the same periods as then.

    `at` is None for what runs.
    """

    ticket: int
    clock: str
    kind: str
    verdict: Verdict
    at: datetime | None
    count: int = 1


@dataclass(slots=True)
class Figure:
    """How many laps were kept, broken or run, and on which tickets, by primary key."""

    tickets: dict[Verdict, dict[int, int]] = field(default_factory=lambda: {verdict: {} for verdict in VERDICTS})

    def add(self, lap: Lap) -> None:
        found = self.tickets[lap.verdict]
        found[lap.ticket] = found.get(lap.ticket, 0) + lap.count

    def count(self, verdict: Verdict) -> int:
        return sum(self.tickets[verdict].values())

    @property
    def kept(self) -> int:
        return self.count("kept")

    @property
    def broken(self) -> int:
        return self.count("broken")

    @property
    def running(self) -> int:
        return self.count("running")

    @property
    def attainment(self) -> str:
        """kept / (kept + broken); with neither "no data", never 100 %."""
        return metrics.percent(metrics.attainment(self.kept, self.broken))


Line = tuple[str, str]  # a clock, and whether it is a target or a guarantee (R2.9)


def periods(zone: str, now: datetime) -> tuple[Period, ...]:
    """This month and the last, by the calendar on the client's wall, and the last 90 days."""
    here = ZoneInfo(zone or "UTC")
    this = now.astimezone(here).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (this - timedelta(days=1)).replace(day=1, hour=0)
    end = now + timedelta(microseconds=1)
    starts = [each.astimezone(now.tzinfo) for each in (this, last)]
    return (
        Period("this-month", f"{this:%B}", starts[0], end, open=True),
        Period("last-month", f"{last:%B}", starts[1], starts[0], open=False),
        Period("90-days", "Last 90 days", now - LONG, end, open=True),
    )


def figures(tickets: QuerySet[Ticket], over: Iterable[Period], *, now: datetime) -> dict[Line, dict[str, Figure]]:
    """For each clock that was promised on any of the tickets, its figure in each period, by the period's name.

    Read off the tickets' stored readings; the log is read only where earlier laps of a clock may lie in two periods, or
    its time is over and no engine has said so.
    """
    over = list(over)
    found: dict[Line, dict[str, Figure]] = {}
    for lap in laps(tickets, edges=[each.start for each in over], now=now):
        here = [each for each in over if each.has(lap)]
        if here:
            line = (lap.clock, lap.kind)
            if line not in found:
                found[line] = {each.name: Figure() for each in over}
            for each in here:
                found[line][each.name].add(lap)
    return dict(sorted(found.items(), key=lambda each: _place(each[0])))


def laps(tickets: QuerySet[Ticket], *, edges: list[datetime], now: datetime) -> Iterator[Lap]:
    """Every lap of the tickets with a verdict since the first of the edges, and those that run."""
    told = tickets.exclude(kind="drill").filter(Q(closed_at=None) | Q(closed_at__gte=min(edges)))
    columns = ("pk", "imported", "reading", "reported_at", "closed_at", "policy_version")
    again: dict[int, list[str]] = {}
    for pk, imported, reading, reported_at, closed_at, version in told.values_list(*columns).iterator(chunk_size=2000):
        kinds = kinds_of(version)
        split = any(reported_at < edge <= (closed_at or now) for edge in edges)
        for clock, recorded in json.loads(reading).items():
            if imported and clock != "resolution":
                continue
            said = recorded.get("corrected", recorded)
            if (said["laps"] and split) or (not imported and _past(said, now)):
                again.setdefault(pk, []).append(clock)
                continue
            kind = kinds.get(clock, "target")
            yield from _current(pk, clock, kind, said, ends=not imported)
            for verdict, count in said["laps"].items():
                if verdict in OF:
                    yield Lap(pk, clock, kind, OF[verdict], closed_at or now, count)
    numbers = list(again)
    for at in range(0, len(numbers), BATCH):
        yield from _from_the_log(numbers[at : at + BATCH], again, now)


def _past(said: dict[str, Any], now: datetime) -> bool:
    """Whether its time may be over though nobody put that on record: no engine ran, and the log must be asked."""
    open_still = said["state"] == "running" and said["verdict"] == "open" and said["due_at"]
    return bool(open_still) and datetime.fromisoformat(said["due_at"]) < now


def _current(pk: int, clock: str, kind: str, said: dict[str, Any], *, ends: bool) -> Iterator[Lap]:
    """What has a verdict, and what runs where somebody will say how it `ends`: of what was imported nobody will."""
    verdict = OF.get(said["verdict"])
    if verdict is not None:
        at = said["met_at"] if verdict == "kept" else said["breached_at"]
        yield Lap(pk, clock, kind, verdict, datetime.fromisoformat(at))
    elif ends and said["state"] in ("running", "paused"):
        yield Lap(pk, clock, kind, "running", None)


def _from_the_log(numbers: list[int], clocks: dict[int, list[str]], now: datetime) -> Iterator[Lap]:
    found = list(Ticket.objects.filter(pk__in=numbers).select_related("service"))
    stories = stories_of(found)
    for ticket in found:
        story = stories.get(ticket.stream_name)
        if not story:
            continue  # its log is gone: the chain's own check names that, and the others still count
        terms, kinds = terms_of(ticket), kinds_of(ticket.policy_version_id)
        for name in clocks[ticket.pk]:
            clock = terms.clocks[name]
            reading = as_corrected(story, clock, now) or fold(story, clock, now)
            for each in (*reading.laps, reading):
                yield from _lap(ticket.pk, name, kinds.get(name, "target"), each, last=each is reading)


def _lap(pk: int, clock: str, kind: str, reading: Reading, *, last: bool) -> Iterator[Lap]:
    verdict = OF.get(reading.verdict)
    if verdict is not None:
        yield Lap(pk, clock, kind, verdict, reading.met_at if verdict == "kept" else reading.breached_at)
    elif last and reading.state in ("running", "paused"):
        yield Lap(pk, clock, kind, "running", None)


def _place(line: Line) -> tuple[int, str, str]:
    clock, kind = line
    return FIRST.index(clock) if clock in FIRST else len(FIRST), clock, kind
