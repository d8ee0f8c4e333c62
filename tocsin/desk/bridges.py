"""Where do those who work on a ticket talk, and who was there?

A bridge is a link or a telephone number. One is open at a time; that it was opened, who joined and what came of it are
events on the ticket. (R14.7)
"""

from __future__ import annotations

from datetime import datetime

from tocsin.core.event import Noted
from tocsin.desk.refusal import Refusal
from tocsin.desk.stopped import BRIDGE_CLOSED, BRIDGE_JOINED, BRIDGE_OPENED, Bridge, responders, standing_of
from tocsin.desk.telling import tell
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import act
from tocsin.directory.person import Person

LIMIT = 500


def open_bridge(ticket: Ticket, where: str, *, by: Person, now: datetime) -> None:
    """The ticket has a bridge there, and whoever responds to it hears of that."""
    where = told_where(where)
    with act(ticket, by=by.actor, now=now) as done:
        live(done)
        none_open(done.ticket)
        done.say(BRIDGE_OPENED, where=where)
        for who in responders(done.ticket):
            tell(
                done,
                who,
                subject=f"{ticket.priority} {ticket.client}: a bridge is open on {ticket.number}: {ticket.title}",
                body=f"{who}, please join the bridge on {ticket.number}: {where}\n\n"
                f"Why you: you respond to it, and {by} has opened the bridge.",
            )


def join(ticket: Ticket, *, by: Person, now: datetime, guest: str = "") -> None:
    """They are on the bridge since now, or a guest of theirs is: somebody of the client's, or a vendor's."""
    guest = " ".join(guest.split())
    if len(guest) > LIMIT:
        raise Refusal(f"The name is {len(guest)} characters long; {LIMIT} fit.")
    with act(ticket, by=by.actor, now=now) as done:
        bridge = _open_on(done.ticket)
        if (guest or by.actor) in {who for who, _ in bridge.joined}:
            raise Refusal(f"{guest or by} has joined the bridge of {ticket.number} already.")
        done.record(Noted(done.now), kind=BRIDGE_JOINED, **({"guest": guest} if guest else {}))


def close(ticket: Ticket, *, note: str, by: Person, now: datetime) -> None:
    """The bridge is over, and the note says what came of it. A ticket that is solved may still have one to close."""
    note = note.strip()
    with act(ticket, by=by.actor, now=now) as done:
        _open_on(done.ticket)
        if not note:
            raise Refusal("Say what came of the bridge: what was decided, and who does what now?")
        if len(note) > LIMIT:
            raise Refusal(f"The note is {len(note)} characters long; {LIMIT} fit. Put the rest in a note of its own.")
        done.record(Noted(done.now), kind=BRIDGE_CLOSED, note=note)


def told_where(where: str) -> str:
    """The link or number, on one line. Raises Refusal."""
    where = " ".join(where.split())
    if not where:
        raise Refusal("Say where the bridge is: a link, or a number to call.")
    if len(where) > LIMIT:
        raise Refusal(f"The bridge's link or number is {len(where)} characters long; {LIMIT} fit.")
    return where


def none_open(ticket: Ticket) -> None:
    """Raises Refusal where a bridge is open: two would split those who are to talk."""
    if known := where_of(ticket):
        raise Refusal(f"{ticket.number} has a bridge open already, at {known}: join that one, or close it first.")


def where_of(ticket: Ticket) -> str:
    """Where the open bridge is; blank where there is none."""
    bridge = standing_of([ticket])[ticket.pk].bridge
    return bridge.where if bridge else ""


def _open_on(ticket: Ticket) -> Bridge:
    bridge = standing_of([ticket])[ticket.pk].bridge
    if bridge is None:
        raise Refusal(f"{ticket.number} has no bridge open: open one, with its link or number.")
    return bridge
