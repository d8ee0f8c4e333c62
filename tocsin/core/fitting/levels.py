"""Does each level get a ticket while it can still be solved in time?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.fitting.scene import Found, Scene, steps_of
from tocsin.core.ladder import Step


@dataclass(frozen=True, slots=True)
class Arrival:
    """A step of the functional ladder: when the level is asked if each before it accepts at once, and when it has it if
    each takes all its time to accept; the times on the way there, as they are written."""

    index: int
    step: Step
    at: datetime | None
    taken: datetime | None
    way: tuple[str, ...]
    slow_way: tuple[str, ...]


def arrivals(scene: Scene, priority: str) -> Iterator[Arrival]:
    """The steps by which a ticket climbs from the level it begins at, if nobody solves it. (semantics 3)"""
    ladder = scene.functional
    if ladder is None:
        return
    begins = ladder.places.get(scene.terms.first_level, -1)
    climbed = [(index, step) for index, step in steps_of(ladder, priority) if index > begins]
    at: datetime | None = scene.start
    taken: datetime | None = scene.start
    way: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()
    for place, (index, step) in enumerate(climbed):
        after = step.after[priority]
        at = scene.reach(after, at) if at else None
        taken = scene.reach(after, taken) if taken else None
        way, slow = (*way, str(after[0])), (*slow, str(after[0]))
        passed = place + 1 < len(climbed) and not climbed[place + 1][1].after[priority][0].amount
        accept = (step.accept or {}).get(priority)
        if accept and not passed:
            taken = scene.reach(accept, taken) if taken else None
            slow = (*slow, str(accept[0]))
        yield Arrival(index, step, at, taken, way, slow)


def in_time(scene: Scene) -> Found:
    """Each level has the ticket before its solution is due; a decision asked for too late is worth knowing of."""
    for priority in scene.terms.priorities:
        due = scene.due("resolution", priority)
        for arrival in arrivals(scene, priority):
            if due is None or arrival.at is None or arrival.taken is None or arrival.taken < due:
                continue
            step = arrival.step
            sooner = arrival.at < due
            kind = "late-acceptance" if sooner else "late-level" if step.to == step.name else "late-decision"
            by = (
                f"may have it only after {' + '.join(arrival.slow_way)}, if each takes its time to accept"
                if sooner
                else f"gets it after {' + '.join(arrival.way)} at the earliest"
            )
            yield (
                kind,
                ("ladders", "functional", "steps", arrival.index, "after", priority),
                f"{priority}: {step.name} {by}, and resolution is due in {scene.promised('resolution', priority)}.",
            )
            break


def climbing(scene: Scene) -> Found:
    """There is one ladder that tickets climb, and each of its steps can come."""
    for name, ladder in scene.terms.ladders.items():
        if (name == "functional") != (ladder.counts_from == "level"):
            yield (
                "level-ladder",
                ("ladders", name, "counts_from"),
                "Tickets climb by the ladder called functional, which counts from the level: "
                + ("let it." if name == "functional" else f"call {name} so, or let it count from the incident."),
            )
    ladder_of_levels = scene.functional
    if ladder_of_levels is None:
        return
    begins = ladder_of_levels.places.get(scene.terms.first_level, -1)
    for index, step in enumerate(ladder_of_levels.steps[: begins + 1]):
        yield (
            "begun-level",
            ("ladders", "functional", "steps", index),
            f"A ticket begins at {scene.terms.first_level}: the step to {step.name} never comes.",
        )


def leading(scene: Scene) -> Found:
    """Something leads to every level."""
    ladder = scene.functional
    reached = {scene.terms.first_level, *(ladder.places if ladder else ())}
    reached |= {step.to for each in scene.terms.ladders.values() for step in each.steps}
    reached |= {threshold.escalate for threshold in scene.terms.thresholds if threshold.escalate}
    for name in scene.content.get("levels", ()):
        if name not in reached:
            yield "idle-level", ("levels", name), f"Nothing leads to {name}: no ticket begins there or climbs there."
