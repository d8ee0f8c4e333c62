"""Does a rule that raises by itself leave the new promise a chance, and come while the old one has one?"""

from __future__ import annotations

from tocsin.core.fitting.scene import Found, Scene
from tocsin.core.place import Path


def rules(scene: Scene) -> Found:
    """Each raises in time, to what is promised sooner, and is the first to."""
    clock = scene.terms.clocks.get("resolution")
    earliest: dict[str, str] = {}
    for rule in sorted(scene.terms.raises, key=lambda rule: scene.reach(rule.after) or scene.start):
        duration, _ = rule.after
        at = scene.reach(rule.after)
        was, becomes = scene.due("resolution", rule.frm), scene.due("resolution", rule.to)
        path: Path = ("raises", rule.name, "after")
        if at is None:
            continue
        if clock and becomes and at >= becomes and clock.on_raise in ("carry", "recalculate"):
            yield (
                "raise-into-breach",
                path,
                f"{rule.to} would be broken at once: resolution is due in {scene.promised('resolution', rule.to)}, "
                f"{duration} are gone by then, and on_raise is {clock.on_raise}.",
            )
        if was and at >= was:
            yield (
                "raise-too-late",
                path,
                f"{rule.frm} is broken by then: resolution is due in {scene.promised('resolution', rule.frm)}.",
            )
        if was and becomes and becomes > was:
            yield (
                "raise-to-longer",
                ("raises", rule.name, "to"),
                f"{rule.to} is promised resolution in {scene.promised('resolution', rule.to)}, later than {rule.frm} "
                f"in {scene.promised('resolution', rule.frm)}: raising gains nothing.",
            )
        if rule.frm in earliest:
            yield (
                "overtaken-raise",
                path,
                f"{rule.frm} is none any more by then: {earliest[rule.frm]} raises it before.",
            )
        earliest.setdefault(rule.frm, rule.name)
