"""Which findings are there, how bad is each, and what does it mean?

docs/policy.md lists them all, and tests/policies/broken has a broken standard for each; tests hold the three together.
An error promises what cannot be, or does nothing that it says. A warning may be meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Level = Literal["error", "warning"]


class Kind(NamedTuple):
    level: Level
    says: str


KINDS: Final[Mapping[str, Kind]] = {
    # promises
    "late-answer": Kind("error", "a response, or telling the client, is promised after the resolution"),
    "late-update": Kind("warning", "the client is owed a first update only when the resolution is due"),
    "longer-when-worse": Kind("warning", "a more severe priority is promised later than a less severe one"),
    "unpromised": Kind("warning", "a priority or a kind that no clock promises anything"),
    "unwatched-guarantee": Kind("warning", "a guarantee of which nobody hears before it is broken"),
    "closed-calendar": Kind("error", "a calendar without an open minute ahead"),
    "endless-time": Kind("error", "a time that its calendar does not reach within 20 years"),
    # thresholds
    "stray-escalation": Kind("error", "a threshold that escalates to a level on no ladder: nobody would get it"),
    "idle-escalation": Kind("warning", "a threshold that escalates to where the ladder has brought it by then anyway"),
    "told-twice": Kind("warning", "a threshold and a step that tell the same role at the same instant"),
    # levels
    "late-level": Kind("error", "a level that gets the ticket only when its resolution is due"),
    "late-decision": Kind("warning", "a decision, asked of a role, that comes only when the resolution is due"),
    "late-acceptance": Kind(
        "warning", "a level that may take the ticket only when its resolution is due, if each takes its time to accept"
    ),
    "level-ladder": Kind("error", "a ladder of levels that tickets do not climb, for that one is called functional"),
    "idle-level": Kind("warning", "a level to which nothing leads"),
    "begun-level": Kind("warning", "a step to the level that a ticket begins at, or one below it: it never comes"),
    # other ladders
    "steps-out-of-order": Kind("error", "a step that comes before the one written above it"),
    "unmissed-act": Kind("warning", "an act that nobody would miss, because no step follows and `within` is not given"),
    "late-step": Kind("warning", "a step that comes only after the resolution was due"),
    "overtaken-step": Kind("warning", "a step whose time does not come, because a rule raises the priority before"),
    "silent-wait": Kind("warning", "a wait that holds a ladder while the resolution clock runs on"),
    # page paths
    "late-page": Kind("error", "somebody on a page path who is paged only when the response is due"),
    "late-exhaustion": Kind("warning", "a page path that is found to have run out only after the response was due"),
    "lone-page": Kind("warning", "a page path of one person"),
    # rules that raise
    "raise-into-breach": Kind("error", "a rule that raises into a broken promise (`carry` or `recalculate`)"),
    "raise-too-late": Kind("warning", "a rule that raises only what is broken already"),
    "raise-to-longer": Kind("warning", "a rule that raises to a priority with a later resolution"),
    "overtaken-raise": Kind("warning", "a rule that raises what another rule has raised before"),
    # words
    "idle-role": Kind("warning", "a role that nothing asks for"),
    "idle-calendar": Kind("warning", "a calendar of the standard's own that nothing counts on"),
    "idle-message": Kind("warning", "a text that nothing sends"),
    "idle-wait": Kind(
        "warning",
        "a wait for the client that stops no clock and holds no ladder, or any wait where none does",
    ),
    "uncorrected": Kind("warning", "acts that may be dated back, and nobody who may approve the correction"),
    "ungiven-priority": Kind("warning", "a priority that no fact of the matrix gives"),
    "undecisive-input": Kind("warning", "an input of the matrix that no test asks for"),
}
