"""What does a ticket's log say that somebody is still to do?"""

from __future__ import annotations

from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event


def unanswered_page(ticket: Ticket) -> Event | None:
    """The last page sent, if nobody has acknowledged since."""
    last = None
    for event in _events(ticket, "step", "again", "acknowledged"):
        if event.kind == "acknowledged":
            last = None
        elif "/page@" in (event.key or "") and not event.data.get("moot"):
            last = event
    return last


def acts_asked(ticket: Ticket) -> list[Event]:
    """The calls and briefings that a ladder asked for and of which nothing is recorded."""
    done = {event.data["of"] for event in _events(ticket, "done")}
    asked = (step for step in _events(ticket, "step") if (step.key or "").endswith(("/primary-contact", "-briefing")))
    return [step for step in asked if step.key not in done]


def _events(ticket: Ticket, *kinds: str) -> list[Event]:
    return list(Event.objects.filter(stream=ticket.stream_name, kind__in=kinds).order_by("seq"))
