"""How far has one lap of a clock come, and what does its ledger say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from tocsin.core.promise import Promise

ZERO = timedelta(0)
State = Literal["running", "paused", "stopped", "void"]
Verdict = Literal["open", "met", "breached"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger: from `start` to `end` (UTC, half-open) `counted` of working time, and why.

    `kind` is counted, closed (outside the calendar's hours), paused, solved, or carried (brought along, not counted
    here).
    """

    kind: str
    start: datetime
    end: datetime
    counted: timedelta
    reason: str


class Run:
    """A promise being counted: from `from_at` on, when it is counted at all, `from_consumed` being used before that."""

    __slots__ = ("broken_at", "consumed", "due_at", "from_at", "from_consumed", "promise", "valid_from")

    def __init__(self, promise: Promise, valid_from: datetime) -> None:
        self.promise = promise
        self.valid_from = valid_from
        self.consumed = self.from_consumed = promise.consumed
        self.from_at: datetime | None = None
        self.due_at: datetime | None = None
        self.broken_at: datetime | None = None

    def count(self, to: datetime) -> None:
        promise = self.promise
        if self.from_at is not None:
            self.consumed = self.from_consumed + promise.calendar.elapsed(self.from_at, to)
        if self.broken_at is None and self.consumed > promise.budget:
            if self.from_at is None or self.from_consumed > promise.budget:
                self.due_at = self.broken_at = self.valid_from
            else:
                left = promise.budget - self.from_consumed
                self.due_at = promise.calendar.due(self.from_at, left)
                self.broken_at = max(promise.calendar.kept_until(self.from_at, left), self.valid_from)

    def due(self, at: datetime) -> datetime:
        """When it is or was due, `at` being the instant from which it would go on, if it is held."""
        if self.due_at is not None:
            return self.due_at
        return self.promise.calendar.due(self.from_at or at, self.promise.budget - self.from_consumed)

    def promises_no_later(self, other: Promise) -> bool:
        """Whether `other`, made now, could never be due before this one, nor any share of it."""
        mine = self.promise
        return self.consumed >= other.consumed and mine.budget == other.budget and mine.calendar == other.calendar

    def kept_until(self) -> datetime | None:
        """The last instant at which it can be kept, as things stand; None while held or broken."""
        if self.broken_at is not None or self.from_at is None:
            return None
        return self.promise.calendar.kept_until(self.from_at, self.promise.budget - self.from_consumed)

    def share_at(self, percent: int) -> datetime | None:
        """When `percent` of the budget is used, as things stand: None while held, unless it is used already."""
        share = self.promise.budget * percent / 100
        if self.from_consumed >= share:
            return self.valid_from
        if self.from_at is None:
            return None
        return max(self.promise.calendar.due(self.from_at, share - self.from_consumed), self.valid_from)


class Lap:
    """One lap while it is folded: its promises, and what it did from when to when."""

    __slots__ = (
        "anchor",
        "breached_at",
        "counted",
        "doing",
        "ended",
        "final",
        "index",
        "met_at",
        "name",
        "pending",
        "reached",
        "runs",
        "since",
        "spans",
        "started_at",
        "state",
        "stopped_at",
    )

    def __init__(self, name: str, anchor: int, at: datetime, thresholds: tuple[int, ...], index: int = 1) -> None:
        self.name = name
        self.anchor = anchor
        self.index = index
        self.started_at = self.since = at
        self.state: State = "running"
        self.doing = "running"
        self.ended: str | None = None
        self.runs: list[Run] = []
        self.counted: datetime | None = None  # up to when, since the runs are these
        self.spans: list[tuple[datetime, datetime, str]] = []
        self.reached: dict[int, datetime] = {}
        self.pending = thresholds
        self.breached_at: datetime | None = None
        self.met_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.final: tuple[Run, datetime] | None = None

    def apart(self) -> Lap:
        """A copy to count on, without what it did before."""
        other = copy(self)
        other.runs = [copy(run) for run in self.runs]
        other.spans, other.reached = [], dict(self.reached)
        return other

    def add(self, promise: Promise, at: datetime) -> None:
        """`promise` binds from `at` on, beside those that run, unless one that promises the same began before it."""
        if any(run.promises_no_later(promise) for run in self.runs):
            return
        run = Run(promise, at)
        if self.state == "running":
            run.from_at = at
        self.runs.append(run)
        self.counted = None
        self.count(at)

    def replace(self, promise: Promise, at: datetime) -> None:
        """`promise` is the only one from `at` on."""
        self.count(at)
        self.runs.clear()
        self.add(promise, at)

    def replay(self, promise: Promise, at: datetime) -> None:
        """`promise` is the only one from `at` on, as if it had been so since the lap began."""
        self.count(at)
        run = Run(promise, at)
        for start, end, doing in self.spans:
            if doing == "running":
                run.from_at = start
                run.count(end)
                run.from_at, run.from_consumed = None, run.consumed
        if self.state == "running":
            run.from_at = self.since
        self.runs = [run]
        self.counted = None
        self.count(at)

    def reach_back(self, since: datetime) -> None:
        """It began at `since`, if that is earlier, and has been running from there: merging grants no time."""
        if since < self.started_at:
            self.spans.insert(0, (since, self.started_at, "running"))
            self.started_at = since

    def count(self, to: datetime) -> None:
        """Consumed, breach and thresholds are true as of `to`."""
        if to == self.counted:
            return
        self.counted = to
        for run in self.runs:
            run.count(to)
            if run.broken_at is not None and (self.breached_at is None or run.broken_at < self.breached_at):
                self.breached_at = run.broken_at
        if self.pending and self.runs:
            self._cross(to)

    def _cross(self, to: datetime) -> None:
        lowest = self.pending[0]
        if all(run.consumed < run.promise.budget * lowest / 100 for run in self.runs):
            return
        for percent in self.pending:
            instants = [
                run.share_at(percent) for run in self.runs if run.consumed >= run.promise.budget * percent / 100
            ]
            crossed = [instant for instant in instants if instant is not None and instant <= to]
            if crossed:
                self.reached[percent] = min(crossed)
        self.pending = tuple(percent for percent in self.pending if percent not in self.reached)

    def go(self, at: datetime) -> None:
        """It counts from `at` on."""
        self._enter("running", "running", at)
        for run in self.runs:
            run.from_at = at

    def hold(self, at: datetime, why: str) -> None:
        """It counts no more from `at` on."""
        if self.state == "running":
            self._freeze(at)
        self._enter("paused", why, at)

    def stop(self, at: datetime, *, met: bool, why: str) -> None:
        """It has ended at `at`: met, unless it is breached, or void."""
        self.count(at)
        self.final = self.binding(at)
        if met:
            self.met_at = at if self.breached_at is None else None
        self._freeze(at)
        self._enter("stopped" if met else "void", why, at)
        self.ended = why
        self.stopped_at = at

    def revive(self, at: datetime) -> None:
        """It goes on at `at`: a met verdict was provisional, a breach is not."""
        self.ended = self.final = self.met_at = self.stopped_at = None
        self.go(at)

    def _freeze(self, at: datetime) -> None:
        self.count(at)
        for run in self.runs:
            run.from_at, run.from_consumed = None, run.consumed

    def _enter(self, state: State, doing: str, at: datetime) -> None:
        if at > self.since:
            self.spans.append((self.since, at, self.doing))
        self.since, self.state, self.doing = at, state, doing

    def binding(self, at: datetime) -> tuple[Run, datetime] | None:
        """The promise that is due first, the older of two, and when."""
        if not self.runs:
            return None
        if len(self.runs) == 1:
            return self.runs[0], self.runs[0].due(at)
        return min(((run, run.due(at)) for run in self.runs), key=lambda pair: pair[1])

    def used_spans(self, to: datetime) -> list[tuple[datetime, datetime, str]]:
        """What it did from when to when, up to `to`."""
        return [*self.spans, (self.since, to, self.doing)] if to > self.since and self.ended is None else self.spans


@dataclass(frozen=True)
class Reading:
    """What a clock says about its current lap; `laps` are the readings of those before.

    state: running, paused, stopped or void. verdict: open, met or breached. consumed, remaining: working time on the
    binding promise (remaining goes below zero). due_at, breached_at, met_at, stopped_at: aware UTC instants or None.
    anchor: the sequence number of the event that began the lap; index: which interval of silence it is (semantics 4).
    thresholds: percent → the instant it was reached. (semantics 2)
    """

    name: str
    state: State
    verdict: Verdict
    consumed: timedelta = ZERO
    remaining: timedelta = ZERO
    due_at: datetime | None = None
    breached_at: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    started_at: datetime | None = None
    anchor: int = 0
    index: int = 1
    thresholds: Mapping[int, datetime] = field(default_factory=dict)
    laps: tuple[Reading, ...] = ()
    _lap: Lap | None = field(default=None, repr=False, compare=False)
    _run: Run | None = field(default=None, repr=False, compare=False)
    _now: datetime | None = field(default=None, repr=False, compare=False)

    @classmethod
    def nothing(cls, name: str) -> Reading:
        """The reading of a clock that promises nothing."""
        return cls(name, "void", "open")

    @classmethod
    def of(cls, lap: Lap, now: datetime, laps: tuple[Reading, ...] = ()) -> Reading:
        """The reading of a lap that has been counted up to `now`."""
        bound = lap.final or lap.binding(now)
        run, due_at = bound if bound else (None, None)
        verdict: Verdict = "breached" if lap.breached_at else "met" if lap.met_at else "open"
        return cls(
            lap.name,
            lap.state,
            verdict,
            run.consumed if run else ZERO,
            run.promise.budget - run.consumed if run else ZERO,
            due_at if lap.state in ("running", "stopped") else None,
            lap.breached_at,
            lap.met_at if verdict == "met" else None,
            lap.stopped_at,
            lap.started_at,
            lap.anchor,
            lap.index,
            lap.reached,
            laps,
            lap,
            run,
            now,
        )

    @property
    def promises(self) -> tuple[Promise, ...]:
        """The promises of an unfinished lap, each with what it has consumed, the binding one first."""
        if self._lap is None or self.state not in ("running", "paused"):
            return ()
        runs = sorted(self._lap.runs, key=lambda run: run is not self._run)
        return tuple(_with(run.promise, run.consumed) for run in runs)

    @property
    def binding(self) -> Promise | None:
        """The promise that decides, None when nothing is promised."""
        return _with(self._run.promise, self._run.consumed) if self._run else None

    @property
    def used(self) -> float:
        """How much of the binding promise is used, as a share of one, for people to look at."""
        return self.consumed / self._run.promise.budget if self._run and self._run.promise.budget else 0.0

    @property
    def kept_until(self) -> datetime | None:
        """The last instant at which it can still be kept as things stand; None when that is settled or held."""
        if self._lap is None or self.state != "running" or self.breached_at is not None:
            return None
        return min((kept for run in self._lap.runs if (kept := run.kept_until())), default=None)

    @property
    def ahead(self) -> dict[int, datetime]:
        """The thresholds not reached yet → when they will be, if nothing else happens."""
        if self._lap is None or self.state != "running":
            return {}
        return {
            percent: min(instants)
            for percent in self._lap.pending
            if (instants := [at for run in self._lap.runs if (at := run.share_at(percent))])
        }

    @cached_property
    def ledger(self) -> tuple[Entry, ...]:
        """Every span of the lap, counted or not, and why; what is counted adds up to `consumed`. (R2.11)"""
        return tuple(self._lines()) if self._lap and self._run and self._now else ()

    def _lines(self) -> Iterator[Entry]:
        assert self._lap and self._run and self._now
        promise = self._run.promise
        hours = promise.calendar.name or promise.calendar.zone
        if promise.consumed:
            yield Entry("carried", promise.since, promise.since, promise.consumed, f"brought along, {promise.origin}")
        for start, end, doing in self._lap.used_spans(self._now):
            start = max(start, promise.since)
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


def _with(promise: Promise, consumed: timedelta) -> Promise:
    return Promise(
        promise.clock, promise.priority, promise.budget, promise.calendar, promise.since, consumed, promise.origin
    )
