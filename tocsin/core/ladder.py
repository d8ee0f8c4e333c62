"""Who is asked next, if nobody has solved it by then?

Three ladders count from the incident (management, client, complaint), and so does the page path; the functional one
counts from when each level took the ticket: that is `core.levels`. (semantics 3)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from tocsin.core.course import Stint, Stretch
from tocsin.core.duration import Duration
from tocsin.core.event import Acknowledged, Done, Event, LineStopped, Moved
from tocsin.core.hours import Calendar

Wait = Mapping[str, tuple[Duration, Calendar]]

LAST_PAGE = Duration(5, "m")  # how long the last page of a path is waited for, where its step does not say


@dataclass(frozen=True, eq=False)
class Step:
    """One rung: `after` maps each priority that climbs it to (Duration, Calendar), an offset and not a sum.

    `to` is the role told, `by` the ways of telling. `act`: a person must do something (a call) and record it.
    `accept`: how long to wait for acceptance, per priority; `within`: how long the act may take (default: until the
    next step falls due), or how long the last page of a path is waited for. `template` names the message. (R2.16, R5.3,
    R6.2)
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

    @cached_property
    def waited_for(self) -> Wait:
        """How long an answer to its page is waited for where nobody is paged after it, by priority."""
        return {
            priority: (self.within or {}).get(priority) or (LAST_PAGE, on) for priority, (_, on) in self.after.items()
        }


@dataclass(frozen=True, eq=False)
class Ladder:
    """Steps in the order in which they are climbed; `paused_by` lists the waits that hold it, `owner` who is told at
    its end.

    `until_acknowledged`: an acknowledgement of any step ends the run (a page path), and without one it runs out; a line
    that is stopped begins another.
    """

    name: str
    steps: tuple[Step, ...]
    counts_from: Literal["incident", "level"] = "incident"
    paused_by: Collection[str] = ()
    owner: str = "service-desk-manager"
    until_acknowledged: bool = False
    earlier: tuple[Ladder, ...] = ()  # what it was before each time the ticket was moved, the first first

    def __post_init__(self) -> None:
        object.__setattr__(self, "paused_by", frozenset(self.paused_by))

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def find(self, name: str) -> Step | None:
        """The step of that name, as it is or as it was the last time it had one."""
        known = (step for ladder in (self, *reversed(self.earlier)) for step in ladder.steps)
        return next((step for step in known if step.name == name), None)

    @cached_property
    def climbed(self) -> Mapping[str, tuple[Step, ...]]:
        """Each priority that climbs the ladder → its steps."""
        priorities = dict.fromkeys(priority for step in self.steps for priority in step.after)
        return {priority: tuple(step for step in self.steps if priority in step.after) for priority in priorities}

    @property
    def priorities(self) -> Set[str]:
        """Those that climb it."""
        return self.climbed.keys()

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The name of each step → its place, 0 being the lowest."""
        return {step.name: place for place, step in enumerate(self.steps)}

    def above(self, level: str, priority: str) -> Step | None:
        """The step that comes after the level for the priority; a level that is no step is below them all."""
        return self._above.get((level if level in self.places else "", priority))

    @cached_property
    def _above(self) -> Mapping[tuple[str, str], Step]:
        above: dict[tuple[str, str], Step] = {}
        for priority, climbed in self.climbed.items():
            for level, place in {"": -1, **self.places}.items():
                higher = (step for step in climbed if self.places[step.name] > place)
                if (step := next(higher, None)) is not None:
                    above[level, priority] = step
        return above

    @cached_property
    def acts(self) -> tuple[Step, ...]:
        """The steps that ask somebody to do something."""
        return tuple(step for step in self.steps if step.act)


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


def renamed(step: Step, names: Mapping[str, str]) -> Step:
    """The step for the same priorities, called what another version calls them."""
    if not names:
        return step

    def told(wait: Wait | None) -> Wait | None:
        return None if wait is None else {names.get(priority, priority): time for priority, time in wait.items()}

    return replace(step, after=told(step.after) or {}, accept=told(step.accept), within=told(step.within))


class Run:
    """A ladder while it is climbed: when each step fired, and when the act it asked for was missed.

    `heard`: when somebody acknowledged, on a ladder which that ends. `out`: its last step, when that was not answered
    in time, and why that means that it has run out. `ahead`: what falls due next, if nothing else happens. `since` is
    when the ticket got the priority it has; `gone` are the steps whose time had gone by for a priority when the ticket
    was moved to the version that has them.
    """

    __slots__ = (
        *("acts", "ahead", "answers", "fired", "gone", "heard", "ladder", "missed", "out", "over", "priority", "since"),
        *("steps", "stint"),
    )

    def __init__(self, ladder: Ladder, stretch: Stretch, answers: Mapping[str, datetime]) -> None:
        self.ladder = ladder
        self.steps, self.acts = ladder.steps, ladder.acts
        self.priority, self.since = stretch.priority, stretch.start
        self.gone: frozenset[tuple[str, str]] = frozenset()
        self.answers = answers
        self.stint = Stint(stretch.anchor, stretch.start)
        self.heard: datetime | None = None
        if ladder.until_acknowledged and answers:
            pages = f"step/{ladder.name}@{stretch.anchor}/"
            self.heard = min((at for key, at in answers.items() if key.startswith(pages)), default=None)
        self.fired: dict[str, datetime] = {}
        self.missed: dict[str, datetime] = {}
        self.out: tuple[Step, datetime, str] | None = None
        self.over = False
        self.ahead: list[Rung] = []

    def enter(self, stretch: Stretch) -> None:
        """The stretch begins; it is of the same version as the one before."""
        if stretch.priority != self.priority:
            self.priority, self.since = stretch.priority, stretch.start

    def rebase(self, ladder: Ladder, stretch: Stretch, names: Mapping[str, str]) -> None:
        """It is another version's ladder from here on: the start stays, and what was asked is owed as it was asked.

        A step of it whose time has gone by is not fired for the priority the ticket has. (semantics 3)
        """
        self.priority = names.get(self.priority, self.priority)
        self.gone = frozenset((name, names.get(priority, priority)) for name, priority in self.gone)
        self.enter(stretch)
        asked = {step.name: renamed(step, names) for step in self.steps if step.name in self.fired}
        others = [step for name, step in asked.items() if name not in ladder.places]
        self.ladder = ladder
        self.steps = (*(asked.get(step.name, step) for step in ladder.steps), *others)
        self.acts = tuple(step for step in self.steps if step.act)
        for step in ladder.climbed.get(stretch.priority, ()):
            if step.name not in self.fired:
                duration, calendar = step.after[stretch.priority]
                start = self.stint.start
                at = self.stint.reach(calendar, calendar.budget(start, duration))
                if at is not None and max(at, self.since) < stretch.start:
                    self.gone |= {(step.name, stretch.priority)}

    def go_on(self, stretch: Stretch, *, last: bool) -> None:
        """What falls due within the stretch is noted; of the `last` one, what would next if it went on, is ahead."""
        self.stint.go(stretch.start)
        if self.heard is not None and self.heard < stretch.start:
            return  # it has ended
        dues = self._fire(stretch, last=last)
        for step in self.acts:
            if step.name in self.fired and step.name not in self.missed:
                self._wait_for(step, stretch, dues, last=last)
        if self.ladder.until_acknowledged:
            self._wait_for_anybody(stretch, last=last)

    def _fire(self, stretch: Stretch, *, last: bool) -> list[datetime]:
        """The steps whose time comes have fired; returns when each of the priority's was, is or will be due."""
        stint, priority, heard = self.stint, stretch.priority, self.heard
        dues = list(self.fired.values())
        for step in self.ladder.climbed.get(priority, ()):
            if step.name in self.fired or (step.name, priority) in self.gone:
                continue
            wait = step.after[priority]
            length = wait[0].length
            if not last and length is not None and stint.start + length > stretch.end:
                continue  # no clock is faster than the one on the wall
            at = _reached(stint, stint.start, wait, stretch)
            if heard is not None and at > heard:
                continue
            dues.append(at)
            if falls_within(stretch, at):
                self.fired[step.name] = at
            elif last:
                self.ahead.append(Rung(self._key("step", step), "step", at, stint.anchor, step))
        return dues

    def _wait_for(self, step: Step, stretch: Stretch, dues: Iterable[datetime], *, last: bool) -> None:
        """The act of a step that has fired is missed, if it is not done so long after, or by the next step."""
        fired = self.fired[step.name]
        within = step.within.get(stretch.priority) if step.within is not None else None
        if within is not None:
            deadline = _reached(self.stint, fired, within, stretch)
        else:
            later = [at for at in dues if at > fired]
            if not later:
                return
            deadline = max(min(later), stretch.start)
        done = self.answers.get(self._key("step", step)) if self.heard is None else self.heard
        if done is not None and done <= deadline:
            return
        if falls_within(stretch, deadline):
            self.missed[step.name] = deadline
            if self.ladder.above(step.name, stretch.priority) is None:
                self._run_out(step, deadline, "the last step was missed")
        elif last:
            self.ahead.append(Rung(self._key("missed", step), "missed", deadline, self.stint.anchor, step))

    def _wait_for_anybody(self, stretch: Stretch, *, last: bool) -> None:
        """It has run out when nobody has acknowledged so long after the last page."""
        priority = stretch.priority
        climbed = self.ladder.climbed.get(priority, ())
        step = next((step for step in reversed(climbed) if (step.name, priority) not in self.gone), None)
        if step is None and self.gone and self.fired:  # no page is left to come: the last that was sent is waited for
            last_page = max(self.fired, key=lambda name: self.fired[name])
            step = next(step for step in self.steps if step.name == last_page)
        wait = step.waited_for.get(priority) if step is not None else None
        if step is None or wait is None or step.name not in self.fired:
            return
        deadline = _reached(self.stint, self.fired[step.name], wait, stretch)
        if self.heard is not None and self.heard <= deadline:
            return
        if falls_within(stretch, deadline):
            self._run_out(step, deadline, f"nobody acknowledged the last page in {wait[0]}")
        elif last and self.out is None:
            anchor = self.stint.anchor
            self.ahead.append(Rung(rung_key("exhausted", self.ladder, anchor), "exhausted", deadline, anchor, step))

    def _run_out(self, step: Step, at: datetime, why: str) -> None:
        """It runs out once, by whatever comes first."""
        if self.out is None or at < self.out[1]:
            self.out = step, at, why

    def rungs(self, priority: str, *, held: bool, recorded: Collection[str]) -> Iterator[Rung]:
        """What has fallen due and is not on record; on a run that is over or held there is nobody to tell of it."""
        anchor, moot = self.stint.anchor, self.over or held
        for step in self.steps:
            at = self.fired.get(step.name)
            if at is not None and (key := self._key("step", step)) not in recorded:
                yield Rung(key, "step", at, anchor, step, moot or priority not in step.after)
            at = self.missed.get(step.name)
            if at is not None and (key := self._key("missed", step)) not in recorded:
                yield Rung(key, "missed", at, anchor, step, moot)
        if self.out is not None and (key := rung_key("exhausted", self.ladder, anchor)) not in recorded:
            step, at, why = self.out
            yield Rung(key, "exhausted", at, anchor, step, moot, why)

    def _key(self, kind: str, step: Step) -> str:
        return rung_key(kind, self.ladder, self.stint.anchor, step)


def climb(
    ladder: Ladder, stretches: list[Stretch], events: Iterable[Event], recorded: Collection[str] = ()
) -> tuple[list[Rung], list[Rung]]:
    """The rungs that have fallen due by now, in order, and those that will next if nothing else happens.

    `stretches` is the ticket's course up to now; of `events` only what was acknowledged and done counts, moves, and, on
    a page path, that the line was stopped. Those whose key is `recorded` are left out. (semantics 3)
    """
    eras = (*ladder.earlier, ladder)
    known = {stretch.priority for stretch in stretches}
    if all(each.priorities.isdisjoint(known) for each in eras):
        return [], []
    events = list(events)
    names = [dict(event.priorities) for event in events if type(event) is Moved] if ladder.earlier else []
    answers = _answers(ladder, events)
    stops = {event.at: event.seq for event in events if ladder.until_acknowledged and type(event) is LineStopped}
    stretches = _parted(stretches, stops) if stops else stretches
    runs: list[Run] = []
    run: Run | None = None
    last = stretches[-1]
    era = 0
    for stretch in stretches:
        ladder = eras[min(stretch.era, len(eras) - 1)]
        if stretch.era != era:
            for each in range(era, stretch.era):
                if run is not None:
                    run.rebase(eras[each + 1], stretch, names[each])
            era = stretch.era
        elif run is not None:
            run.enter(stretch)
        if not stretch.live:
            if run is not None:
                run.stint.hold(stretch.start)
                run.over = True
                run = None
            continue
        again = stretch.start in stops and stretch.priority in ladder.priorities
        if again and run is not None and run.stint.start < stretch.start:
            run.stint.hold(stretch.start)
            run.over = True
            run = None
        if run is None:
            if stretch.priority not in ladder.priorities:
                continue
            run = Run(ladder, stretch, answers)
            runs.append(run)
        if stretch.on in ladder.paused_by:
            run.stint.hold(stretch.start)
        else:
            run.go_on(stretch, last=stretch is last)
    held = last.on in ladder.paused_by  # of the era it is in
    rungs = [rung for run in runs for rung in run.rungs(last.priority, held=held, recorded=recorded)]
    rungs.sort(key=lambda rung: rung.at)
    return rungs, [rung for run in runs for rung in run.ahead if rung.key not in recorded]


def _parted(stretches: list[Stretch], stops: Mapping[datetime, int]) -> list[Stretch]:
    """The same course, in which a stretch begins wherever the line was stopped, too."""
    parted: list[Stretch] = []
    for stretch in stretches:
        last = stretch is stretches[-1]  # asked of the whole stretch: its parts are others
        if stretch.moved and stretch.start in stops:
            stretch = replace(stretch, anchor=stops[stretch.start])
        for at in sorted(stops):
            if stretch.start < at and (at < stretch.end or (at == stretch.end and last)):
                parted.append(replace(stretch, end=at, kept=True))
                stretch = replace(stretch, start=at, anchor=stops[at])
        parted.append(stretch)
    return parted


def _answers(ladder: Ladder, events: Iterable[Event]) -> dict[str, datetime]:
    """Step key → when its act was done; on a page path an acknowledgement is the act."""
    answers: dict[str, datetime] = {}
    for event in events:
        kind = type(event)
        if kind is Done or (kind is Acknowledged and ladder.until_acknowledged):
            answers.setdefault(event.of, event.at)  # type: ignore[attr-defined]
    return answers


def _reached(stint: Stint, after: datetime, wait: tuple[Duration, Calendar], stretch: Stretch) -> datetime:
    """When so much of the stint has passed since `after`; what a change brings about is not before the change."""
    duration, calendar = wait
    at = stint.reach(calendar, calendar.budget(after, duration), after)
    assert at is not None, "a stint that goes on reaches everything"
    return max(at, stretch.start)


def falls_within(stretch: Stretch, at: datetime) -> bool:
    """Whether what is due at this instant fell due in the stretch."""
    return at < stretch.end or (stretch.kept and at == stretch.end)
