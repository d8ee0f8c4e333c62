"""What does a clock show, and what does its ledger say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from tocsin.core.lap import ZERO, Lap, Run, State
from tocsin.core.promise import Promise

Verdict = Literal["open", "met", "breached"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger: from `start` to `end` (UTC, half-open) `counted` of working time, and why.

    `kind` is counted, closed (outside the calendar's hours), paused, solved, carried (brought along, not counted here)
    or moved (from here on it is counted by another version).
    """

    kind: str
    start: datetime
    end: datetime
    counted: timedelta
    reason: str


class Reading:
    """What a clock says about its current lap; `laps` are the readings of those before.

    state: running, paused, stopped or void. verdict: open, met or breached. consumed, remaining: working time on the
    binding promise (remaining goes below zero). due_at, breached_at, met_at, stopped_at: aware UTC instants or None.
    anchor: the sequence number of the event that began the lap; index: which interval of silence it is (semantics 4).
    thresholds: percent → the instant it was reached. It is worked out as it is asked. (semantics 2)
    """

    def __init__(self, lap: Lap, now: datetime, laps: tuple[Reading, ...] = ()) -> None:
        """Of a lap that has been counted up to `now`, and is counted no more."""
        self.laps = laps
        self._lap = lap
        self._now = now

    @classmethod
    def nothing(cls, name: str, now: datetime) -> Reading:
        """The reading of a clock that promises nothing."""
        lap = Lap(name, 0, now, ())
        lap.state = "void"
        return cls(lap, now)

    @property
    def name(self) -> str:
        return self._lap.name

    @property
    def state(self) -> State:
        return self._lap.state

    @property
    def verdict(self) -> Verdict:
        return "breached" if self._lap.breached_at else "met" if self._lap.met_at else "open"

    @property
    def anchor(self) -> int:
        return self._lap.anchor

    @property
    def index(self) -> int:
        return self._lap.index

    @property
    def started_at(self) -> datetime | None:
        return self._lap.started_at if self._lap.anchor else None

    @property
    def stopped_at(self) -> datetime | None:
        return self._lap.stopped_at

    @property
    def breached_at(self) -> datetime | None:
        return self._lap.breached_at

    @property
    def broken(self) -> Promise | None:
        """The promise that was not kept, the first of them; None where all were, so far."""
        return self._lap.broken

    @property
    def met_at(self) -> datetime | None:
        return self._lap.met_at if self._lap.breached_at is None else None

    @property
    def thresholds(self) -> Mapping[int, datetime]:
        return self._lap.reached

    @property
    def consumed(self) -> timedelta:
        return self._run.consumed if self._run else ZERO

    @property
    def remaining(self) -> timedelta:
        return self._run.promise.budget - self._run.consumed if self._run else ZERO

    @property
    def due_at(self) -> datetime | None:
        return self._bound[1] if self._bound and self.state in ("running", "stopped") else None

    @property
    def missed(self) -> tuple[Reading, ...]:
        """The intervals of this silence that passed without a word, the first first. (semantics 4)"""
        if self.index == 1:
            return ()
        return tuple(
            lap for lap in self.laps if lap.anchor == self.anchor and lap.breached_at and lap.index < self.index
        )

    @property
    def overdue_since(self) -> datetime | None:
        """When the first of the intervals missed was due, while the silence lasts; None where none was missed."""
        if self.state not in ("running", "paused") or not (missed := self.missed):
            return None
        return missed[0].due_at or missed[0].breached_at

    @property
    def owed_at(self) -> datetime | None:
        """By when it is owed, or was: a new interval makes what was promised for the first no less late."""
        return self.due_at and (self.overdue_since or self.due_at)

    def place(self, places: Mapping[int, int]) -> None:
        """The events that began its laps stand at other places now."""
        for each in (*self.laps, self):
            each._lap.anchor = places.get(each._lap.anchor, each._lap.anchor)

    @cached_property
    def _bound(self) -> tuple[Run, datetime] | None:
        return self._lap.final or self._lap.binding(self._now)

    @property
    def _run(self) -> Run | None:
        return self._bound[0] if self._bound else None

    @property
    def promises(self) -> tuple[Promise, ...]:
        """The promises of an unfinished lap, each with what it has consumed, the binding one first."""
        if self.state not in ("running", "paused"):
            return ()
        runs = sorted(self._lap.runs, key=lambda run: run is not self._run)
        return tuple(run.promise._replace(consumed=run.consumed) for run in runs)

    @property
    def binding(self) -> Promise | None:
        """The promise that decides, None when nothing is promised."""
        return self._run.promise._replace(consumed=self._run.consumed) if self._run else None

    @property
    def used(self) -> float:
        """How much of the binding promise is used, as a share of one, for people to look at."""
        return self.consumed / self._run.promise.budget if self._run and self._run.promise.budget else 0.0

    @property
    def kept_until(self) -> datetime | None:
        """The last instant at which it can still be kept as things stand; None when that is settled or held."""
        if self.state != "running" or self.breached_at is not None:
            return None
        return min((kept for run in self._lap.runs if (kept := run.kept_until())), default=None)

    @property
    def pending(self) -> tuple[int, ...]:
        """The thresholds not reached yet, the nearest first."""
        return self._lap.pending if self.state == "running" else ()

    def reaches(self, percent: int) -> datetime | None:
        """When it will reach this one of those `pending`, if nothing else happens."""
        return min((at for run in self._lap.runs if (at := run.share_at(percent))), default=None)

    @cached_property
    def ledger(self) -> tuple[Entry, ...]:
        """Every span of the lap, counted or not, and why; what is counted adds up to `consumed`. (R2.11)"""
        return tuple(self._told(self._run, self._now)) if self._run else ()

    def _told(self, run: Run, until: datetime) -> list[Entry]:
        """The lines of a promise up to `until`, those before the ticket was moved first."""
        lines = self._told(run.before, run.moved_at) if run.before is not None and run.moved_at is not None else []
        lines += self._lines(run, until)
        notes = [Entry("moved", at, at, ZERO, why) for at, why in run.notes if at <= until]
        return sorted([*notes, *lines], key=lambda entry: entry.start) if notes else lines

    def _lines(self, run: Run, until: datetime) -> Iterator[Entry]:
        promise = run.promise
        hours = promise.calendar.name or promise.calendar.zone
        since = run.moved_at or promise.since
        if promise.consumed and run.before is None:
            yield Entry("carried", since, since, promise.consumed, f"brought along, {promise.origin}")
        for start, end, doing in self._lap.used_spans(self._now):
            start, end = max(start, since), min(end, until)
            if start >= end:
                continue
            if doing != "running":
                yield Entry("solved" if doing == "solved" else "paused", start, end, ZERO, doing)
                continue
            at = start
            for opens, closes in promise.calendar.spans(start, end):
                if at < opens:
                    yield Entry("closed", at, opens, ZERO, f"outside {hours}")
                yield Entry("counted", opens, closes, closes - opens, f"{promise.priority} on {hours}")
                at = closes
            if at < end:
                yield Entry("closed", at, end, ZERO, f"outside {hours}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reading) and all(getattr(self, what) == getattr(other, what) for what in SHOWN)

    def __repr__(self) -> str:
        return f"Reading({', '.join(f'{what}={getattr(self, what)!r}' for what in SHOWN)})"


SHOWN = (
    *("name", "state", "verdict", "consumed", "remaining", "due_at", "breached_at", "met_at", "stopped_at"),
    *("started_at", "anchor", "index", "thresholds", "laps"),
)
