"""In which words is somebody told, and by which ways?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db import DatabaseError

from tocsin.core.ladder import Step
from tocsin.core.message import render
from tocsin.core.plan import Obligation, time_of
from tocsin.desk.board import LIVE
from tocsin.desk.facts import Facts, cut
from tocsin.desk.phrases import Fields, for_client, said, zone_of
from tocsin.desk.what_next import HANDED_OVER, default
from tocsin.directory.contact import Contact
from tocsin.engine.working import ANOTHER, Telling, Working
from tocsin.outbox.queue import Letter

ASKING = ("ask", "resend")
NOTHING = "nothing on record"
DUE = {"response": "a first response", "resolution": "a solution"}
NO_BRIDGE = "none is open"
DUE_NOW = "due now"
BY_HAND = "by hand"
OURS = {"worker": "the one who works on it", ANOTHER: "the first of us who can be reached"}

log = structlog.get_logger(__name__)


def letters(work: Working) -> Iterator[Letter]:
    """One letter a person, for what fell due last; the rest stands in it as a line each. (semantics 2 and 3)"""
    by_person: dict[str, list[Telling]] = {}
    for telling in work.tellings:
        by_person.setdefault(telling.who.actor, []).append(telling)
    for person, tellings in by_person.items():
        main = max(tellings, key=lambda telling: telling.obligation.effective_at)
        others = [telling for telling in tellings if telling is not main]
        subject, body = _said(work, main, others)
        yield Letter(
            client_id=work.ticket.client_id,
            ticket_id=work.ticket.pk,
            key=f"{main.obligation.key}/{person}",
            person=person,
            ways=_ways(main, tellings),
            subject=subject,
            body=body,
            due_at=main.obligation.effective_at,
        )


def _said(work: Working, main: Telling, others: list[Telling]) -> tuple[str, str]:
    """Subject and body; in the plainest words where the standard's cannot be filled, for a bad text stops no clock."""
    try:
        subject, body = _words(work, main)
        if others and not isinstance(main.who, Contact):
            body = f"{body.rstrip()}\n\nAlso due by now:\n" + "\n".join(f"- {why(work, other)}" for other in others)
    except DatabaseError:
        raise
    except Exception as error:
        due, number = main.obligation, work.ticket.number
        log.error("a text cannot be filled", ticket=number, key=due.key, message=main.template, exc_info=error)
        return _plain(work, main)
    return subject, body


def _plain(work: Working, telling: Telling) -> tuple[str, str]:
    ticket, terms, due = work.ticket, work.terms, telling.obligation
    subject = f"{ticket.priority} {ticket.client}: {ticket.number}: {ticket.title}"
    if isinstance(telling.who, Contact):
        return subject, f"Hello {telling.who},\n\nplease ask us where {ticket.number} stands: {ticket.title}.\n"
    return subject, (
        f"{telling.who}, please look at {ticket.number}: {ticket.title}.\n\n"
        f"The text {telling.template!r} of {terms.policy} {terms.version} cannot be filled: the engine's log says why."
        "\n\n"
        f"Why you: {due.reason} ({due.key})\n"
    )


def _ways(main: Telling, tellings: list[Telling]) -> list[tuple[str, str]]:
    """The ways that the steps name come first; where one leaves it to the person, the person's own order holds."""
    ways = [tuple(way) for way in main.who.how_to_reach()]
    by = {name for telling in tellings for name in telling.by}
    known = {channel for channel, _ in ways}
    if any(known.isdisjoint(telling.by) for telling in tellings):
        return ways
    named = [way for way in ways if way[0] in by]
    return [*named, *(way for way in ways if way not in named)]


def _words(work: Working, telling: Telling) -> tuple[str, str]:
    message = work.message(telling.template)
    fields = _fields(work, telling)
    return render(message.subject, fields), render(message.body, fields)


def why(work: Working, telling: Telling) -> str:
    """Why somebody is told: the rule in words, whom it asks for, and where it stands."""
    due = telling.obligation
    reason = f"the {due.subject} ladder has run out: {due.reason}" if due.kind == "exhausted" else due.reason
    if due.kind == "ask" and (trigger := _asked(work, due).get("trigger", BY_HAND)) != BY_HAND:
        reason = f"{reason}: {trigger}"
    return f"{reason}, and nobody is {title(work, telling.instead_of)}" if telling.instead_of else reason


def _in_a_hole(work: Working, telling: Telling, zone: ZoneInfo) -> str:
    """That nobody is on duty by the roster, until when, and why it is they who are told; empty where somebody is."""
    hole = work.hole(telling.role)
    if hole is None or isinstance(telling.who, Contact):
        return ""
    until = hole.until
    stands = "its fallback" if telling.who == hole.fallback else "the next in line"
    length = f"until {said(until, zone)}" if until else "from now on"
    return f".\nNobody is on duty by the roster {hole.roster.name} {length}; you are {stands}"


def _asked(work: Working, due: Obligation) -> dict[str, Any]:
    """What the escalation says that a question is about."""
    if due.kind not in ASKING:
        return {}
    return work.facts().escalations.get(due.anchor) or work.escalation(due.anchor)


def _fields(work: Working, telling: Telling) -> Fields:
    ticket, terms, due = work.ticket, work.terms, telling.obligation
    zone = zone_of(ticket.client.zone)
    facts = work.facts()
    asked = _asked(work, due)
    called = _called(work, telling)
    fields = for_client(ticket, terms, facts, to=telling.who.name, next_update_at=_clock_due_at(work, "next_update"))
    if (promised := _clock_due_at(work, "next_update")) and promised <= work.now:
        fields["next_update_at"] = DUE_NOW
    if isinstance(telling.who, Contact):
        return fields
    due_at = _due_at(work, due)
    role = title(work, telling.role)
    return {
        **fields,
        "status": f"{ticket.status}, {fields['status']}" if ticket.pending_on else ticket.status,
        "impact": facts.impact or facts.alerted or "not known yet",
        "actions": cut(asked.get("tried") or facts.done) or NOTHING,
        "next_step": asked.get("next_step") or _what_next(work, facts),
        "cause": facts.cause or "not known yet",
        "contact": called.name if called else telling.who.name,
        "why": f"{why(work, telling)} ({terms.policy} {terms.version}, {due.key}); you are told as {role}"
        f"{_in_a_hole(work, telling, zone)}",
        "due_at": said(due_at, zone),
        "owner": ticket.owner.name if ticket.owner else "nobody yet",
        "due_for": _due_for(work, due_at),
        "role": _whom(work, telling),
        "person": telling.who.name,
        "step": step_title(work, due.step),
        "ladder": due.subject,
        "level": due.step.name if due.step and due.kind in ASKING else ticket.level,
        "clock": time_of(due.subject),
        "percent": due.percent,
        "minutes_late": max(0, int((work.now - due_at).total_seconds() // 60)),
        "phone": called.phone or "a number that is not on file" if called else "",
        "script": _script(fields),
        "reason": asked.get("reason") or due.reason,
        "bridge": facts.bridge or NO_BRIDGE,
        "standard": f"{terms.policy} {terms.version}",
    }


def _what_next(work: Working, facts: Facts) -> str:
    """What is agreed, unless the ticket is being handed on right now; else what it needs."""
    if any(draft.kind in HANDED_OVER for draft in work.drafts):
        return default(work.ticket)
    return facts.next_step or (default(work.ticket) if work.ticket.status in LIVE else NOTHING)


def _whom(work: Working, telling: Telling) -> str:
    """The role the words are about; of an act that was missed, whoever was to do it by name."""
    role = telling.missing or telling.role
    if telling.obligation.kind != "missed":
        return title(work, role)
    found = work.holders(role)[:1]
    if role == "worker":
        return found[0].name if found else "nobody works on it"
    return f"{found[0].name}, {title(work, role)}" if found else title(work, role)


def title(work: Working, role: str) -> str:
    """What people call a role or a level."""
    return work.terms.titles.get(role) or OURS.get(role, role)


def step_title(work: Working, step: Step | None) -> str:
    """What people call a step: its own title, or whom it asks."""
    if step is None or step.title:
        return step.title if step else ""
    return f"Call to the {title(work, step.to)}" if step.act and "phone" in step.by else title(work, step.to)


def _due_at(work: Working, due: Obligation) -> datetime:
    """Until when the reader has: an answer, an act, the clock that speaks, else the response, else the solution."""
    step, priority = due.step, work.ticket.priority
    if due.kind in ("missed", "exhausted", "wait", "close"):
        return due.effective_at
    if due.kind in ASKING and step is not None and step.accept and priority in step.accept:
        duration, calendar = step.accept[priority]
        return calendar.due(due.effective_at, duration)
    if step is not None and step.act:
        return _act_due_at(work, due, step)
    if due.kind in ("threshold", "breach"):
        repeats = work.terms.clocks[due.subject].repeats
        at = None if repeats and due.kind == "breach" else _clock_due_at(work, due.subject)
        return at or due.effective_at
    at = _clock_due_at(work, "response") if due.kind == "step" else None
    return at or _clock_due_at(work, "resolution") or due.effective_at


def _act_due_at(work: Working, due: Obligation, step: Step) -> datetime:
    """By when the step's act is to be recorded: within its own time, or before the next step falls due."""
    priority = work.ticket.priority
    if step.within and priority in step.within:
        duration, calendar = step.within[priority]
        return calendar.due(due.effective_at, duration)
    ladder = work.terms.ladders[due.subject]
    for later in ladder.steps[ladder.steps.index(step) + 1 :]:
        mine, theirs = step.after.get(priority), later.after.get(priority)
        if mine and theirs and not (mine[0].is_days or theirs[0].is_days) and theirs[0].delta > mine[0].delta:
            return theirs[1].due(due.effective_at, theirs[0].delta - mine[0].delta)
    return _clock_due_at(work, "resolution") or due.effective_at


def _clock_due_at(work: Working, name: str) -> datetime | None:
    """When the clock is due, if it still runs."""
    reading = work.readings.get(name)
    return reading.due_at if reading is not None and reading.state == "running" else None


def _due_for(work: Working, at: datetime) -> str:
    """What is due at that instant, as people say it, and whether that is past."""
    found = next((said for name, said in DUE.items() if _clock_due_at(work, name) == at), "what is asked here")
    return f"(overdue) {found}" if at < work.now else found


def _called(work: Working, telling: Telling) -> Contact | None:
    """Whom a step asks our own people to call."""
    step = telling.obligation.step
    found = work.holders(step.to)[:1] if step and "phone" in step.by else []
    return found[0] if found and isinstance(found[0], Contact) else None


def _script(fields: Fields) -> str:
    """What to say on a call to the client: the four things every word to a client names. (R14.6)"""
    return "\n".join(
        (
            f"This is the service desk about {fields['number']}: {fields['title']}, since {fields['started_at']}.",
            f"Where it stands: {fields['status']}. Who is hit: {fields['impact']}.",
            f"Who works on it: {fields['assigned']}.",
            f"Done so far: {str(fields['actions']).rstrip('.')}.",
            f"The next update: {fields['next_update_at']}.",
        )
    )
