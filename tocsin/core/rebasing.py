"""What becomes of a lap that is counted by another version from now on?

What was used goes along, and what stands on record stays. (semantics 2)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.commitment import Clock
from tocsin.core.lap import ZERO, Lap, Run
from tocsin.core.promise import Promise

# Promises that are of no version: a time the client was told, and what another ticket brought along.
AS_THEY_ARE = ("promised", "merged")


@dataclass(frozen=True, eq=False)
class Move:
    """A clock that was `old` is `new` from `at` on; `names` are what it calls the priorities of the old, `why` both."""

    old: Clock
    new: Clock
    names: Mapping[str, str]
    at: datetime
    why: str


def rebase(lap: Lap, move: Move, priority: str) -> bool:
    """The lap's promises are those of the new version, with what was used of each; false where none is left.

    A promise is what the new version promises for the priority it was made for, in business days as many from when it
    was made. One for a priority that version does not know stays as it is, as do a time the client was told and what
    another ticket brought along. What stays the same is left alone. `priority` is the ticket's, as it is called now.
    """
    going = lap.ended is None
    if going:
        lap.count(move.at)
    _thresholds(lap, move)
    runs = [each for run in lap.runs for each in _again(lap, run, move)]
    if not runs:
        runs = list(_anew(lap, move, priority))
    lap.runs = runs
    for run in runs:
        run.look_out(lap.pending)
    lap.counted = None
    if going and runs:
        lap.count(move.at)
    return bool(runs)


def _thresholds(lap: Lap, move: Move) -> None:
    """Those reached stay reached; one that the new version adds is reached at the move at the earliest."""
    if lap.index == 1:
        pending = tuple(percent for percent in move.new.thresholds if percent not in lap.reached)
        lap.not_before |= {percent: move.at for percent in pending if percent not in lap.pending}
        lap.pending = pending


def _again(lap: Lap, run: Run, move: Move) -> Iterator[Run]:
    """The promise under the new version, and those that were not counted beside it, where they now differ from it."""
    promise, absorbed = _under(run.promise, move), run.absorbed
    mine = None
    if promise is not None and _same(promise, run.promise):
        mine = run
        run.promise = run.promise._replace(priority=promise.priority)
        run.notes = (*run.notes, (move.at, f"{move.why}: the same is promised there"))
        run.absorbed = ()
    elif promise is not None:
        became = f"{_said(run.promise, move.old)} became {_said(promise, move.new)}, and what was used goes along"
        mine = _run(lap, promise, run.consumed, move.at, f"{move.why}: {became}")
        mine.before = run
        if run.broken_at is not None and run.consumed > promise.budget:  # it is overdue for as long as it was
            mine.due_at, mine.broken_at = run.due_at, run.broken_at
    if mine is not None:
        yield mine
    for other, lag in absorbed:
        now = _under(other, move)
        if now is None:
            continue
        if mine is not None and _same(now, mine.promise):
            mine.absorbed = (*mine.absorbed, (now, lag))
        else:
            yield _run(lap, now, run.consumed - lag, move.at, move.why)


def _anew(lap: Lap, move: Move, priority: str) -> Iterator[Run]:
    """One promise, for the priority it has, with what was used of the one that bound it."""
    target, bound = move.new.targets.get(priority), lap.final or lap.binding(move.at)
    if target is None:
        return
    duration, calendar = target
    promise = Promise(lap.name, priority, calendar.budget(lap.started_at, duration), calendar, lap.started_at)
    run = _run(lap, promise, bound[0].consumed if bound else ZERO, move.at, move.why)
    run.before = bound[0] if bound else None
    yield run


def _under(promise: Promise, move: Move) -> Promise | None:
    """What the new version makes of the promise: None where it promises nothing for its priority."""
    priority = move.names.get(promise.priority, promise.priority)
    if promise.origin in AS_THEY_ARE or priority not in (move.new.priorities or move.new.targets):
        return promise
    target = move.new.targets.get(priority)
    if target is None:
        return None
    duration, calendar = target
    return promise._replace(priority=priority, budget=calendar.budget(promise.since, duration), calendar=calendar)


def _run(lap: Lap, promise: Promise, used: timedelta, at: datetime, note: str) -> Run:
    run = Run(promise._replace(consumed=used, origin="moved"), at, lap.pending)
    run.moved_at, run.notes = at, ((at, note),)
    if lap.state == "running" and lap.ended is None:
        run.from_at = at
    return run


def _same(one: Promise, other: Promise) -> bool:
    return one.budget == other.budget and one.calendar == other.calendar


def _said(promise: Promise, clock: Clock) -> str:
    target = clock.targets.get(promise.priority)
    hours = "round the clock" if promise.calendar.is_always else f"on {promise.calendar.name or promise.calendar.zone}"
    much = str(target[0]) if target is not None and target[1] == promise.calendar else str(promise.budget)
    return f"{much} for {promise.priority} {hours}"
