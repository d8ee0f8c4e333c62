"""Which promises cannot all be kept, or are watched by nobody?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tocsin.core.clock import Target
from tocsin.core.fitting.scene import MONDAY, Found, Scene
from tocsin.core.hours import BeyondHorizon, Calendar
from tocsin.core.place import Path


def answers(scene: Scene) -> Found:
    """The client hears of it before it is solved, and is kept up to date until then."""
    for priority in scene.terms.priorities:
        solved = scene.due("resolution", priority)
        for name, clock in scene.terms.clocks.items():
            due = scene.due(name, priority)
            if due is None or solved is None:
                continue
            at: Path = ("clocks", name, "targets", priority)
            said, last = scene.promised(name, priority), scene.promised("resolution", priority)
            if name in ("response", "client_notified") and due > solved:
                yield "late-answer", at, f"{priority}: {name} is promised in {said}, after resolution in {last}."
            elif clock.repeats and due >= solved:
                yield (
                    "late-update",
                    at,
                    f"{priority}: {name} is promised every {said}, and resolution in {last}: "
                    "the client is owed no word before.",
                )


def severity(scene: Scene) -> Found:
    """The worse it is, the sooner."""
    raised = {(rule.frm, rule.to) for rule in scene.terms.raises}
    for name in scene.terms.clocks:
        dues = [(priority, scene.due(name, priority)) for priority in scene.terms.priorities]
        for (worse, first), (milder, then) in pairwise([each for each in dues if each[1] is not None]):
            assert first is not None and then is not None
            if first > then and not (name == "resolution" and (milder, worse) in raised):
                yield (
                    "longer-when-worse",
                    ("clocks", name, "targets", worse),
                    f"{worse} is promised {name} in {scene.promised(name, worse)}, later than {milder} "
                    f"in {scene.promised(name, milder)}.",
                )


def unpromised(scene: Scene) -> Found:
    """Something is promised for every priority, and for every kind of ticket that has times of its own."""
    for section, names in (("priorities", scene.terms.priorities), ("kinds", scene.kinds)):
        for name in names:
            if not any(clock.targets.get(name) for clock in scene.terms.clocks.values()):
                yield "unpromised", (section, name), f"{name}: no clock promises anything."


def guarantees(scene: Scene) -> Found:
    """Somebody hears of a guarantee while it can still be kept."""
    for name, clock in scene.terms.clocks.items():
        for priority, target in clock.targets.items():
            climbs = any(priority in ladder.priorities for ladder in scene.terms.ladders.values())
            if target and clock.kind == "guarantee" and not clock.thresholds and not climbs:
                yield (
                    "unwatched-guarantee",
                    ("clocks", name, "targets", priority),
                    f"{priority}: {name} is guaranteed in {target[0]}, and no step and no threshold tells anybody "
                    "before that is broken.",
                )


def calendars(scene: Scene) -> Found:
    """Every calendar opens, and every time is reached on its own."""
    closed = {name for name, calendar in scene.terms.calendars.items() if not _opens(calendar)}
    for name in closed:
        yield (
            "closed-calendar",
            ("calendars", name),
            f"{name} has no open minute from {MONDAY:%Y-%m-%d} on: give it hours in its week, or leave it out.",
        )
    shut = [scene.terms.calendars[name] for name in closed]
    for path, priority, time in _times(scene):
        if time[1] not in shut and scene.reach(time) is None:
            yield (
                "endless-time",
                (*path, priority),
                f"{priority}: {time[0]} on {time[1].name or 'this calendar'} is not reached within 20 years.",
            )


def _times(scene: Scene) -> Iterator[tuple[Path, str, Target]]:
    """Every target, and every time at which a step comes."""
    for name, clock in scene.terms.clocks.items():
        for priority, target in clock.targets.items():
            if target:
                yield ("clocks", name, "targets"), priority, target
    for ladder in scene.terms.ladders.values():
        for index, step in enumerate(ladder.steps):
            for priority, time in step.after.items():
                yield ("ladders", ladder.name, "steps", index, "after"), priority, time


def _opens(calendar: Calendar) -> bool:
    try:
        calendar.next_open(MONDAY)
    except BeyondHorizon:
        return False
    return True
