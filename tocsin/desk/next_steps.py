"""How is it agreed what is done next on a ticket, by whom, and until when?"""

from __future__ import annotations

from datetime import datetime

from tocsin.core.event import Noted
from tocsin.desk.refusal import Refusal, in_sight
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import act
from tocsin.desk.what_next import KIND, NextStep, agreed
from tocsin.desk.whose import may_work
from tocsin.directory.person import Person

LIMIT = 300


def agree(ticket: Ticket, step: str, *, who: Person, due_at: datetime, by: Person, now: datetime) -> None:
    """What happens next on the ticket is on record, and stands until another is agreed, or it is handed over."""
    step = " ".join(step.split())
    if not step:
        raise Refusal("Say what happens next: whoever opens the ticket at night must know.")
    fits(step)
    in_time(due_at, now)
    with act(ticket, by=by.actor, now=now) as done:
        live(done)
        may_work(done.ticket, who, instead=taken_by(done.ticket))
        done.record(Noted(done.now), kind=KIND, step=step, who=who.pk, due_at=due_at)


def fits(step: str) -> None:
    """Raises Refusal where the next step is no sentence any more, but a story."""
    if len(step) > LIMIT:
        raise Refusal(f"The next step is {len(step)} characters long; {LIMIT} fit. Put the rest in a note.")


def in_time(due_at: datetime, now: datetime) -> None:
    """Refuses a next step that would be due in the past, or so far ahead that somebody mistyped the year."""
    if due_at <= now:
        raise Refusal("The next step would be due in the past: give a later time.")
    in_sight(due_at, now, "The next step")


def taken_by(ticket: Ticket) -> str:
    """What to do where somebody may not take the next step."""
    return f"let somebody who works for {ticket.client} take the next step"


__all__ = ["KIND", "LIMIT", "NextStep", "agree", "agreed", "fits", "in_time", "taken_by"]
