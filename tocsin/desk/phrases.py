"""What fills the placeholders of a message about a ticket?

From what is on record, in the client's own time zone; nothing is guessed, and what nobody recorded is said to be so.
(R14.1, R9.4)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tocsin.core.terms import Terms
from tocsin.desk.facts import Facts
from tocsin.desk.ticket import Ticket

AT = "%a %d %b %Y %H:%M %Z"
Fields = dict[str, str | int | None]


def for_client(
    ticket: Ticket, terms: Terms, facts: Facts, *, to: str, next_update_at: datetime | None, number: int | None = None
) -> Fields:
    """Every placeholder that a text for the client may use; `number` is the update's (default: the last one)."""
    zone = zone_of(ticket.client.zone)
    solved_at = ticket.solved_at
    return {
        "number": ticket.number,
        "priority": ticket.priority,
        "severity": terms.titles.get(ticket.priority, ticket.priority),
        "client": ticket.client.name,
        "service": ticket.service.name if ticket.service else "not named yet",
        "title": ticket.title,
        "status": status(ticket, terms, facts),
        "impact": facts.impact or "not known yet",
        "started_at": said(ticket.reported_at, zone),
        "assigned": ticket.worker.name if ticket.worker else "the service desk",
        "next_update_at": _next_update(ticket, terms, next_update_at, zone),
        "actions": facts.actions or facts.told or "nothing to report yet",
        "next_step": "nothing more" if solved_at else "we keep working on it, and tell you what we find",
        "eta": "not known yet",
        "cause": facts.cause or "not known yet",
        "resolved_at": said(solved_at, zone) if solved_at else "not yet",
        "duration": lasted(solved_at - ticket.reported_at) if solved_at else "still open",
        "verification": facts.verification or "not verified yet",
        "follow_up": _follow_up(ticket, terms, zone),
        "update_number": ticket.updates_sent if number is None else number,
        "contact": to,
        "link": ticket.number,
    }


def status(ticket: Ticket, terms: Terms, facts: Facts) -> str:
    """The client's word for where it stands: its stage's, and identified once a cause is on record. (R9.4)"""
    if ticket.solved_at is not None:
        return "resolved"
    if ticket.pending_on:
        wait = terms.waits.get(ticket.pending_on)
        return "waiting for your answer" if wait and wait.ended_by_reply else _lower(wait.title if wait else "waiting")
    word = next((stage.status for stage in terms.stages if stage.name == ticket.stage), "investigating")
    return "identified" if word == "investigating" and facts.cause else word


def _next_update(ticket: Ticket, terms: Terms, at: datetime | None, zone: ZoneInfo) -> str:
    if at is not None:
        return said(at, zone)
    clock = terms.clocks.get("next_update")
    if clock is not None and clock.targets.get(ticket.priority) is not None and ticket.pending_on:
        return "when we have your answer" if terms.waits[ticket.pending_on].ended_by_reply else "when the wait is over"
    return "when it is resolved"


def _follow_up(ticket: Ticket, terms: Terms, zone: ZoneInfo) -> str:
    if ticket.solved_at is None or terms.solved_period is None:
        return "none agreed yet"
    duration, calendar = terms.solved_period
    return f"we close the ticket at {said(calendar.due(ticket.solved_at, duration), zone)} unless we hear from you"


def said(at: datetime, zone: ZoneInfo) -> str:
    """The instant as people in that zone write it, and the zone with it."""
    return at.astimezone(zone).strftime(AT)


def lasted(time: timedelta) -> str:
    """`2 days 3 h 20 min`; what is shorter than a minute is one."""
    minutes = max(1, round(time.total_seconds() / 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name) if name else ZoneInfo("UTC")
