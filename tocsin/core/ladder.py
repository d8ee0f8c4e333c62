"""Who is asked next, if nobody has solved it by then?

Three ladders count from the incident (management, client, complaint), and so does the page path; the functional one
counts from when each level took the ticket: that is `core.levels`. (semantics 3)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tocsin.core.course import Stint, Stretch
from tocsin.core.duration import Duration
from tocsin.core.event import Acknowledged, Done, Event
from tocsin.core.hours import Calendar

Wait = Mapping[str, tuple[Duration, Calendar]]


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
    """What became of one step, on record by `key`: due at `at`, of the run that began with event `anchor`.

    `kind` is step (fire it), missed (its act was not recorded in time) or exhausted (the ladder has run out). `moot`:
    by now there is nobody to tell.
    """

    key: str
    kind: str
    at: datetime
    anchor: int
    step: Step
    moot: bool = False
    why: str = ""


def rung_key(kind: str, ladder: Ladder, anchor: int, step: Step | None = None) -> str:
    """What the rung is on record by; `step` where a run has one of the kind for each. (semantics 10)"""
    return f"{kind}/{ladder.name}@{anchor}/{step.name}" if step else f"{kind}/{ladder.name}@{anchor}"


class Run:
    """A ladder while it is climbed: when each step fired, and when the act it asked for was missed.

    `heard`: when somebody acknowledged, on a ladder which that ends. `out`: the step by whose miss it ran out.
    """

    __slots__ = ("fired", "heard", "missed", "out", "over", "stint")

    def __init__(self, stint: Stint, heard: datetime | None) -> None:
        self.stint = stint
        self.heard = heard
        self.fired: dict[str, datetime] = {}
        self.missed: dict[str, datetime] = {}
        self.out: str | None = None
        self.over = False


def climb(
    ladder: Ladder, stretches: list[Stretch], events: Iterable[Event], recorded: Collection[str] = ()
) -> tuple[list[Rung], list[Rung]]:
    """The rungs that have fallen due by now, in order, and those that will next if nothing else happens.

    `stretches` is the ticket's course up to now; of `events` only what was acknowledged and done counts. Those whose
    key is `recorded` are left out. (semantics 3)
    """
    if ladder.priorities.isdisjoint([stretch.priority for stretch in stretches]):
        return [], []
    answers = _answers(ladder, events)
    runs: list[Run] = []
    run: Run | None = None
    last = stretches[-1]
    ahead: list[Rung] = []
    for stretch in stretches:
        if not stretch.live:
            if run is not None:
                run.stint.hold(stretch.start)
                run.over = True
                run = None
            continue
        if run is None:
            if stretch.priority not in ladder.priorities:
                continue
            run = _run(ladder, stretch, answers)
            runs.append(run)
        if stretch.on in ladder.paused_by:
            run.stint.hold(stretch.start)
            continue
        run.stint.go(stretch.start)
        _pass(ladder, run, stretch, answers, ahead if stretch is last else None)
    rungs: list[Rung] = []
    for climbed in runs:
        moot = climbed.over or last.on in ladder.paused_by
        rungs += [rung for rung in _rungs(ladder, climbed, last.priority, moot) if rung.key not in recorded]
    rungs.sort(key=lambda rung: rung.at)
    return rungs, [rung for rung in ahead if rung.key not in recorded]


def _answers(ladder: Ladder, events: Iterable[Event]) -> dict[str, datetime]:
    """Step key → when its act was done; on a page path an acknowledgement is the act."""
    answers: dict[str, datetime] = {}
    for event in events:
        kind = type(event)
        if kind is Done or (kind is Acknowledged and ladder.until_acknowledged):
            answers.setdefault(event.of, event.at)  # type: ignore[attr-defined]
    return answers


def _run(ladder: Ladder, stretch: Stretch, answers: Mapping[str, datetime]) -> Run:
    heard = None
    if ladder.until_acknowledged:
        pages = f"step/{ladder.name}@{stretch.anchor}/"
        heard = min((at for key, at in answers.items() if key.startswith(pages)), default=None)
    return Run(Stint(stretch.anchor, stretch.start), heard)


def _pass(
    ladder: Ladder, run: Run, stretch: Stretch, answers: Mapping[str, datetime], ahead: list[Rung] | None
) -> None:
    """What falls due within the stretch is noted in the run; what would next, if the stretch went on, in `ahead`."""
    stint, priority = run.stint, stretch.priority
    dues = dict(run.fired)
    for step in ladder.steps:
        wait = step.after.get(priority)
        if wait is None or step.name in run.fired:
            continue
        length = wait[0].length
        if ahead is None and length is not None and stint.start + length > stretch.end:
            continue  # no clock is faster than the one on the wall
        at = _reached(stint, stint.start, wait, stretch)
        if run.heard is not None and at > run.heard:
            continue
        dues[step.name] = at
        if falls_within(stretch, at):
            run.fired[step.name] = at
        elif ahead is not None:
            ahead.append(Rung(rung_key("step", ladder, stint.anchor, step), "step", at, stint.anchor, step))
    for step in ladder.steps:
        if step.act and step.name in run.fired and step.name not in run.missed:
            deadline = _deadline(step, run, stretch, dues)
            done = answers.get(rung_key("step", ladder, stint.anchor, step))
            if run.heard is not None:
                done = run.heard
            if deadline is None or (done is not None and done <= deadline):
                continue
            if falls_within(stretch, deadline):
                run.missed[step.name] = deadline
                if run.out is None and all(priority not in later.after for later in _after(ladder, step)):
                    run.out = step.name
            elif ahead is not None:
                key = rung_key("missed", ladder, stint.anchor, step)
                ahead.append(Rung(key, "missed", deadline, stint.anchor, step))


def _reached(stint: Stint, after: datetime, wait: tuple[Duration, Calendar], stretch: Stretch) -> datetime:
    """When so much of the stint has passed since `after`; what a change brings about is not before the change."""
    duration, calendar = wait
    at = stint.reach(calendar, calendar.budget(after, duration), after)
    assert at is not None, "a stint that goes on reaches everything"
    return max(at, stretch.start)


def falls_within(stretch: Stretch, at: datetime) -> bool:
    """Whether what is due at this instant fell due in the stretch."""
    return at < stretch.end or (stretch.kept and at == stretch.end)


def _deadline(step: Step, run: Run, stretch: Stretch, dues: Mapping[str, datetime]) -> datetime | None:
    """Until when the act of a step that has fired is waited for: so long, or until the next step falls due."""
    fired = run.fired[step.name]
    within = step.within.get(stretch.priority) if step.within is not None else None
    if within is not None:
        return _reached(run.stint, fired, within, stretch)
    return min((max(at, stretch.start) for at in dues.values() if at > fired), default=None)


def _rungs(ladder: Ladder, run: Run, priority: str, moot: bool) -> Iterator[Rung]:
    anchor = run.stint.anchor
    for step in ladder.steps:
        at = run.fired.get(step.name)
        if at is not None:
            key = rung_key("step", ladder, anchor, step)
            yield Rung(key, "step", at, anchor, step, moot or priority not in step.after)
        at = run.missed.get(step.name)
        if at is not None:
            yield Rung(rung_key("missed", ladder, anchor, step), "missed", at, anchor, step, moot)
            if run.out == step.name:
                why = "the last step was missed"
                yield Rung(rung_key("exhausted", ladder, anchor), "exhausted", at, anchor, step, moot, why)


def _after(ladder: Ladder, step: Step) -> tuple[Step, ...]:
    return ladder.steps[ladder.steps.index(step) + 1 :]
