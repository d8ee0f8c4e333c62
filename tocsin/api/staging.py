"""How does a program take the work from stage to stage, and what does it see of its gates? (R9.1)"""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from tocsin.api.acts import Act, Line
from tocsin.core.terms import Terms
from tocsin.desk import stages
from tocsin.desk.staged import place_of
from tocsin.desk.ticket import Ticket

Text = Field(max_length=stages.LIMIT, min_length=1)


class EnterStage(Act):
    verb, says = "stage", "Go to another stage; back, or without what its gate asks for, only with a reason."
    to: str = Line
    reason: str = Field("", max_length=stages.LIMIT)

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        stages.enter(ticket, self.to, reason=self.reason, **who_when)


class State(Act):
    verb, says = "state", "Put on record that something is so which a gate asks for."
    fact: str = Line
    said: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        stages.state(ticket, self.fact, self.said, **who_when)


class Leave(Act):
    verb, says = "leave", "File what the work left behind under a stage: a link, or the place it is kept at."
    artifact: str = Line
    where: str = Text
    note: str = Field("", max_length=stages.LIMIT)
    stage: str = Field("", max_length=100, description="left out: the one the work is in")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        stages.leave(ticket, self.artifact, self.where, note=self.note, stage=self.stage, **who_when)


STAGING: tuple[type[Act], ...] = (EnterStage, State, Leave)


class Lack(Schema):
    """One thing the next gate asks for and does not find."""

    stage: str
    part: str = Field(description="exit, artifact or entry")
    word: str = Field(description="a fact that `state` takes, or a kind that `leave` takes")
    says: str


class Stage(Schema):
    """In which stage the work is, and what the gate to the next one still asks for."""

    at: str
    way: list[str] = Field(description="the stages of its priority, in order")
    next: str | None
    lacking: list[Lack]
    bypasses: int = Field(description="how many things were lacking when a stage was entered nevertheless")


def stage(ticket: Ticket, terms: Terms) -> Stage | None:
    """None where the standard has no stages for its priority."""
    place = place_of(ticket, terms)
    if place is None:
        return None
    titles = {each.name: each for each in place.stages}
    lacking = place.gate.lacking if place.gate else ()
    return Stage(
        at=place.at.name,
        way=list(titles),
        next=place.next.name if place.next else None,
        lacking=[
            Lack(stage=each.stage, part=each.part, word=each.word, says=stages.shown(each, titles)) for each in lacking
        ],
        bypasses=place.walked.bypasses,
    )
