"""What does the engine put on the log for what is due?

Of each obligation the events that the rules read again, without who is told. The engine writes these and more beside
them; a replay writes these alone. (semantics 10)
"""

from __future__ import annotations

from datetime import datetime

from tocsin.core.event import Closed, Escalated, Event, Fired, PriorityChanged, Resumed
from tocsin.core.levels import Climb
from tocsin.core.plan import Obligation
from tocsin.core.terms import Terms


def performed(due: Obligation, terms: Terms, standing: Climb | None, *, now: datetime) -> tuple[list[Event], bool]:
    """The events of an obligation performed at `now`, and whether they change what the plan rests on."""
    at, key = due.effective_at, due.key
    if due.kind == "wait":
        return [Resumed(at, recorded_at=now, key=key)], True
    if not due.moot:
        if due.kind == "threshold":
            asked = escalation(due, terms, standing)
            fired: list[Event] = [Fired(at, recorded_at=now, key=key)]
            if asked is not None:
                fired.append(Escalated(at, asked, recorded_at=now, key=escalation_key(due)))
            return fired, asked is not None
        if due.kind == "raise":
            return [PriorityChanged(at, due.to, recorded_at=now, key=key)], True
        if moves_up(due, terms):
            assert due.step is not None
            return [Escalated(at, due.step.name, recorded_at=now, key=key)], True
        if due.kind == "close":
            return [Closed(at, recorded_at=now, key=key)], True
    return [Fired(at, recorded_at=now, key=key)], False


def moves_up(due: Obligation, terms: Terms) -> bool:
    """Whether it gives the ticket to another level, by time."""
    if due.kind == "unaccepted":
        return True
    return due.kind == "step" and terms.ladders[due.subject].counts_from == "level"


def escalation(due: Obligation, terms: Terms, standing: Climb | None) -> str | None:
    """The level a threshold escalates to; None where it, or a higher one, has the ticket or is asked. (R2.16)"""
    action = terms.threshold(due.subject, due.percent)
    ladder = terms.ladders.get("functional")
    if action is None or action.escalate is None or ladder is None or action.escalate not in ladder.places:
        return None
    have = held_by(standing)
    if have in ladder.places and ladder.places[have] >= ladder.places[action.escalate]:
        return None
    return action.escalate


def held_by(standing: Climb | None) -> str:
    """The level that has the ticket, or has been asked to take it."""
    if standing is None:
        return ""
    asked = standing.standing.question
    return asked.to if asked is not None else standing.standing.level


def escalation_key(due: Obligation) -> str:
    return f"escalate/{due.subject}@{due.anchor}/{due.percent}"
