"""What is next on a ticket, whose is it, and until when?

What is agreed is what somebody has recorded since the ticket was last handed over, escalated, or changed its course.
Where nobody has, something is next all the same, and is told as what it is: the default. (R8.6)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tocsin.core.agenda import must_by
from tocsin.core.plan import Plan
from tocsin.desk.board import LIVE
from tocsin.desk.ticket import Ticket
from tocsin.directory.person import here
from tocsin.log.chain import open_body
from tocsin.log.event import Event

KIND = "next_step"
HANDED_OVER = (
    *("escalated", "accepted", "sent_back", "assigned", "line_stopped"),
    *("solved", "reopened", "closed", "cancelled"),
)
TRIAGE, ACCEPT, SAY = "Triage it", "Accept it, or send it back", "Say what happens next"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is next: the step in words; whose it is, a person's primary key or else a level; until when (aware UTC).

    `default`: nobody has said so, it is what a ticket that stands so needs. Only that, and what an escalation left
    open, can be due at no known time.
    """

    step: str
    who: int | None
    due_at: datetime | None
    level: str = ""
    default: bool = False


def agreed(ticket: Ticket) -> NextStep | None:
    """The next step that somebody recorded, and that still stands."""
    return agreed_on([ticket]).get(ticket.pk)


def agreed_on(tickets: Iterable[Ticket]) -> dict[int, NextStep]:
    """The same of many tickets, by primary key, read with one query."""
    by_stream = {ticket.stream_name: ticket for ticket in tickets if ticket.status in LIVE}
    last: dict[str, tuple[str, Any]] = {}
    if by_stream:
        rows = Event.objects.filter(stream__in=by_stream, kind__in=(KIND, *HANDED_OVER)).order_by("seq")
        for stream, kind, body in rows.values_list("stream", "kind", "body"):
            last[stream] = kind, body
    found = {by_stream[stream].pk: _said(kind, open_body(body)["data"]) for stream, (kind, body) in last.items()}
    return {pk: step for pk, step in found.items() if step is not None}


def next_step(ticket: Ticket, planned: Plan, known: NextStep | None) -> NextStep | None:
    """What is next: what is agreed (`known`), else the default; None where nobody works on the ticket any more."""
    if ticket.status not in LIVE:
        return None
    if known is not None:
        return known if known.due_at is not None else replace(known, due_at=_accept_by(planned) or must_by(planned))
    step, worker = default(ticket), here(ticket.worker) or here(ticket.owner)
    if step == ACCEPT:
        return NextStep(step, None, _accept_by(planned) or must_by(planned), ticket.asked_level, default=True)
    response = planned.readings.get("response")
    due_at = response.due_at if step == TRIAGE and response is not None and response.state == "running" else None
    level = "" if worker else ticket.level
    return NextStep(step, worker.pk if worker else None, due_at or must_by(planned), level, default=True)


def default(ticket: Ticket) -> str:
    """What a ticket that stands so needs next, where nobody has said."""
    if ticket.asked_level:
        return ACCEPT
    return TRIAGE if ticket.status == "new" else SAY


def _said(kind: str, data: Mapping[str, Any]) -> NextStep | None:
    if kind == KIND:
        return NextStep(data["step"], data["who"], datetime.fromisoformat(data["due_at"]))
    if kind == "escalated" and data.get("next_step"):
        who, due_at = data.get("next_who"), data.get("next_due")
        return NextStep(
            data["next_step"], who, datetime.fromisoformat(due_at) if due_at else None, "" if who else data["to"]
        )
    return None


def _accept_by(planned: Plan) -> datetime | None:
    """When the level that was asked is asked again, or passed over."""
    return min((each.at for each in planned.ahead if each.kind in ("resend", "unaccepted")), default=None)
