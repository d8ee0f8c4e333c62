"""Who is asked next, if nobody has solved it by then?

Three ladders count from the incident (management, client, complaint), and so does the page path; the functional one
counts from when each level took the ticket: that is `core.levels`. (semantics 3)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tocsin.core.course import Stint, Stretch
from tocsin.core.duration import Duration
from tocsin.core.event import Acknowledged, Done, Event
from tocsin.core.hours import Calendar

Wait = Mapping[str, tuple[Duration, Calendar]]
NAMED = ("step", "missed")  # of which there is one a step in a run


@dataclass(frozen=True, eq=False)
class Step:
    """One rung: `after` maps each priority that climbs it to (Duration, Calendar), an offset and not a sum.

    `to` is the role told, `by` the ways of telling. `act`: a person must do something (a call) and record it.
    `accept`: how long to wait for acceptance, per priority; `within`: how long the act may take (default: until the
    next step falls due). `template` names the message. (R2.16, R5.3, R6.2)
    """

    name: str
    after: Wait
    to: str
    by: tuple[str, ...] = ()
    act: bool = False
    accept: Wait | None = None
    within: Wait | None = None
    template: str = ""
    title: str = ""


@dataclass(frozen=True, eq=False)
class Ladder:
    """Steps in the order in which they are climbed; `paused_by` lists the waits that hold it, `owner` who is told at
    its end.

    `until_acknowledged`: an acknowledgement of any step ends the run (a page path).
    """

    name: str
    steps: tuple[Step, ...]
    counts_from: Literal["incident", "level"] = "incident"
    paused_by: Collection[str] = ()
    owner: str = "service-desk-manager"
    until_acknowledged: bool = False
    priorities: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "paused_by", frozenset(self.paused_by))
        object.__setattr__(self, "priorities", frozenset(p for step in self.steps for p in step.after))

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)


@dataclass(slots=True)
class Rung:
    """What became of one step: due at `at`, of the run that began with event `anchor`.

    `kind` is step (fire it), missed (its act was not recorded in time) or exhausted (the ladder has run out). `moot`:
    by now there is nobody to tell.
    """

    kind: str
    at: datetime
    anchor: int
    step: Step
    moot: bool = False
    why: str = ""

    def key(self, ladder: str) -> str:
        return f"{self.kind}/{ladder}@{self.anchor}" + (f"/{self.step.name}" if self.kind in NAMED else "")


class Run:
    """A ladder while it is climbed."""

    __slots__ = ("due", "ended_at", "fired", "stint")

    def __init__(self, anchor: int, start: datetime) -> None:
        self.stint = Stint(anchor, start)
        self.fired: dict[str, datetime] = {}
        self.due: dict[str, datetime] = {}
        self.ended_at: datetime | None = None


def climb(
    ladder: Ladder, stretches: list[Stretch], events: list[Event], now: datetime
) -> tuple[list[Rung], list[datetime]]:
    """The rungs that have fallen due by `now`, in order, and the instants at which others will if nothing else
    happens.

    `stretches` is the ticket's course. What is on record already is among the rungs: the plan knows the log.
    (semantics 3)
    """
    if ladder.priorities.isdisjoint([stretch.priority for stretch in stretches]):
        return [], []
    runs: list[Run] = []
    run: Run | None = None
    for stretch in stretches:
        if not stretch.live:
            if run is not None:
                run.stint.hold(stretch.start)
                run.ended_at = stretch.start
                run = None
            continue
        if run is None:
            if stretch.priority not in ladder.priorities:
                continue
            run = Run(stretch.anchor, stretch.start)
            runs.append(run)
        if stretch.on in ladder.paused_by:
            run.stint.hold(stretch.start)
            continue
        run.stint.go(stretch.start)
        _fire(ladder, run, stretch)
    last = stretches[-1]
    rungs: list[Rung] = []
    ahead: list[datetime] = []
    answered = {event.of: event.at for event in events if type(event) in (Done, Acknowledged)}  # type: ignore[attr-defined]
    for run in runs:
        if ladder.until_acknowledged:
            _quieten(ladder, run, answered)
        live = run.ended_at is None and last.live
        holding = live and last.on not in ladder.paused_by
        for step in ladder.steps:
            at = run.fired.get(step.name)
            if at is not None:
                moot = not holding or last.priority not in step.after
                rungs.append(Rung("step", at, run.stint.anchor, step, moot))
            elif holding and last.priority in step.after and step.name in run.due and run.ended_at is None:
                ahead.append(run.due[step.name])
        _acts(ladder, run, last, now, answered, rungs, ahead)
    rungs.sort(key=lambda rung: rung.at)
    return rungs, ahead


def _fire(ladder: Ladder, run: Run, stretch: Stretch) -> None:
    """The steps of this priority that fall due in the stretch have fired; the others have a due instant."""
    stint = run.stint
    for step in ladder.steps:
        if step.name in run.fired:
            continue
        wait = step.after.get(stretch.priority)
        if wait is None:
            continue
        duration, calendar = wait
        at = stint.reach(calendar, calendar.budget(stint.start, duration))
        if at is None:
            continue
        at = max(at, stretch.start)
        run.due[step.name] = at
        if at < stretch.end or (stretch.kept and at == stretch.end):
            run.fired[step.name] = at


def _quieten(ladder: Ladder, run: Run, answered: Mapping[str, datetime]) -> None:
    """What falls due after somebody has acknowledged does not."""
    keys = (f"step/{ladder.name}@{run.stint.anchor}/{step.name}" for step in ladder.steps)
    heard = min((answered[key] for key in keys if key in answered), default=None)
    if heard is not None:
        run.fired = {name: at for name, at in run.fired.items() if at <= heard}
        run.due = {name: at for name, at in run.due.items() if name in run.fired}


def _acts(
    ladder: Ladder,
    run: Run,
    last: Stretch,
    now: datetime,
    answered: Mapping[str, datetime],
    rungs: list[Rung],
    ahead: list[datetime],
) -> None:
    """Steps whose act nobody recorded in time are missed, by name; after the last one the ladder has run out."""
    steps = [step for step in ladder.steps if step.name in run.fired]
    for step in steps:
        if not step.act:
            continue
        fired = run.fired[step.name]
        later = [at for name, at in run.due.items() if at > fired and name != step.name]
        deadline = min(later, default=None)
        if step.within is not None and last.priority in step.within:
            duration, calendar = step.within[last.priority]
            deadline = run.stint.reach(calendar, calendar.budget(fired, duration), after=fired)
        if deadline is None:
            continue
        done = answered.get(f"step/{ladder.name}@{run.stint.anchor}/{step.name}")
        if done is not None and done <= deadline:
            continue
        if run.ended_at is not None and run.ended_at <= deadline:
            continue
        if deadline > now:
            if done is None:
                ahead.append(deadline)
            continue
        moot = run.ended_at is not None
        rungs.append(Rung("missed", deadline, run.stint.anchor, step, moot, f"nobody recorded it by then: {step.to}"))
        if step is ladder.steps[-1] or not any(last.priority in s.after for s in _after(ladder, step)):
            rungs.append(Rung("exhausted", deadline, run.stint.anchor, step, moot, "the last step was missed"))


def _after(ladder: Ladder, step: Step) -> tuple[Step, ...]:
    return ladder.steps[ladder.steps.index(step) + 1 :]
