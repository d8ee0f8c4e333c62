"""Through which conditions did a ticket go, from when to when?

What ladders and rules need of a story: its priority, whom it waited for, whether it was live. One pass serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tocsin.core.event import (
    Cancelled,
    Closed,
    Event,
    Merged,
    Moved,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Resumed,
    Solved,
    cannot_reopen,
)
from tocsin.core.hours import Calendar


@dataclass(slots=True)
class Stretch:
    """From `start` to `end` nothing changed; `anchor` is the sequence number of the event that began it.

    `live` is false while solved, closed or cancelled; `on` is the party waited for. `kept` says that at its end there
    is neither a stop nor a change of priority, so that what falls due at `end` itself is due. `opens`: the ticket was
    opened or reopened at its start. One without length is there for its anchor; nothing falls due in it. `era` counts
    the moves before it, by which the version it is worked by is known; `moved`: it was a move that began it.
    """

    start: datetime
    end: datetime
    anchor: int
    priority: str
    on: str | None
    live: bool
    kept: bool = False
    opens: bool = False
    era: int = 0
    moved: bool = False


@dataclass(slots=True)
class Course:
    """The stretches of a story, the last one reaching to now.

    `timed_out` are the waits that ended by their own deadline, `wait` the one that goes on. `solved` has each event
    that solved the ticket, and when it was reopened or ended for good, None while neither is so.
    """

    stretches: list[Stretch]
    timed_out: list[Paused]
    wait: Paused | None
    solved: list[tuple[Solved, datetime | None]]


class Stint:
    """Time that counts only while something goes on; `reach` tells when so much of it has passed on a calendar."""

    __slots__ = ("_passed", "anchor", "since", "spans", "start")

    def __init__(self, anchor: int, start: datetime) -> None:
        self.anchor = anchor
        self.start = start
        self.spans: list[tuple[datetime, datetime]] = []
        self.since: datetime | None = None
        self._passed: dict[Calendar, tuple[int, timedelta]] = {}  # how many spans are counted, and their time

    def go(self, at: datetime) -> None:
        if self.since is None:
            self.since = at

    def hold(self, at: datetime) -> None:
        if self.since is not None:
            if at > self.since:
                self.spans.append((self.since, at))
            self.since = None

    def used(self, calendar: Calendar) -> timedelta:
        """The working time in it, up to when it was last held."""
        counted, time = self._passed.get(calendar, (0, timedelta(0)))
        if counted < len(self.spans):
            for start, end in self.spans[counted:]:
                time += calendar.elapsed(start, end)
            self._passed[calendar] = len(self.spans), time
        return time

    def reach(self, calendar: Calendar, budget: timedelta, after: datetime | None = None) -> datetime | None:
        """The first instant at which `budget` has passed since `after`, as things stand; None if it is held before
        that.

        `after` is the start of the stint unless given.
        """
        if after is None:
            after = self.start
        if not budget:
            return after
        since = self.since
        if since is not None and (not self.spans or after >= since):
            return calendar.due(since if since > after else after, budget)
        if after <= self.start and (used := self.used(calendar)) < budget:
            return calendar.due(since, budget - used) if since is not None else None
        for start, end in self.spans:
            if end > after:
                start = max(start, after)
                spent = calendar.elapsed(start, end)
                if spent >= budget:
                    return calendar.due(start, budget)
                budget -= spent
        return calendar.due(max(since, after), budget) if since is not None else None


def by_effect(events: list[Event]) -> list[Event]:
    """The events in the order of what was so: by effective instant, then by place; none before the opening."""
    last = start = events[0].at
    for event in events:
        if event.at < last:
            return sorted(events, key=lambda event: (max(event.at, start), event.seq))
        last = event.at
    return events


def course(events: list[Event], now: datetime, *, moves: int = 0) -> Course:
    """The course of a ticket up to `now`; `events` are in the order of what was so (`by_effect`).

    Of its moves to another version so many count as its terms know of.
    """
    stretches: list[Stretch] = []
    timed_out: list[Paused] = []
    wait: Paused | None = None
    solved: list[tuple[Solved, datetime | None]] = []
    over = ""
    start = events[0].at
    current = Stretch(start, now, 0, "", None, True)

    def turn(at: datetime, anchor: int, *, priority: str, on: str | None, live: bool, opens: bool = False) -> None:
        nonlocal current
        kept = live and priority == current.priority
        if at == current.start and live == current.live and priority == current.priority:
            current.on = on
            return
        current.end, current.kept = at, kept
        if not kept:
            for before in reversed(stretches):
                if before.end < at or not before.kept:
                    break  # one that is not kept was told so, and those before it at that instant with it
                before.kept = False  # what happens at one instant happens together, and a stop has the last word
        stretches.append(current)
        current = Stretch(at, now, anchor, priority, on, live, opens=opens, era=current.era)

    def move(event: Moved, at: datetime) -> None:
        """The same goes on under another version; that its priority is called otherwise there changes nothing."""
        nonlocal current
        era, priority = current.era + 1, dict(event.priorities).get(current.priority, current.priority)
        if at == current.start:
            current.era, current.priority = era, priority
            return
        current.end, current.kept = at, current.live
        stretches.append(current)
        current = Stretch(at, now, event.seq, priority, current.on, current.live, era=era, moved=True)

    for event in events:
        kind = type(event)
        if kind not in TURNS:
            continue
        if event.at < start:
            event = replace(event, at=start)
        at = event.at
        if at > now:
            break
        if wait is not None and wait.until is not None and wait.until <= at:
            timed_out.append(wait)
            turn(max(wait.until, wait.at), wait.seq, priority=current.priority, on=None, live=current.live)
            wait = None
        if kind is Opened:
            current = Stretch(at, now, event.seq, event.priority, None, True, opens=True)  # type: ignore[attr-defined]
        elif kind is PriorityChanged:
            turn(at, event.seq, priority=event.to, on=current.on, live=current.live)  # type: ignore[attr-defined]
        elif kind is Paused:
            wait = event  # type: ignore[assignment]
            turn(at, event.seq, priority=current.priority, on=event.on, live=current.live)  # type: ignore[attr-defined]
        elif kind is Resumed:
            if wait is not None and ends(event, wait):
                wait = None
                turn(at, event.seq, priority=current.priority, on=None, live=current.live)
        elif kind is Reopened:
            if over:
                raise cannot_reopen(event, over)  # type: ignore[arg-type]
            if solved and solved[-1][1] is None:
                solved[-1] = solved[-1][0], at
            turn(at, event.seq, priority=current.priority, on=None, live=True, opens=True)
        elif kind is Moved:
            if current.era < moves:
                move(event, at)  # type: ignore[arg-type]
        elif kind is not Merged or event.into is not None:  # type: ignore[attr-defined]
            wait = None
            over = over or OVER.get(kind, "")
            if kind is Solved and current.live:
                solved.append((event, None))  # type: ignore[arg-type]
            elif kind is not Solved and solved and solved[-1][1] is None:
                solved[-1] = solved[-1][0], at
            if current.live:
                turn(at, event.seq, priority=current.priority, on=None, live=False)
    if wait is not None and wait.until is not None and wait.until <= now:
        timed_out.append(wait)
        turn(max(wait.until, wait.at), wait.seq, priority=current.priority, on=None, live=current.live)
        wait = None
    current.end, current.kept = now, True
    stretches.append(current)
    return Course(stretches, timed_out, wait, solved)


def ends(event: Event, wait: Paused) -> bool:
    """Whether this resumption ends this wait: the engine's record of a deadline ends no wait but its own."""
    return event.key is None or event.key == f"wait@{wait.seq}"


OVER: dict[type[Event], str] = {Closed: "closed", Cancelled: "cancelled", Merged: "merged into another"}
TURNS = frozenset((Opened, PriorityChanged, Paused, Resumed, Moved, Solved, Reopened, Closed, Cancelled, Merged))
