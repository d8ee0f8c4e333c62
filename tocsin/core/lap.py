"""How far has one lap of a clock come?"""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import Literal

from tocsin.core.promise import Promise

ZERO = timedelta(0)
State = Literal["running", "paused", "stopped", "void"]


class Run:
    """A promise being counted: from `from_at` on, when it is counted at all, `from_consumed` being used before that.

    `mark` is how much of it must be used before there is anything to note. `absorbed` are promises that could never be
    due before it and so are not counted, each with how much less of it is used. `before` is what it was until the
    ticket was moved at `moved_at`; `notes` are lines of its ledger that count nothing.
    """

    __slots__ = (
        "absorbed",
        "before",
        "broken_at",
        "consumed",
        "due_at",
        "from_at",
        "from_consumed",
        "mark",
        "moved_at",
        "notes",
        "promise",
        "valid_from",
    )

    def __init__(self, promise: Promise, valid_from: datetime, pending: tuple[int, ...]) -> None:
        self.promise = promise
        self.valid_from = valid_from
        self.consumed = self.from_consumed = promise.consumed
        self.from_at: datetime | None = None
        self.due_at: datetime | None = None
        self.broken_at: datetime | None = None
        self.absorbed: tuple[tuple[Promise, timedelta], ...] = ()
        self.before: Run | None = None
        self.moved_at: datetime | None = None
        self.notes: tuple[tuple[datetime, str], ...] = ()
        self.look_out(pending)

    def look_out(self, pending: tuple[int, ...]) -> None:
        """Nothing is to be noted before the first of the pending thresholds, or before it is used up."""
        budget = self.promise.budget
        self.mark = min(budget, self.share(pending[0])) if pending else budget

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

    def share(self, percent: int) -> timedelta:
        return self.promise.budget * percent / 100

    def share_at(self, percent: int) -> datetime | None:
        """When `percent` of the budget is used, as things stand: None while held, unless it is used already."""
        share = self.share(percent)
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
        "broken",
        "counted",
        "doing",
        "ended",
        "final",
        "index",
        "met_at",
        "name",
        "not_before",
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
        self.not_before: dict[int, datetime] = {}  # when a threshold came about that another version brought
        self.breached_at: datetime | None = None
        self.broken: Promise | None = None  # the first that was not kept
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
        for run in self.runs:
            if run.promises_no_later(promise):
                run.absorbed = (*run.absorbed, (promise, run.consumed - promise.consumed))
                return
        run = Run(promise, at, self.pending)
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
        run = Run(promise, at, self.pending)
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
        marked = False
        for run in self.runs:
            run.count(to)
            marked = marked or run.consumed >= run.mark
        if marked:
            self._note(to)

    def _note(self, to: datetime) -> None:
        for run in self.runs:
            if run.broken_at is not None and (self.breached_at is None or run.broken_at < self.breached_at):
                self.breached_at, self.broken = run.broken_at, run.promise
        for percent in self.pending:
            instants = [run.share_at(percent) for run in self.runs if run.consumed >= run.share(percent)]
            crossed = [instant for instant in instants if instant is not None and instant <= to]
            if not crossed:
                break  # nor a greater share
            self.reached[percent] = max(min(crossed), self.not_before.get(percent, min(crossed)))
        self.pending = tuple(percent for percent in self.pending if percent not in self.reached)
        for run in self.runs:
            run.look_out(self.pending)

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
        for run in self.runs:
            if run.moved_at is not None:
                run.valid_from = max(run.valid_from, at)  # what a move brought about meanwhile
        self.not_before = {percent: max(since, at) for percent, since in self.not_before.items()}
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
