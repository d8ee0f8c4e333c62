"""Is a second person paged while the response can still be kept? (R2.10, semantics 6)"""

from __future__ import annotations

from tocsin.core.fitting.scene import Found, Scene, steps_of


def in_time(scene: Scene) -> Found:
    """Everybody on a page path is paged, and has had time to answer, before the response is due."""
    for ladder in scene.terms.ladders.values():
        for priority in scene.terms.priorities if ladder.until_acknowledged else ():
            due, steps = scene.due("response", priority), steps_of(ladder, priority)
            if len(steps) == 1:
                index, only = steps[0]
                yield (
                    "lone-page",
                    ("ladders", ladder.name, "steps", index),
                    f"{priority}: nobody is paged when {only.to} does not acknowledge: add a second step.",
                )
            last = None
            for index, step in steps:
                last = scene.at(step, priority)
                if due and last and last >= due:
                    yield (
                        "late-page",
                        ("ladders", ladder.name, "steps", index, "after", priority),
                        f"{priority}: {step.to} is paged after {step.after[priority][0]}, "
                        f"and response is due in {scene.promised('response', priority)}.",
                    )
            if not due or not last or last >= due:
                continue
            index, step = steps[-1]
            waited = step.waited_for[priority]
            out = scene.reach(waited, last)
            if out and out > due:
                yield (
                    "late-exhaustion",
                    ("ladders", ladder.name, "steps", index, "within", priority),
                    f"{priority}: {step.to} is paged after {step.after[priority][0]} and waited for {waited[0]}, "
                    f"and response is due in {scene.promised('response', priority)}: "
                    "that nobody answers is found out after that.",
                )
