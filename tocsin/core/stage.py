"""Which stage is the work in, where may it go next, and what is still lacking for that?

A stage is entered by an act, never by a clock. What its gate asks for is a closed list of facts and artifacts, so that
the answer is found on the record and not in somebody's opinion. (R9.1)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from tocsin.core.document import nearest
from tocsin.core.event import Event, Moved, Opened, PriorityChanged, Reopened, Solved, StageEntered

# What can be so of a ticket; each is read from its record.
FACTS: Final[Mapping[str, str]] = {
    "prioritised": "a person has decided its priority",
    "categorised": "its service and category are said",
    "owned": "it has an owner",
    "assigned": "somebody works on it",
    "client_told": "the client has been told",
    "contained": "the harm is held where it is",
    "cause_known": "the root cause, or the top suspicion, is recorded",
    "approved": "what needed approval has it",
    "actions_recorded": "what was done is recorded",
    "fixed": "the fix is recorded, as a workaround or a solution",
    "tested": "the fix was tested, and the result is recorded",
    "verified": "somebody checked that it works: who, how and when",
    "confirmed": "the client has confirmed that all is well",
    "documented": "the documentation was checked, updated or linked",
    "reviewed": "the review was held",
}

# What can be left at a stage: a file or a link, filed under it. (R9.3)
ARTIFACTS: Final[Mapping[str, str]] = {
    "log": "a log",
    "screenshot": "a screenshot",
    "configuration": "the configuration that was changed",
    "script": "the script that was used",
    "timeline": "an entry of the timeline",
    "plan": "a plan or a runbook",
    "report": "a report",
}

# The client's word for it, from first to last. (R9.4)
WORDS: Final = ("investigating", "identified", "monitoring", "resolved")

# No reason opens a gate without these. (R8.17)
NEVER_BYPASSED: Final = frozenset({"verified"})

Part = Literal["exit", "artifact", "entry"]


class BadStage(ValueError):
    """A stage the standard does not have, or not for this priority; the text says which there are."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the work: what must be so before it begins, what is left behind, what must be so before it ends.

    `priorities` are those it is for, all where there are none; `status` is the client's word for it.
    """

    name: str
    title: str
    status: str = "investigating"
    priorities: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()
    exit: tuple[str, ...] = ()

    def is_for(self, priority: str) -> bool:
        return not self.priorities or priority in self.priorities


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing a gate asks for and does not find: of which stage, in which part, and the word for it."""

    stage: str
    part: Part
    word: str

    def __str__(self) -> str:
        if self.part == "artifact":
            return f"{self.stage} leaves {ARTIFACTS[self.word]} behind"
        ends = "ends" if self.part == "exit" else "begins"
        return f"{self.stage} {ends} only when {FACTS[self.word]}"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the work may go to the stage `to`: `open`, or what is `lacking`.

    `bypassed` are the lacks a reason was accepted for; they count against the documentation score. `back` is true
    where it goes back, which asks for nothing but a reason.
    """

    to: str
    open: bool
    lacking: tuple[Lack, ...] = ()
    bypassed: tuple[Lack, ...] = ()
    back: bool = False

    @property
    def final(self) -> tuple[Lack, ...]:
        """The lacks that no reason helps."""
        return tuple(lack for lack in self.lacking if lack.word in NEVER_BYPASSED)


@dataclass(frozen=True, slots=True)
class Left:
    """What is on record of a ticket: the facts that are so, and the artifacts as (stage, kind)."""

    facts: Collection[str] = ()
    artifacts: Collection[tuple[str, str]] = ()


NOTHING: Final = Left()


def path(stages: Iterable[Stage], priority: str) -> tuple[Stage, ...]:
    """The stages a ticket of this priority goes through, in their order."""
    return tuple(stage for stage in stages if stage.is_for(priority))


def place(stages: Sequence[Stage], at: str, priority: str) -> Stage | None:
    """Where work that was in the stage `at` stands under this priority; None where the priority has no stages.

    In that stage, where the priority has it; else in the last one before it, else in the first.
    """
    names = [stage.name for stage in stages]
    own = path(stages, priority)
    before = [stage for stage in own if at in names and names.index(stage.name) <= names.index(at)]
    return before[-1] if before else next(iter(own), None)


def gate(stages: Sequence[Stage], at: str, to: str, priority: str, *, left: Left = NOTHING, reason: str = "") -> Gate:
    """Whether work in the stage `at` may go to the stage `to`.

    Forward, every stage it leaves or passes by must be able to end (its exit and its artifacts), and every one it
    passes by or comes to must be able to begin. A reason bypasses whatever lacks, but for `NEVER_BYPASSED`. Back, or
    into the same stage again, a reason is enough, and needed. Raises BadStage. (R9.1, R8.17)
    """
    own = path(stages, priority)
    names = [stage.name for stage in own]
    for name in (at, to):
        if name not in names:
            raise BadStage(f"{priority} has no stage {name!r}: {nearest(name, names)}")
    begins, ends = names.index(at), names.index(to)
    said = bool(reason.strip())
    if ends <= begins:
        return Gate(to, said, back=True)
    lacking = tuple(
        lack
        for before, after in pairwise(own[begins : ends + 1])
        for lack in (*_to_end(before, left), *_to_begin(after, left))
    )
    final = any(lack.word in NEVER_BYPASSED for lack in lacking)
    passes = not lacking or (said and not final)
    return Gate(to, passes, () if passes else lacking, lacking if passes else ())


def _to_end(stage: Stage, left: Left) -> list[Lack]:
    lacks = [Lack(stage.name, "exit", word) for word in stage.exit if word not in left.facts]
    return lacks + [
        Lack(stage.name, "artifact", kind) for kind in stage.artifacts if (stage.name, kind) not in left.artifacts
    ]


def _to_begin(stage: Stage, left: Left) -> list[Lack]:
    return [Lack(stage.name, "entry", word) for word in stage.entry if word not in left.facts]


def following(stages: Sequence[Stage], at: str, priority: str) -> Stage | None:
    """The stage after `at` on the path of this priority; None after the last."""
    own = path(stages, priority)
    names = [stage.name for stage in own]
    return own[names.index(at) + 1] if at in names and at != names[-1] else None


def solving(stages: Sequence[Stage], at: str, priority: str) -> Stage | None:
    """The stage that whoever marks it solved enters: the next whose word is `resolved`.

    None where it stands in such a stage already, or where there is none further on: then solving passes no gate.
    """
    own = path(stages, priority)
    names = [stage.name for stage in own]
    if at not in names or own[names.index(at)].status == "resolved":
        return None
    return next((stage for stage in own[names.index(at) + 1 :] if stage.status == "resolved"), None)


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a stage, begun by the event at this place of the log; what it bypassed on the way in, and why."""

    stage: str
    anchor: int
    bypassed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """The stages a ticket has been in, first to last, and the one it is `at`; "" while its priority has none."""

    visits: tuple[Visit, ...] = ()
    at: str = ""

    @property
    def bypasses(self) -> int:
        """How many things were lacking when a stage was entered nevertheless."""
        return sum(len(visit.bypassed) for visit in self.visits)


def walk(stages: Sequence[Stage], story: Iterable[Event]) -> Walk:
    """The stages of a ticket with this story, which is in the order of its log.

    Opening enters the first stage of its priority, solving the stage whose word is `resolved` (`solving`); a change of
    priority keeps the place (`place`), and reopening goes back to the last stage it was in that is not `resolved`. An
    entry into a stage that the priority of that moment does not have is one of another standard, and is passed over.
    Priorities are called what they are now: a ticket that was moved had the same one before, by another name.
    """
    story = list(story)
    renamings = [dict(event.priorities) for event in story if isinstance(event, Moved)]
    visits: list[Visit] = []
    priority = at = ""
    for event in story:
        stands: Stage | None
        if isinstance(event, Moved):
            del renamings[0]
            continue
        if isinstance(event, StageEntered):
            if any(stage.name == event.to for stage in path(stages, priority)):
                visits.append(Visit(event.to, event.seq, event.bypassed, event.reason))
                at = event.to
            continue
        if isinstance(event, Opened | PriorityChanged):
            priority = event.priority if isinstance(event, Opened) else event.to
            for names in renamings:
                priority = names.get(priority, priority)
            stands = place(stages, visits[-1].stage if visits else "", priority)
            at = at if stands else ""
        elif isinstance(event, Solved):
            stands = solving(stages, at, priority)
        elif isinstance(event, Reopened):
            stands = _before_solved(stages, visits, at, priority)
        else:
            continue
        if stands is not None and stands.name != at:
            visits.append(Visit(stands.name, event.seq))
            at = stands.name
    return Walk(tuple(visits), at)


def _before_solved(stages: Sequence[Stage], visits: Sequence[Visit], at: str, priority: str) -> Stage | None:
    """Where work goes on that was not done after all; None where it stands outside of what is resolved."""
    own = {stage.name: stage for stage in path(stages, priority)}
    if at not in own or own[at].status != "resolved":
        return None
    been = (own[visit.stage] for visit in reversed(visits) if visit.stage in own)
    return next((stage for stage in been if stage.status != "resolved"), next(iter(own.values())))
