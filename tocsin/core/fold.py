"""What does a story make of a clock?

A fold over the ticket's events, in the order of what was so. It keeps one wait at a time, as a ticket's status does.
(semantics 2 and 4)
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import Any

from tocsin.core.commitment import Clock
from tocsin.core.course import ends
from tocsin.core.dial import Reading
from tocsin.core.event import (
    BrokenStory,
    Cancelled,
    Closed,
    Event,
    Merged,
    Moved,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    Solved,
    Updated,
    cannot_reopen,
)
from tocsin.core.hours import Calendar
from tocsin.core.lap import ZERO, Lap
from tocsin.core.promise import Promise
from tocsin.core.rebasing import Move, rebase

Which = tuple[int, int]


class Fold:
    """A clock and how far the story has taken it."""

    def __init__(self, clock: Clock) -> None:
        self.eras = (*clock.earlier, clock)  # the clock before each move to another version, and as it is now
        self.era = 0
        self.clock = self.eras[0]
        self.priority = ""
        self.lap: Lap | None = None
        self.past: list[Lap] = []
        self.wait: Paused | None = None
        self.waited = False
        self.solved = False
        self.closed = False
        self.over = ""  # what has become of a ticket that is none any more
        self.fulfilled = False
        self.standing: dict[Which, Lap] = {}

    # -- telling a story

    def tell(self, events: list[Event], until: datetime) -> None:
        """It has come to `until`; `events` are in the order of what was so, the opening first."""
        start = events[0].at
        for event in events:
            at = event.at if event.at > start else start
            if at > until:
                break
            self.hear(event, at)
        self.pass_time(until)

    def hear(self, event: Event, at: datetime) -> None:
        """It has come to `at`, where the event happens."""
        if self.wait is not None:
            self._wait_out(at)
        if not self.over:
            TELL[type(event)](self, event, at)
        elif isinstance(event, Reopened):
            raise cannot_reopen(event, self.over)

    def pass_time(self, until: datetime) -> None:
        """Nothing else happens up to `until`."""
        self._wait_out(until)
        self._settle(until)

    def apart(self) -> Fold:
        """A copy to let time pass on, and nothing else; it leaves out the laps before the current one."""
        other = copy(self)
        other.past = []
        other.lap = self.lap.apart() if self.lap is not None else None
        return other

    def laps(self) -> list[Lap]:
        """Every lap so far, the current one last."""
        return [*self.past, self.lap] if self.lap else self.past

    def reading(self, now: datetime) -> Reading:
        """The reading of the current lap, with those before in `laps`."""
        laps = self.laps()
        if self.standing:
            laps = _stand(laps, self.standing, self.clock.name)
        if not laps:
            return Reading.nothing(self.clock.name, now)
        return Reading(laps[-1], now, tuple([Reading(lap, now) for lap in laps[:-1]]))

    # -- what time alone brings about

    def _wait_out(self, to: datetime) -> None:
        if self.wait is not None and self.wait.until is not None and self.wait.until <= to:
            self._resume(max(self.wait.until, self.wait.at))

    def _settle(self, to: datetime) -> None:
        """The lap is counted up to `to`; a promise that repeats begins anew where it was missed. (semantics 4)"""
        while self.lap is not None and self.lap.ended is None:
            lap = self.lap
            lap.count(to)
            if not self.clock.repeats or lap.breached_at is None:
                return
            missed = lap.breached_at
            lap.stop(missed, met=True, why="missed")
            self._begin(lap.anchor, missed, index=lap.index + 1)

    # -- laps

    def _begin(
        self, anchor: int, at: datetime, *, index: int = 1, promised: datetime | None = None, why: str = "opened"
    ) -> None:
        if self.lap is not None:
            self.past.append(self.lap)
            self.lap = None
        target = self.clock.targets.get(self.priority)
        if target is None and promised is None:
            return
        calendar = target[1] if target else Calendar.always()
        if promised is not None or target is None:
            budget = calendar.elapsed(at, promised or at)
        else:
            budget = calendar.budget(at, target[0])
        self.lap = lap = Lap(self.clock.name, anchor, at, self.clock.thresholds if index == 1 else (), index)
        if self.wait is not None and self.wait.on in self.clock.paused_by:
            lap.hold(at, f"waiting for {self.wait.on}")
        lap.add(
            Promise(self.clock.name, self.priority, budget, calendar, at, ZERO, "promised" if promised else why), at
        )

    def _open(self) -> Lap | None:
        return self.lap if self.lap is not None and self.lap.ended is None else None

    def _meet(self, at: datetime) -> None:
        self.fulfilled = True
        if self._open() is not None:
            self.lap.stop(at, met=True, why="met")  # type: ignore[union-attr]  # _open says it is there

    # -- what happened

    def _opened(self, event: Opened, at: datetime) -> None:
        if self.priority:
            raise BrokenStory(f"event {event.seq} opens a ticket that is open already")
        self.priority = event.priority
        self._begin(event.seq, at)

    def _responded(self, event: Responded, at: datetime) -> None:
        if "responded" in self.clock.met_by:
            self._meet(at)

    def _updated(self, event: Updated, at: datetime) -> None:
        if "updated" not in self.clock.met_by:
            return
        if not self.clock.repeats:
            self._meet(at)
            return
        self._settle(at)
        if self._open() is not None:
            self.lap.stop(at, met=True, why="met")  # type: ignore[union-attr]
        if not self.solved:
            self._begin(event.seq, at, promised=event.promised, why="updated")

    def _paused(self, event: Paused, at: datetime) -> None:
        if self.solved:
            raise BrokenStory(f"event {event.seq} waits for {event.on} on a ticket that is solved: reopen it first")
        self._settle(at)  # before it waits: what was missed until now began the next lap running
        self.wait, self.waited = (event if event.at == at else replace(event, at=at)), True
        lap = self._open()
        if lap is None:
            return
        if event.on in self.clock.paused_by:
            lap.hold(at, f"waiting for {event.on}")
        elif lap.state == "paused":
            lap.go(at)

    def _resumed(self, event: Resumed, at: datetime) -> None:
        if not self.waited:
            raise BrokenStory(f"event {event.seq} resumes what was never paused")
        if self.wait is not None and ends(event, self.wait):
            self._resume(at)

    def _resume(self, at: datetime) -> None:
        self._settle(at)
        self.wait = None
        lap = self._open()
        if lap is not None and lap.state == "paused":
            lap.go(at)

    def _solved(self, event: Solved, at: datetime) -> None:
        if self.solved:
            return
        self._settle(at)
        self.solved, self.wait = True, None
        met = "solved" in self.clock.met_by and (event.answers or self._by_solving)
        if met and not self._by_solving:
            self.fulfilled = True
        if (lap := self._open()) is not None:
            lap.stop(at, met=met, why="solved")

    @property
    def _by_solving(self) -> bool:
        return self.clock.met_by == ("solved",)

    def _reopened(self, event: Reopened, at: datetime) -> None:
        if self.closed:
            raise cannot_reopen(event, "closed")
        if not self.solved:
            raise BrokenStory(f"event {event.seq} reopens a ticket that is not solved")
        self.solved = False
        clock, lap = self.clock, self.lap
        promised = clock.targets.get(self.priority) is not None
        if clock.repeats or clock.on_reopen == "restart":
            self.fulfilled = False
            self._begin(event.seq, at, why="reopened")
        elif lap is not None and lap.ended == "solved" and not self.fulfilled:
            if promised:
                lap.revive(at)
            else:
                lap.met_at, lap.state = None, "void"
                lap.ended = "none"
        elif (lap is None or lap.ended == "none") and promised and not self.fulfilled:
            self._begin(event.seq, at, why="reopened")

    def _closed(self, event: Closed, at: datetime) -> None:
        self.closed = True
        if not self.solved:
            self._void(at, "closed")

    def _ended(self, event: Cancelled, at: datetime) -> None:
        self._void(at, "cancelled")

    def _merged(self, event: Merged, at: datetime) -> None:
        if event.into is not None:
            self._void(at, "merged", "merged into another")
            return
        taken = [promise for promise in event.promises if promise.clock == self.clock.name]
        if not taken or self.solved or (self.lap is not None and self.lap.ended not in (None, "none")):
            return
        self._settle(at)
        if self._open() is None:
            if self.fulfilled:
                return
            if self.lap is not None:
                self.past.append(self.lap)
            self.lap = Lap(self.clock.name, event.seq, at, self.clock.thresholds)
            if self.wait is not None and self.wait.on in self.clock.paused_by:
                self.lap.hold(at, f"waiting for {self.wait.on}")
        assert self.lap is not None
        for promise in taken:
            self.lap.add(
                Promise(
                    promise.clock, promise.priority, promise.budget, promise.calendar, at, promise.consumed, "merged"
                ),
                at,
            )
            self.lap.reach_back(promise.since)

    def _void(self, at: datetime, why: str, over: str = "") -> None:
        self._settle(at)
        if (lap := self._open()) is not None:
            lap.stop(at, met=False, why=why)
        self.over = over or why

    # -- priority

    def _priority_changed(self, event: PriorityChanged, at: datetime) -> None:
        if event.to == self.priority:
            return
        clock = self.clock
        raised = clock.severity(event.to) < clock.severity(self.priority)
        self._settle(at)
        self.priority = event.to
        target, lap = clock.targets.get(event.to), self.lap
        if lap is None or not self._counts(lap):
            self._begin_from_none(event.seq, at, why="from none")
            return
        if target is None:
            if lap.ended is None and not clock.repeats:
                lap.stop(at, met=False, why="none")
            return
        duration, calendar = target
        if raised and clock.on_raise == "restart" and lap.ended is None:
            lap.stop(at, met=False, why="restarted")
            self._begin(event.seq, at, why="raised")
        elif raised and clock.on_raise in ("earlier_of", "restart"):
            lap.add(Promise(clock.name, event.to, calendar.budget(at, duration), calendar, at, ZERO, "raised"), at)
        elif raised and clock.on_raise == "carry":
            lap.count(at)
            bound = lap.binding(at)
            used = bound[0].consumed if bound else ZERO
            lap.replace(Promise(clock.name, event.to, calendar.budget(at, duration), calendar, at, used, "raised"), at)
        elif raised or (clock.on_lower == "recalculate" and not clock.repeats):
            start = lap.started_at
            origin = "raised" if raised else "lowered"
            lap.replay(
                Promise(clock.name, event.to, calendar.budget(start, duration), calendar, start, ZERO, origin), at
            )

    def _counts(self, lap: Lap) -> bool:
        """Whether the lap goes on, or would if the ticket were reopened."""
        return lap.ended is None or (lap.ended == "solved" and not (self.clock.repeats or self.fulfilled))

    def _begin_from_none(self, anchor: int, at: datetime, *, why: str) -> None:
        """A lap begins where nothing was promised before, and something is now."""
        promised = self.clock.targets.get(self.priority) is not None
        if promised and (self.lap is None or self.lap.ended == "none") and not self.solved and not self.fulfilled:
            self._begin(anchor, at, why=why)

    # -- moving to another version

    def _moved(self, event: Moved, at: datetime) -> None:
        if self.era + 1 >= len(self.eras):
            return
        self._settle(at)
        self.era += 1
        old, new = self.clock, self.eras[self.era]
        names = dict(event.priorities)
        promised = old.targets.get(self.priority) is not None
        self.clock, self.priority = new, names.get(self.priority, self.priority)
        lap, target = self.lap, new.targets.get(self.priority)
        if lap is None or not self._counts(lap):
            self._begin_from_none(event.seq, at, why="moved")
            return
        move = Move(old, new, names, at, f"moved from {event.was} to {event.version}")
        ends = (promised and target is None) or old.repeats != new.repeats
        ends = ends or not rebase(lap, move, self.priority)
        if ends and lap.ended is None:
            lap.stop(at, met=False, why="none")
        if lap.ended is not None:
            self._begin_from_none(event.seq, at, why="moved")
        elif self.wait is not None and self.wait.on in new.paused_by:
            if lap.state != "paused":
                lap.hold(at, f"waiting for {self.wait.on}")
        elif lap.state == "paused":
            lap.go(at)


TELL: dict[type[Event], Callable[[Fold, Any, datetime], None]] = {
    Opened: Fold._opened,
    Responded: Fold._responded,
    Updated: Fold._updated,
    Paused: Fold._paused,
    Resumed: Fold._resumed,
    PriorityChanged: Fold._priority_changed,
    Moved: Fold._moved,
    Solved: Fold._solved,
    Reopened: Fold._reopened,
    Closed: Fold._closed,
    Cancelled: Fold._ended,
    Merged: Fold._merged,
}


def _stand(laps: list[Lap], standing: dict[Which, Lap], name: str) -> list[Lap]:
    """A breach that was true when an act was dated back is true still, at its instant, on the lap it happened to.

    One that never began by what is known now is among the others all the same, where it began.
    """
    there = {(lap.anchor, lap.index): lap for lap in laps}
    gone: list[Lap] = []
    for which, breached in standing.items():
        lap, breached_at = there.get(which), breached.breached_at
        assert breached_at is not None, "what stands is a breach"
        if lap is None:
            lap = Lap(name, breached.anchor, breached.started_at, (), breached.index)
            lap.stop(breached_at, met=False, why="corrected")
            gone.append(lap)
        lap.breached_at, lap.met_at = breached_at, None
    before, current = laps[:-1], laps[-1:]
    began = attrgetter("started_at")
    return [*merge(before, sorted(gone, key=began), key=began), *current]
