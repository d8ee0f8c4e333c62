"""Which thresholds do nothing, or what a step does at the same instant?"""

from __future__ import annotations

from datetime import datetime

from tocsin.core.fitting.levels import arrivals
from tocsin.core.fitting.scene import Found, Scene, steps_of
from tocsin.core.terms import Threshold


def collisions(scene: Scene) -> Found:
    """Nobody is told twice at one instant, by a threshold and by a step."""
    for threshold in scene.terms.thresholds:
        for priority in scene.terms.clocks[threshold.clock].targets:
            at = scene.crossed(threshold, priority)
            for ladder in scene.from_incident:
                for index, step in steps_of(ladder, priority):
                    if at is not None and step.to == threshold.tell and scene.at(step, priority) == at:
                        yield (
                            "told-twice",
                            ("ladders", ladder.name, "steps", index, "after", priority),
                            f"{priority}: {step.to} is told by {step.name} and by {threshold.percent} % of "
                            f"{threshold.clock} at the same instant.",
                        )


def escalations(scene: Scene) -> Found:
    """A threshold that escalates moves the ticket, at least at one priority. (R2.16)"""
    ladder = scene.functional
    levels = ladder.places if ladder else {}
    for path, threshold in scene.thresholds():
        said = f"{threshold.percent} % of {threshold.clock} escalates to {threshold.escalate}"
        if threshold.escalate is None:
            continue
        if threshold.escalate not in levels:
            yield (
                "stray-escalation",
                (*path, "escalate"),
                f"{said}, which is no step of the functional ladder: nobody would get it.",
            )
        elif _there_by_then(scene, threshold):
            yield (
                "idle-escalation",
                (*path, "escalate"),
                f"{said}, where the functional ladder has brought every ticket by then: it moves nothing.",
            )


def _there_by_then(scene: Scene, threshold: Threshold) -> bool:
    """Whether the ladder is at the level, or above it, at whichever priority the threshold is crossed."""
    ladder = scene.functional
    assert ladder is not None and threshold.escalate is not None
    wanted = ladder.places[threshold.escalate]
    crossed: list[bool] = []
    for priority in scene.terms.clocks[threshold.clock].targets:
        at = scene.crossed(threshold, priority)
        if at is not None:
            reached = [arrival.at for arrival in arrivals(scene, priority) if arrival.index >= wanted]
            crossed.append(_by(at, reached))
    return bool(crossed) and all(crossed)


def _by(at: datetime, reached: list[datetime | None]) -> bool:
    return any(each is not None and each <= at for each in reached)
