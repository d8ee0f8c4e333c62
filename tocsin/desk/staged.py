"""In which stage is the work on a ticket, what is on record for its gates, and what is lacking for the next?

What the record can tell by itself is never asked for; the rest somebody states in a sentence, and it stands until the
ticket is reopened. (R9.1, R9.3)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tocsin.core.stage import FACTS, Gate, Left, Stage, Walk, following, gate, path, solving, walk
from tocsin.core.terms import Terms
from tocsin.desk.approved import Request, hear, last_of_each
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import story_of
from tocsin.log.event import Event

ENTERED, STATED, LEFT = "stage_entered", "fact_stated", "artifact_left"
BY_PERSON: Final = ("opened", "priority_changed", "facts_answered", "line_stopped")
# What the record alone tells; everything else of FACTS can be stated, where the record does not tell it already.
TOLD: Final = frozenset({"owned", "assigned", "client_told"})
STATABLE: Final[Mapping[str, str]] = {fact: FACTS[fact] for fact in FACTS if fact not in TOLD}
# Whoever marks it solved says these in the same act.
OF_SOLVING: Final[Mapping[str, str]] = {
    "cause": "cause_known",
    "actions": "actions_recorded",
    "verification": "verified",
}
# What was so is not so any more, once it turns out not to have been solved.
UNDONE: Final = frozenset({"fixed", "tested", "verified", "confirmed", "reviewed"})


@dataclass(frozen=True, slots=True)
class Artifact:
    """What was left at a stage: its kind, where it is, by whom."""

    stage: str
    kind: str
    where: str
    note: str
    by: str
    seq: int


@dataclass(slots=True)
class OnRecord:
    """What a ticket's log says to its gates: each fact that is so, in the words it was stated in, and the artifacts."""

    facts: dict[str, str] = field(default_factory=dict)
    artifacts: list[Artifact] = field(default_factory=list)
    requests: dict[int, Request] = field(default_factory=dict)

    @property
    def left(self) -> Left:
        return Left(frozenset(self.facts), frozenset((each.stage, each.kind) for each in self.artifacts))

    def hear(self, row: Event) -> None:
        """One more event is on record."""
        data: dict[str, Any] = row.data
        hear(self.requests, row)
        if row.kind in BY_PERSON and row.actor.startswith("person/"):
            self.facts["prioritised"] = ""
        if row.kind in ("responded", "updated"):
            self.facts["client_told"] = ""
        elif row.kind == "solved":
            self.facts |= {fact: data[said] for said, fact in OF_SOLVING.items() if data.get(said)}
        elif row.kind == "reopened":
            for fact in UNDONE:
                self.facts.pop(fact, None)
        elif row.kind == STATED:
            self.facts[data["fact"]] = data["said"]
        elif row.kind == LEFT:
            self.artifacts.append(
                Artifact(data["stage"], data["artifact"], data["where"], data.get("note", ""), row.actor, row.seq)
            )


def on_record(ticket: Ticket, rows: Iterable[Event] | None = None) -> OnRecord:
    """What is on record for the gates; `rows` are those of its log, where they were read already."""
    known = OnRecord()
    if rows is None:
        rows = Event.objects.filter(stream=ticket.stream_name).order_by("seq")
    for row in rows:
        known.hear(row)
    if last := last_of_each(known.requests.values()):
        known.facts.pop("approved", None)  # the record tells it now, whatever was stated before
        if all(each.allows for each in last):
            known.facts["approved"] = ""
    if ticket.service_id:
        known.facts["categorised"] = ""
    if ticket.owner_id:
        known.facts["owned"] = ""
    if ticket.worker_id:
        known.facts["assigned"] = ""
    return known


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands: the stages of its priority, the one it is in, and the gate to the next, if there is one.

    `solves` is the stage that marking it solved enters, where the next one is that.
    """

    stages: tuple[Stage, ...]
    at: Stage
    walked: Walk
    known: OnRecord
    next: Stage | None = None
    gate: Gate | None = None
    solves: bool = False

    @property
    def been(self) -> frozenset[str]:
        return frozenset(visit.stage for visit in self.walked.visits)


def place_of(ticket: Ticket, terms: Terms, rows: Iterable[Event] | None = None) -> Place | None:
    """Where the work on it stands; None where its standard has no stages for its priority."""
    if not terms.stages:
        return None
    walked = walk(terms.stages, story_of(ticket))
    own = path(terms.stages, ticket.priority)
    at = next((stage for stage in own if stage.name == walked.at), None)
    if at is None:
        return None
    known = on_record(ticket, rows)
    after = following(terms.stages, at.name, ticket.priority)
    leads = gate(terms.stages, at.name, after.name, ticket.priority, left=known.left) if after else None
    solves = after is not None and after == solving(terms.stages, at.name, ticket.priority)
    return Place(own, at, walked, known, after, leads, solves)
