"""Which of the words that a standard declares does nothing, and which question has nobody to answer it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tocsin.core.fitting.scene import Found, Scene
from tocsin.core.wording import WANTED

# Whom the desk asks without being told to: who has the ticket, hears of trouble, leads when the line is stopped.
ASKED_ANYWAY: Final = ("owner", "worker", "service-desk-manager", "incident-manager", "comms-lead")


def roles(scene: Scene) -> Found:
    """Something is asked of every role."""
    used = set(_texts({name: part for name, part in scene.content.items() if name not in ("roles", "messages")}))
    for name in scene.content.get("roles", ()):
        if name not in used and name not in ASKED_ANYWAY:
            yield "idle-role", ("roles", name), f"Nothing asks for {name}: give it something to do, or leave it out."


def calendars(scene: Scene) -> Found:
    """Something counts on every calendar that the standard declares."""
    said = set(_texts({name: part for name, part in scene.content.items() if name not in ("calendars", "messages")}))
    used = {text.rpartition(" on ")[2].strip() for text in said}
    for name in scene.content.get("calendars", ()):
        if name not in used:
            yield "idle-calendar", ("calendars", name), f"Nothing counts on {name}: name it, or leave it out."


def messages(scene: Scene) -> Found:
    """Every text is sent."""
    used = {step.template for ladder in scene.terms.ladders.values() for step in ladder.steps}
    for name in scene.content.get("messages", ()):
        if name not in WANTED and name not in used:
            yield "idle-message", ("messages", name), f"Nothing sends {name}: name it in a step, or leave it out."


def waits(scene: Scene) -> Found:
    """A wait for the client stops something, and so does one wait at least. Waiting for others may be our business."""
    terms = scene.terms
    stops = {name for clock in terms.clocks.values() for name in clock.paused_by}
    stops |= {name for ladder in terms.ladders.values() for name in ladder.paused_by}
    for name, wait in terms.waits.items():
        if name not in stops and (wait.ended_by_reply or not stops):
            yield (
                "idle-wait",
                ("waits", name),
                f"A wait for {name} stops no clock and holds no ladder: name it in paused_by, or leave it out.",
            )


def corrections(scene: Scene) -> Found:
    """What is dated back can be put right: somebody may approve the correction it drafts. (semantics 2)"""
    terms = scene.terms
    if terms.backdating_within is not None and not terms.backdating_by:
        yield (
            "uncorrected",
            ("rules", "backdating_by"),
            f"Acts may be dated back by {terms.backdating_within[0]}, and nobody may approve a correction: "
            "name a role.",
        )


def facts(scene: Scene) -> Found:
    """Every priority can be reached by facts, and every fact that is asked for can matter. (R1.2)"""
    matrix = scene.terms.matrix
    if matrix is None:
        return
    given = {matrix.otherwise, *(each.priority for each in matrix.criteria)}
    given |= {priority for table in matrix.tables for priority in table.cells.values()}
    for priority in scene.terms.priorities:
        if priority not in given:
            yield "ungiven-priority", ("matrix",), f"No fact makes anything {priority}."
    asked = matrix.inputs_that_matter
    for name in matrix.inputs:
        if name not in asked:
            yield "undecisive-input", ("matrix", "inputs", name), "No test asks for it: it decides nothing."


def _texts(part: object) -> Iterator[str]:
    """Every text within, keys and values."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield key
            yield from _texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)
