"""What does the API show?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from ninja import Schema
from pydantic import Field

from tocsin.api.approving import Approval, approvals_of
from tocsin.api.staging import Stage, stage
from tocsin.core import plan
from tocsin.core.agenda import agenda
from tocsin.core.at_level import at_level
from tocsin.core.dial import Reading
from tocsin.core.explain import headline, name_of, promised, spans
from tocsin.core.terms import Terms
from tocsin.desk.chronicle import Line
from tocsin.desk.corrections import waiting
from tocsin.desk.names import Names
from tocsin.desk.severity import severity_of
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.what_next import agreed, next_step
from tocsin.directory.person import Person
from tocsin.standard.terms import terms_of


class Somebody(Schema):
    """One of the staff."""

    id: int
    name: str


class People(Schema):
    """Everybody who works here."""

    people: list[Somebody]


class Short(Schema):
    """A ticket in a list."""

    number: str
    title: str
    client: str = Field(description="the client's slug")
    kind: str
    priority: str
    status: str
    waits_for: str
    level: str
    owner: Somebody | None
    worker: Somebody | None
    opened_at: datetime
    next_at: datetime | None = Field(description="when the first thing on its agenda is due")


class Page(Schema):
    """Some of the tickets, the newest first; `next` is the cursor of the page after, null on the last."""

    tickets: list[Short]
    next: str | None


class Span(Schema):
    """A line of a clock's explanation."""

    start: datetime
    end: datetime
    why: str
    counted_s: float = Field(description="how many seconds of it counted")


class Clock(Schema):
    """A promise, how it stands, and why: the words of the ticket's page."""

    name: str
    title: str
    state: str = Field(description="running, paused or stopped")
    verdict: str = Field(description="open, met or breached")
    due_at: datetime | None
    says: str
    promised: str
    explanation: list[Span]


class AtLevel(Schema):
    """Which level has it, until when, and which one gets it then."""

    level: str
    state: str = Field(description="counts, held (it waits), asked (`then` must accept by `until`), up, or last")
    until: datetime | None
    then: str


class Due(Schema):
    """Something that must happen, or will by itself."""

    at: datetime
    kind: str
    what: str
    why: str
    to: str
    key: str = Field(description="what acknowledge and record-act call `of`, where it begins with step/, again/ …")
    again_at: datetime | None = Field(
        None, description="where a promise that repeats was missed: when the next miss is counted"
    )


class NextStep(Schema):
    """What is to be done next: what was agreed since the ticket was last handed over, or else the default."""

    step: str
    who: int | None = Field(description="a person's id; null where it is nobody's in person, but the level's")
    level: str = Field(description="whose it is where it is no person's; empty otherwise")
    due_at: datetime | None
    default: bool = Field(description="nobody has said so; it is what a ticket that stands so needs")


class Severity(Schema):
    """Why a ticket has its priority, and what is known of it."""

    because: list[str]
    facts: dict[str, str] = Field(description="what was answered: input → answer")
    assumed: dict[str, str] = Field(description="what is assumed of the others, where any was answered")
    decided_by: list[str] = Field(description="the inputs on which the priority that the facts give rests")
    gives: str | None = Field(description="the priority that the facts give; null where none was answered")


class Figure(Schema):
    """A lap in question: broken at `broken_at` on record; corrected it would be this verdict, at that instant."""

    clock: str
    broken_at: datetime
    verdict: str = Field(description="met, open, breached, or none where nothing would have been promised")
    at: datetime | None


class Correction(Schema):
    """A correction that waits for somebody to approve or refuse it."""

    id: int
    author: str
    at: datetime
    because: str
    figures: list[Figure]


class Whole(Short):
    """A ticket as it stands."""

    severity: Severity

    service: str | None
    contact: str | None
    asked_level: str
    solved_at: datetime | None
    closed_at: datetime | None
    clocks: list[Clock]
    agenda: list[Due]
    at_level: AtLevel | None
    stage: Stage | None
    approvals: list[Approval]
    next_step: NextStep | None
    corrections: list[Correction]
    standard: str


class Entry(Schema):
    """A line of the timeline, in the words of the ticket's page."""

    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    who: str
    said: str
    audience: str
    text: str
    subject: str
    detail: str
    why: str
    key: str


class Timeline(Schema):
    """What happened on a ticket, the first first."""

    entries: list[Entry]


class Accepted(Schema):
    """The number under which an alert is kept until the engine has read it."""

    accepted: int


def short(ticket: Ticket) -> Short:
    return Short(**_short(ticket))


def _short(ticket: Ticket) -> dict:  # type: ignore[type-arg]
    return {
        "number": ticket.number,
        "title": ticket.title,
        "client": ticket.client.slug,
        "kind": ticket.kind,
        "priority": ticket.priority,
        "status": ticket.status,
        "waits_for": ticket.pending_on,
        "level": ticket.level,
        "owner": somebody(ticket.owner),
        "worker": somebody(ticket.worker),
        "opened_at": ticket.opened_at,
        "next_at": ticket.next_at,
    }


def somebody(person: Person | None) -> Somebody | None:
    return Somebody(id=person.pk, name=person.name) if person else None


def whole(ticket: Ticket, *, now: datetime) -> Whole:
    terms = terms_of(ticket)
    planned = plan.due(stories_of([ticket])[ticket.stream_name], terms, now=now)
    step = next_step(ticket, planned, agreed(ticket))
    return Whole(
        **_short(ticket),
        severity=_severity(ticket, terms),
        service=ticket.service.slug if ticket.service else None,
        contact=ticket.contact.name if ticket.contact else None,
        asked_level=ticket.asked_level,
        solved_at=ticket.solved_at,
        closed_at=ticket.closed_at,
        clocks=[_clock(reading, terms) for reading in planned.readings.values() if reading.state != "void"],
        agenda=[
            Due(
                at=item.at,
                kind=item.kind,
                what=item.what,
                why=item.why,
                to=item.to,
                key=item.key,
                again_at=item.again_at,
            )
            for item in agenda(planned, terms)
        ],
        at_level=_at_level(planned, terms),
        stage=stage(ticket, terms),
        approvals=approvals_of(ticket, now),
        next_step=NextStep(**asdict(step)) if step else None,
        corrections=_corrections(ticket),
        standard=f"{terms.policy} {terms.version}",
    )


def _severity(ticket: Ticket, terms: Terms) -> Severity:
    known = severity_of(ticket, terms)
    gives = known.answer
    return Severity(
        because=list(known.because),
        facts=dict(known.facts),
        assumed=dict(known.assumed),
        decided_by=list(gives.decided_by) if gives else [],
        gives=gives.priority if gives else None,
    )


def _at_level(planned: plan.Plan, terms: Terms) -> AtLevel | None:
    found = at_level(planned, terms)
    if found is None:
        return None
    return AtLevel(level=found.level, state=found.state, until=found.until, then=found.then)


def _corrections(ticket: Ticket) -> list[Correction]:
    found = waiting(ticket) if ticket.correction_since is not None else []
    names = Names([each.author for each in found])
    return [
        Correction(
            id=each.place,
            author=names(each.author),
            at=each.at,
            because=each.because,
            figures=[
                Figure(clock=one.clock, broken_at=one.broken_at, verdict=one.verdict, at=one.at) for one in each.figures
            ],
        )
        for each in found
    ]


def _clock(reading: Reading, terms: Terms) -> Clock:
    return Clock(
        name=reading.name,
        title=name_of(reading.name),
        state=reading.state,
        verdict=reading.verdict,
        due_at=reading.due_at,
        says=headline(reading),
        promised=promised(reading, terms),
        explanation=[
            Span(start=span.start, end=span.end, why=span.why, counted_s=span.counted.total_seconds())
            for span in spans(reading)
        ],
    )


def entry(line: Line) -> Entry:
    return Entry(**{name: getattr(line, name) for name in Entry.model_fields})
