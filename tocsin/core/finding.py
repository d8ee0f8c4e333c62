"""Which of the promises can its ladders, pages and rules not keep?

A standard that reads well may still promise what it cannot do. Times are compared from the opening of support hours on
a Monday, everybody at work: what cannot fit then fits never. (R2.10)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final, Literal

from tocsin.core.ladder import Ladder, Step
from tocsin.core.place import Path
from tocsin.core.terms import Terms

MONDAY: Final = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Finding:
    """Something to put right (error) or to know about (warning); `where` is file:line: key, of the path in it."""

    level: Literal["error", "warning"]
    where: str
    sentence: str
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.level}: {self.sentence}"


def findings(terms: Terms, where: Callable[[Path], str]) -> list[Finding]:
    """Everything found in these terms, errors first; `where` names the place of a path in the document."""
    found = [
        Finding(level, where(path), sentence, path)
        for look in (_answers, _levels, _pages, _order, _acts, _raises, _collisions, _corrections, _matrix)
        for level, path, sentence in look(terms)
    ]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.level)


Found = Iterator[tuple[Literal["error", "warning"], Path, str]]


def _answers(terms: Terms) -> Found:
    """The client hears of it before it is solved."""
    for clock in ("response", "client_notified"):
        for priority in terms.priorities:
            first, last = _due(terms, clock, priority), _due(terms, "resolution", priority)
            if first and last and first > last:
                yield (
                    "error",
                    ("clocks", clock, "targets", priority),
                    f"{priority}: {clock} is promised in {_promised(terms, clock, priority)}, "
                    f"after resolution in {_promised(terms, 'resolution', priority)}.",
                )


def _levels(terms: Terms) -> Found:
    """Each level has the ticket before its solution is due; a decision asked for too late is worth knowing of."""
    for ladder in terms.ladders.values():
        for priority in terms.priorities if ladder.counts_from == "level" else ():
            due, at, path = _due(terms, "resolution", priority), _start(terms), []
            for index, step in enumerate(ladder.steps):
                if due is None or priority not in step.after:
                    continue
                duration, calendar = step.after[priority]
                at = calendar.due(at, duration)
                path.append(str(duration))
                if at >= due:
                    works = step.to == step.name
                    yield (
                        "error" if works else "warning",
                        ("ladders", ladder.name, "steps", index, "after", priority),
                        f"{priority}: {step.name} gets it after {' + '.join(path)} at the earliest, "
                        f"and resolution is due in {_promised(terms, 'resolution', priority)}.",
                    )
                    break


def _pages(terms: Terms) -> Found:
    """A second person is paged while the response can still be kept. (R2.10, semantics 6)"""
    for ladder in terms.ladders.values():
        for priority in terms.priorities if ladder.until_acknowledged else ():
            steps = _steps(ladder, priority)
            if len(steps) == 1:
                yield (
                    "warning",
                    ("ladders", ladder.name, "steps", steps[0][0]),
                    f"{priority}: nobody is paged when {steps[0][1].to} does not acknowledge: add a second step.",
                )
            due = _due(terms, "response", priority)
            for index, step in steps:
                if due is not None and _at(terms, step, priority) >= due:
                    yield (
                        "error",
                        ("ladders", ladder.name, "steps", index, "after", priority),
                        f"{priority}: {step.to} is paged after {step.after[priority][0]}, "
                        f"and response is due in {_promised(terms, 'response', priority)}.",
                    )


def _order(terms: Terms) -> Found:
    """Steps come in the order in which they are written."""
    for ladder in terms.ladders.values():
        for priority in ladder.priorities if ladder.counts_from == "incident" else ():
            for (_, before), (index, step) in pairwise(_steps(ladder, priority)):
                if _at(terms, step, priority) < _at(terms, before, priority):
                    yield (
                        "error",
                        ("ladders", ladder.name, "steps", index, "after", priority),
                        f"{priority}: {step.name} comes after {step.after[priority][0]}, before {before.name} "
                        f"which is written above it.",
                    )


def _acts(terms: Terms) -> Found:
    """What a person must do has a time until when, or nobody would ever miss it. (semantics 3)"""
    for ladder in terms.ladders.values():
        for priority in sorted(ladder.priorities):
            steps = _steps(ladder, priority)
            for place, (index, step) in enumerate(steps):
                later = [
                    each for _, each in steps[place + 1 :] if _at(terms, each, priority) > _at(terms, step, priority)
                ]
                if step.act and not later and priority not in (step.within or {}):
                    yield (
                        "warning",
                        ("ladders", ladder.name, "steps", index),
                        f"{priority}: no step follows {step.name}, so nobody would miss it: say within when.",
                    )


def _raises(terms: Terms) -> Found:
    """A rule that raises leaves the new promise a chance, and comes while the old one has one."""
    clock = terms.clocks.get("resolution")
    for rule in terms.raises:
        duration, calendar = rule.after
        at = calendar.due(_start(terms), duration)
        was, becomes = _due(terms, "resolution", rule.frm), _due(terms, "resolution", rule.to)
        path: Path = ("raises", rule.name, "after")
        if clock and becomes and at >= becomes and clock.on_raise in ("carry", "recalculate"):
            yield (
                "error",
                path,
                f"{rule.to} would be broken at once: resolution is due in {_promised(terms, 'resolution', rule.to)}, "
                f"{duration} are gone by then, and on_raise is {clock.on_raise}.",
            )
        if was and at >= was:
            yield (
                "warning",
                path,
                f"{rule.frm} is broken by then: resolution is due in {_promised(terms, 'resolution', rule.frm)}.",
            )


def _collisions(terms: Terms) -> Found:
    """Nobody is told twice at one instant, by a threshold and by a step."""
    start = _start(terms)
    for threshold in terms.thresholds:
        clock = terms.clocks[threshold.clock]
        for priority, target in clock.targets.items():
            if target is None:
                continue
            duration, calendar = target
            at = calendar.due(start, calendar.budget(start, duration) * threshold.percent / 100)
            for ladder in terms.ladders.values():
                for index, step in _steps(ladder, priority) if ladder.counts_from == "incident" else ():
                    if step.to == threshold.tell and _at(terms, step, priority) == at:
                        yield (
                            "warning",
                            ("ladders", ladder.name, "steps", index, "after", priority),
                            f"{priority}: {step.to} is told by {step.name} and by {threshold.percent} % of "
                            f"{threshold.clock} at the same instant.",
                        )


def _corrections(terms: Terms) -> Found:
    """What is dated back can be put right: somebody may approve the correction it drafts. (semantics 2)"""
    if terms.backdating_within is not None and not terms.backdating_by:
        yield (
            "warning",
            ("rules", "backdating_by"),
            f"Acts may be dated back by {terms.backdating_within[0]}, and nobody may approve a correction: "
            "name a role.",
        )


def _matrix(terms: Terms) -> Found:
    """Every priority can be reached by facts, and every fact that is asked for can matter. (R1.2)"""
    matrix = terms.matrix
    if matrix is None:
        return
    given = {matrix.otherwise, *(each.priority for each in matrix.criteria)}
    given |= {priority for table in matrix.tables for priority in table.cells.values()}
    for priority in terms.priorities:
        if priority not in given:
            yield "warning", ("matrix",), f"No fact makes anything {priority}."
    asked = matrix.inputs_that_matter
    for name in matrix.inputs:
        if name not in asked:
            yield "warning", ("matrix", "inputs", name), "No test asks for it: it decides nothing."


def _start(terms: Terms) -> datetime:
    support = terms.calendars.get("support")
    return support.next_open(MONDAY) if support else MONDAY


def _due(terms: Terms, clock: str, priority: str) -> datetime | None:
    """When it is due; None where nothing is promised."""
    known = terms.clocks.get(clock)
    target = known.targets.get(priority) if known else None
    return target[1].due(_start(terms), target[0]) if target else None


def _promised(terms: Terms, clock: str, priority: str) -> str:
    target = terms.clocks[clock].targets[priority]
    return str(target[0]) if target else "none"


def _at(terms: Terms, step: Step, priority: str) -> datetime:
    duration, calendar = step.after[priority]
    return calendar.due(_start(terms), duration)


def _steps(ladder: Ladder, priority: str) -> list[tuple[int, Step]]:
    return [(index, step) for index, step in enumerate(ladder.steps) if priority in step.after]
