"""How does the work go from stage to stage on the screens, and what does a ticket's page show of it?

The forms of its acts, and the card: the stages, what is on record, and what the next gate still asks for. (R9.1)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms

from tocsin.core.stage import ARTIFACTS, FACTS, Stage
from tocsin.core.terms import Terms
from tocsin.desk import stages
from tocsin.desk.names import Names
from tocsin.desk.staged import STATABLE, Artifact, place_of
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event
from tocsin.web.asking import Act


class EnterStage(Act):
    verb, label, button = "stage", "Change the stage", "Go there"
    heading = "Go to another stage"
    says = "Going back needs a reason; so does going on while something is lacking, and that counts in the figures."
    leads_on = False
    to = forms.ChoiceField(label="To")
    reason = forms.CharField(label="Why, where it goes back or without", required=False, max_length=stages.LIMIT)

    def arrange(self) -> None:
        place = place_of(self.context.ticket, self.context.terms)
        own = place.stages if place else ()
        self.fields["to"].choices = [(stage.name, stage.title) for stage in own]  # type: ignore[attr-defined]
        if place and place.next:
            self.fields["to"].initial = place.next.name

    def do(self) -> None:
        context = self.context
        stages.enter(context.ticket, **self.cleaned_data, by=context.by, now=context.now)


class State(Act):
    verb, label, button = "state", "Put on record", "Put it on record"
    heading = "Put on record what is so"
    leads_on = False
    fact = forms.ChoiceField(label="What", choices=[(fact, says.capitalize()) for fact, says in STATABLE.items()])
    said = forms.CharField(label="In a sentence: what, who, how", widget=forms.Textarea(), max_length=stages.LIMIT)

    def do(self) -> None:
        context = self.context
        stages.state(context.ticket, **self.cleaned_data, by=context.by, now=context.now)


class Leave(Act):
    verb, label, button = "leave", "File an artifact", "File it"
    heading = "File what the work left behind"
    leads_on = False
    artifact = forms.ChoiceField(label="What", choices=[(kind, says.capitalize()) for kind, says in ARTIFACTS.items()])
    where = forms.CharField(label="Where it is: a link, or the place it is kept at", max_length=stages.LIMIT)
    note = forms.CharField(label="What one sees in it", required=False, max_length=stages.LIMIT)
    stage = forms.ChoiceField(label="For the stage", required=False)

    def arrange(self) -> None:
        place = place_of(self.context.ticket, self.context.terms)
        own = place.stages if place else ()
        self.fields["stage"].choices = [(stage.name, stage.title) for stage in own]  # type: ignore[attr-defined]
        if place:
            self.fields["stage"].initial = place.at.name

    def do(self) -> None:
        context = self.context
        stages.leave(context.ticket, **self.cleaned_data, by=context.by, now=context.now)


STAGING: tuple[type[Act], ...] = (EnterStage, State, Leave)
RECORDS = {"stage": "stage_entered", "state": "fact_stated", "leave": "artifact_left"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stage on the way: done, now, or yet to come (`later`); `skipped` where the work never was in it."""

    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing the next gate asks for; `fact` or `artifact` is what a press puts on record, where a person can."""

    says: str
    fact: str = ""
    artifact: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the ticket's page shows of its stages; `to` is the next one."""

    marks: list[Mark]
    at: Stage
    to: Stage | None
    open: bool
    solves: bool
    wanted: list[Wanted]
    facts: list[tuple[str, str]]
    artifacts: list[tuple[Artifact, str, str]]
    bypasses: int


def card(ticket: Ticket, terms: Terms, rows: Iterable[Event]) -> Card | None:
    """None where the standard has no stages for this priority."""
    place = place_of(ticket, terms, rows)
    if place is None:
        return None
    titles = {stage.name: stage for stage in place.stages}
    names = Names([each.by for each in place.known.artifacts])
    lacking = place.gate.lacking if place.gate else ()
    return Card(
        marks=_marks(place.stages, place.at, place.been),
        at=place.at,
        to=place.next,
        open=bool(place.gate and place.gate.open),
        solves=place.solves,
        wanted=[
            Wanted(
                stages.shown(lack, titles),
                lack.word if lack.word in STATABLE else "",
                lack.word if lack.part == "artifact" else "",
            )
            for lack in lacking
        ],
        facts=[(FACTS[fact], said) for fact, said in place.known.facts.items() if said],
        artifacts=[(each, ARTIFACTS[each.kind], names(each.by)) for each in place.known.artifacts],
        bypasses=place.walked.bypasses,
    )


def _marks(own: Iterable[Stage], at: Stage, been: frozenset[str]) -> list[Mark]:
    marks, before = [], True
    for stage in own:
        if stage == at:
            before = False
            marks.append(Mark(stage.title, "now"))
        elif before:
            marks.append(Mark(stage.title, "done" if stage.name in been else "skipped"))
        else:
            marks.append(Mark(stage.title, "later"))
    return marks
