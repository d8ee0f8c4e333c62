"""Which steps of the ladders that count from the incident come too late, out of order, or never?"""

from __future__ import annotations

from itertools import pairwise

from tocsin.core.fitting.scene import Found, Scene, steps_of


def order(scene: Scene) -> Found:
    """Steps come in the order in which they are written."""
    for ladder in scene.from_incident:
        for priority in ladder.priorities:
            for (_, before), (index, step) in pairwise(steps_of(ladder, priority)):
                first, then = scene.at(before, priority), scene.at(step, priority)
                if first and then and then < first:
                    yield (
                        "steps-out-of-order",
                        ("ladders", ladder.name, "steps", index, "after", priority),
                        f"{priority}: {step.name} comes after {step.after[priority][0]}, before {before.name} "
                        f"which is written above it.",
                    )


def acts(scene: Scene) -> Found:
    """What a person must do has a time until when, or nobody would ever miss it. (semantics 3)"""
    for ladder in scene.terms.ladders.values():
        for priority in sorted(ladder.priorities):
            steps = steps_of(ladder, priority)
            for place, (index, step) in enumerate(steps):
                first = scene.at(step, priority)
                dues = [scene.at(each, priority) for _, each in steps[place + 1 :]]
                later = [at for at in dues if first and at and at > first]
                if step.act and not later and priority not in (step.within or {}):
                    yield (
                        "unmissed-act",
                        ("ladders", ladder.name, "steps", index),
                        f"{priority}: no step follows {step.name}, so nobody would miss it: say within when.",
                    )


def in_time(scene: Scene) -> Found:
    """Whoever is told is told while something can still be saved."""
    for ladder in scene.from_incident:
        for priority in scene.terms.priorities if not ladder.until_acknowledged else ():
            due = scene.due("resolution", priority)
            for index, step in steps_of(ladder, priority):
                at = scene.at(step, priority)
                if due and at and at > due:
                    yield (
                        "late-step",
                        ("ladders", ladder.name, "steps", index, "after", priority),
                        f"{priority}: {step.name} comes after {step.after[priority][0]}, and resolution is due in "
                        f"{scene.promised('resolution', priority)}: by then it is broken.",
                    )


def overtaken(scene: Scene) -> Found:
    """A step comes while the ticket still has the priority that it waits for."""
    clock = scene.terms.clocks.get("resolution")
    for rule in scene.terms.raises:
        raised = scene.reach(rule.after)
        for ladder in scene.from_incident:
            if clock is None or raised is None or not set(clock.paused_by) <= set(ladder.paused_by):
                continue
            for index, step in steps_of(ladder, rule.frm):
                at = scene.at(step, rule.frm)
                if at and at > raised:
                    then = step.after.get(rule.to)
                    yield (
                        "overtaken-step",
                        ("ladders", ladder.name, "steps", index, "after", rule.frm),
                        f"{rule.frm}: {step.name} comes after {step.after[rule.frm][0]}, and {rule.name} makes it "
                        f"{rule.to} after {rule.after[0]}, "
                        + (f"where it comes after {then[0]}." if then else "which has no such step."),
                    )


def held(scene: Scene) -> Found:
    """No ladder is silent while the promise that it is to save runs on. (semantics 3)"""
    clock = scene.terms.clocks.get("resolution")
    for name, ladder in scene.terms.ladders.items():
        if clock is None or not any(clock.targets.get(priority) for priority in ladder.priorities):
            continue
        for wait in sorted(set(ladder.paused_by) - set(clock.paused_by)):
            yield (
                "silent-wait",
                ("ladders", name, "paused_by"),
                f"A wait for {wait} holds this ladder, and resolution runs on: nobody is asked while it runs out.",
            )
