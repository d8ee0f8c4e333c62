"""In which words is somebody told, and by which ways?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from tocsin.core.clock import fold
from tocsin.core.message import render
from tocsin.core.plan import Obligation
from tocsin.directory.contact import Contact
from tocsin.engine.working import Telling, Working
from tocsin.outbox.queue import Letter

AT = "%a %d %b %Y %H:%M %Z"
PLAIN = ("step", "threshold")


def letters(work: Working) -> Iterator[Letter]:
    """One letter a person, for what fell due last; the rest stands in it as a line each. (semantics 2 and 3)"""
    by_person: dict[str, list[Telling]] = {}
    for telling in work.tellings:
        by_person.setdefault(telling.who.actor, []).append(telling)
    for person, tellings in by_person.items():
        main = max(tellings, key=lambda telling: telling.obligation.effective_at)
        others = [telling for telling in tellings if telling is not main]
        subject, body = _words(work, main)
        if others and not isinstance(main.who, Contact):
            body += "\n\nAlso due by now:\n" + "\n".join(f"- {other.obligation.reason}" for other in others)
        yield Letter(
            client_id=work.ticket.client_id,
            ticket_id=work.ticket.pk,
            key=f"{main.obligation.key}/{person}",
            person=person,
            ways=_ways(main),
            subject=subject,
            body=body,
            due_at=main.obligation.effective_at,
        )


def _ways(telling: Telling) -> list[tuple[str, str]]:
    """The ways the step names, in the person's own order; all of them where it names none they have."""
    ways = [tuple(way) for way in telling.who.how_to_reach()]
    named = [way for way in ways if way[0] in telling.by]
    return [*named, *(way for way in ways if way not in named)]


def _words(work: Working, telling: Telling) -> tuple[str, str]:
    messages = work.terms.messages
    message = messages.get(telling.template) or messages[next(name for name in PLAIN if name in messages)]
    fields = _fields(work, telling)
    return render(message.subject, fields), render(message.body, fields)


def _fields(work: Working, telling: Telling) -> dict[str, str | int | None]:
    ticket, terms, due = work.ticket, work.terms, telling.obligation
    zone = zone_of(ticket.client.zone)
    titles = terms.titles
    step = due.step
    late = (work.now - due.effective_at).total_seconds()
    title_of_role = titles.get(telling.role, telling.role)
    return {
        "number": ticket.number,
        "priority": ticket.priority,
        "severity": titles.get(ticket.priority, ticket.priority),
        "client": ticket.client.name,
        "service": ticket.service.name if ticket.service else "no service named",
        "title": ticket.title,
        "status": "investigating",
        "impact": "not known yet",
        "started_at": said(ticket.reported_at, zone),
        "assigned": ticket.worker.name if ticket.worker else "the service desk",
        "next_update_at": _next_update(work, zone),
        "actions": "nothing on record yet",
        "next_step": "We are working on it.",
        "eta": "not known yet",
        "cause": "not known yet",
        "resolved_at": said(ticket.solved_at, zone) if ticket.solved_at else "",
        "duration": "",
        "verification": "",
        "follow_up": "",
        "update_number": ticket.updates_sent,
        "contact": telling.who.name,
        "link": ticket.number,
        "why": f"{due.reason} ({terms.policy} {terms.version}, {due.key}); you are told as {title_of_role}",
        "due_at": said(_due_at(work, due), zone),
        "role": title_of_role,
        "person": telling.who.name,
        "step": step.title or step.name if step else "",
        "ladder": due.subject,
        "level": step.name if step and step.accept else ticket.level,
        "clock": due.subject,
        "percent": due.percent,
        "minutes_late": max(0, int(late // 60)),
        "phone": _phone(work, telling),
        "script": f"This is the service desk about {ticket.number}, {ticket.title}.",
        "reason": due.reason,
        "standard": f"{terms.policy} {terms.version}",
    }


def _due_at(work: Working, due: Obligation) -> datetime:
    """Until when the reader has: the clock that speaks, the answer that is awaited, or the response to the client."""
    if due.kind in ("ask", "resend") and due.step is not None and due.step.accept:
        wait = due.step.accept.get(work.ticket.priority)
        return wait[1].due(due.effective_at, wait[0]) if wait else due.effective_at
    clock = work.terms.clocks.get(due.subject if due.kind in ("threshold", "breach") else "response")
    if clock is None or due.kind not in ("threshold", "breach", "step"):
        return due.effective_at
    reading = fold(work.story, clock, work.now)
    return reading.due_at or due.effective_at


def _phone(work: Working, telling: Telling) -> str:
    step = telling.obligation.step
    called = work.holders(step.to)[:1] if step else []
    return f"{called[0].name}, {called[0].phone or 'no number on file'}" if called else ""


def _next_update(work: Working, zone: ZoneInfo) -> str:
    clock = work.terms.clocks.get("next_update")
    due_at = fold(work.story, clock, work.now).due_at if clock else None
    return said(due_at, zone) if due_at else "at resolution"


def said(at: datetime, zone: ZoneInfo) -> str:
    """The instant as people in that zone write it, and the zone with it."""
    return at.astimezone(zone).strftime(AT)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name) if name else ZoneInfo("UTC")
