"""Which level has the ticket, until when, and who gets it then?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tocsin.core.plan import Plan
from tocsin.core.terms import Terms

State = Literal["counts", "held", "asked", "up", "last"]


@dataclass(frozen=True, slots=True)
class AtLevel:
    """`level` has it, `until` (aware UTC) as things stand, and `then` another gets it. (R4.2)

    state: counts; held (it waits, and its time stands still); asked (`then` must accept by `until`, and it stays where
    it is till then); up (its time is up, and it goes on this moment); last (nobody comes after it).
    """

    level: str
    state: State
    until: datetime | None = None
    then: str = ""


def at_level(planned: Plan, terms: Terms) -> AtLevel | None:
    """Where the ticket stands on the ladder of those who work; None where no level has it or nobody works on it."""
    ladder = next((each for each in terms.ladders.values() if each.counts_from == "level"), None)
    if ladder is None or planned.standing is None or not planned.standing.live:
        return None
    standing = planned.standing.standing
    coming = [each for each in planned.ahead if each.subject == ladder.name]
    if standing.question is not None:
        answer = min((each.at for each in coming if each.kind != "step"), default=None)
        return AtLevel(standing.level, "asked", answer, standing.question.to)
    step = ladder.above(standing.level, planned.priority)
    if step is None:
        return AtLevel(standing.level, "last")
    if planned.waits_on and planned.waits_on in ladder.paused_by:
        return AtLevel(standing.level, "held", None, step.name)
    until = min((each.at for each in coming if each.kind == "step"), default=None)
    return AtLevel(standing.level, "counts" if until else "up", until, step.name)
