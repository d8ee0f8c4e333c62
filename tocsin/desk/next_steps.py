"""What was agreed to be done next on a ticket, by whom, and until when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.event import Noted
from tocsin.desk.refusal import Refusal, in_sight
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import act
from tocsin.desk.whose import may_work
from tocsin.directory.person import Person
from tocsin.log.event import Event

KIND = "next_step"
LIMIT = 300


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is next: the step in words, whose it is (a person's primary key), until when (aware UTC)."""

    step: str
    who: int
    due_at: datetime


def agree(ticket: Ticket, step: str, *, who: Person, due_at: datetime, by: Person, now: datetime) -> None:
    """What happens next on the ticket is on record, and stands until another next step is agreed."""
    step = " ".join(step.split())
    if not step:
        raise Refusal("Say what happens next: whoever opens the ticket at night must know.")
    fits(step)
    if due_at <= now:
        raise Refusal("The next step would be due in the past: give a later time.")
    in_sight(due_at, now, "The next step")
    with act(ticket, by=by.actor, now=now) as done:
        live(done)
        may_work(done.ticket, who, instead=f"let somebody who works for {done.ticket.client} take the next step")
        done.record(Noted(done.now), kind=KIND, step=step, who=who.pk, due_at=due_at)


def fits(step: str) -> None:
    """Raises Refusal where the next step is no sentence any more, but a story."""
    if len(step) > LIMIT:
        raise Refusal(f"The next step is {len(step)} characters long; {LIMIT} fit. Put the rest in a note.")


def agreed(ticket: Ticket) -> NextStep | None:
    """The next step that stands, if one was agreed since the ticket was opened or reopened."""
    kinds = (KIND, "solved", "reopened", "closed", "cancelled")
    last = Event.objects.filter(stream=ticket.stream_name, kind__in=kinds).order_by("-seq").first()
    if last is None or last.kind != KIND or ticket.status == "merged":
        return None
    data = last.data
    return NextStep(data["step"], data["who"], datetime.fromisoformat(data["due_at"]))
