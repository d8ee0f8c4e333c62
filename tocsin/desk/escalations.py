"""Who asked whom for help, and who has it now?"""

from __future__ import annotations

from datetime import datetime

from tocsin.core.event import Accepted, Acknowledged, Done, Escalated, SentBack
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import act
from tocsin.directory.person import Person
from tocsin.directory.reach import Reachable, actor

REASONS = (
    "skill limit",
    "permission or security",
    "time exceeded",
    "about to exceed",
    "scope approval",
    "vendor",
    "client satisfaction",
    "recurring",
    "impact",
)


def escalate(
    ticket: Ticket,
    *,
    to: str,
    reason: str,
    tried: str,
    next_step: str,
    by: Reachable | str,
    now: datetime,
) -> None:
    """The ticket is escalated to the level `to`, which is yet to accept it; who is paged for it is the plan's.

    (R4.5)
    """
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        ladder = done.terms.ladders.get("functional")
        levels = [step.name for step in ladder.steps] if ladder else []
        if to not in levels:
            raise Refusal(
                f"This standard has no level {to!r} above the first: it is one of {', '.join(levels) or 'none'}."
            )
        if reason not in REASONS:
            raise Refusal(f"{reason!r} is no reason this desk counts: it is one of {', '.join(REASONS)}.")
        if to in (done.ticket.level, done.ticket.asked_level):
            raise Refusal(
                f"{to} {'has' if to == done.ticket.level else 'has been asked to take'} {ticket.number} already."
            )
        done.record(
            Escalated(done.now, to),
            frm=done.ticket.level,
            reason=reason,
            tried=tried,
            next_step=next_step,
            trigger="by hand",
        )


def accept(ticket: Ticket, *, by: Person, now: datetime) -> None:
    """The level that was asked has it, and `by` works on it."""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not done.ticket.asked_level:
            raise Refusal(f"{ticket.number} waits for nobody's acceptance.")
        done.change(worker=by)
        done.record(Accepted(done.now), level=done.ticket.asked_level, worker=by.pk)


def send_back(ticket: Ticket, *, reason: str, by: Person, now: datetime) -> None:
    """The level before has it anew, with what was left of its time or a quarter of it. (semantics 3, R4.12)"""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not reason.strip():
            raise Refusal("Say why it goes back: whoever gets it must know what to do differently.")
        ladder = done.terms.ladders.get("functional")
        if not done.ticket.asked_level and (ladder is None or done.ticket.level not in [s.name for s in ladder.steps]):
            raise Refusal(f"{ticket.number} was not escalated: there is no level to send it back to.")
        done.record(SentBack(done.now), reason=reason, frm=done.ticket.asked_level or done.ticket.level)


def acknowledge(ticket: Ticket, *, of: str, by: Person, now: datetime) -> bool:
    """`by` has the page of the step `of`. Returns False when somebody had it already: first come, first served."""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not any(event.key == of for event in done.story):
            raise Refusal(f"{ticket.number} has no page {of!r}.")
        first = not any(isinstance(event, Acknowledged) and event.of == of for event in done.story)
        if first:
            done.record(Acknowledged(done.now, of))
        else:
            done.say("acknowledged_again", of=of)
    return first


def record_act(ticket: Ticket, *, of: str, result: str, by: Person, now: datetime) -> None:
    """The call or briefing that the step `of` asked for was made, with this result. (R6.2)"""
    with act(ticket, by=actor(by), now=now) as done:
        if not any(event.key == of for event in done.story):
            raise Refusal(f"{ticket.number} has no step {of!r}.")
        if not result.strip():
            raise Refusal("Say what came of it: reached, voicemail, call back at …")
        done.record(Done(done.now, of), result=result)
