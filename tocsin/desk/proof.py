"""Does every ticket's row say what its log says?

The projection is told again from the log, event by event, and compared with what is stored. (semantics 2, R17.2)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from tocsin.core.event import BrokenStory
from tocsin.desk import record
from tocsin.desk.projection import at_last_event
from tocsin.desk.stopped import LEADS_NAMED, STOOD_DOWN, STOPPED
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import COLUMNS, PROJECTED
from tocsin.directory.contact import Contact
from tocsin.log.chain import open_body
from tocsin.log.event import Event
from tocsin.log.verify import Fault
from tocsin.standard.terms import NothingAgreed, terms_of

BATCH = 500
# What goes on record without the row being told anew: it moves no clock.
QUIET = frozenset({"delivered", "undelivered", "engine_error"})
GIVING = frozenset({"assigned", "acknowledged", "accepted", "sent_back"})  # what says whose the ticket is from then on
MOVED = "moved"
LEADS = ("incident_manager", "comms_lead")
NAMES = {
    "look_at": "the next instant to look",
    "next_at": "when something must happen next",
    "reading": "the reading of its clocks",
}


def refold(
    progress: Callable[[int, int], None] | None = None, *, tickets: QuerySet[Ticket] | None = None
) -> Iterator[Fault]:
    """Every ticket, of these or of all, whose row is not what its story makes of it, with the columns that differ."""
    wanted = Ticket.objects.all() if tickets is None else tickets
    numbers = list(wanted.order_by("pk").values_list("pk", flat=True))
    for done in range(0, len(numbers), BATCH):
        batch = numbers[done : done + BATCH]
        yield from _told_again(batch)
        if progress:
            progress(done + len(batch), len(numbers))


def _told_again(numbers: list[int]) -> Iterator[Fault]:
    """One that cannot even be read hides no other: then each is read by itself."""
    try:
        tickets = list(Ticket.objects.filter(pk__in=numbers).select_related("client", "service").order_by("pk"))
        stories = _stories(tickets)
    except Exception as error:
        if len(numbers) == 1:
            yield _untold(f"{Ticket.stream_kind}/{numbers[0]}", 0, error)
            return
        for number in numbers:
            yield from _told_again([number])
        return
    for ticket in tickets:
        yield from _compare(ticket, stories.get(ticket.stream_name, []))


Row = tuple[str, datetime, datetime, int, str | None, str]


def _stories(tickets: list[Ticket]) -> dict[str, list[Row]]:
    names = [ticket.stream_name for ticket in tickets]
    rows = Event.objects.filter(stream__in=names).order_by("stream", "seq").values_list("stream", *COLUMNS)
    return {name: [row[1:] for row in found] for name, found in groupby(rows.iterator(chunk_size=5000), itemgetter(0))}


def _compare(ticket: Ticket, rows: list[Row]) -> Iterator[Fault]:
    name = ticket.stream_name
    told = [row for row in rows if row[0] not in QUIET]
    if not told:
        return  # the chain's own check names a story that is gone
    place = told[-1][3]
    try:
        said = ", ".join(_differs(ticket, rows, head_at=told[-1][2]))
    except Exception as error:  # whatever somebody wrote there, the other tickets are still to be told
        yield _untold(name, place, error)
        return
    if said:
        yield Fault(name, place, f"{ticket.number} shows what its log does not say: {said}")


def _differs(ticket: Ticket, rows: list[Row], *, head_at: datetime) -> Iterator[str]:
    projected = at_last_event(record.tell(rows), terms_of(ticket), head_at=head_at)
    yield from _told_otherwise(ticket, rows)
    for column in PROJECTED:
        if not _same(ticket, column, getattr(projected, column)):
            yield f"{NAMES.get(column, column)} ({_difference(ticket, projected, column)})"


def _untold(name: str, place: int, error: Exception) -> Fault:
    if isinstance(error, DatabaseError) and not connection.is_usable():
        raise error
    why = " ".join(str(error).split())
    known = isinstance(error, BrokenStory | NothingAgreed)
    return Fault(name, place, f"its story cannot be told: {why if known else f'{type(error).__name__}: {why}'}")


def _told_otherwise(ticket: Ticket, rows: list[Row]) -> Iterator[str]:
    """What no rule decides, and is not what was put on record: as what it was opened, whose it is, what was sent.

    What an event of an earlier version does not say is not compared.
    """
    _, effective_at, recorded_at, _, _, body = rows[0]
    opening = open_body(body)
    told = {
        **opening["data"],
        "client": opening["client"],
        "imported": "imported_at" in opening["data"],
        "reported_at": effective_at,
        "opened_at": recorded_at,
        "updates_sent": sum(kind == "updated" for kind, *_ in rows),
        "correction_since": _correction_since(rows),
        "approval_since": _approval_since(rows),
        **_worked_by(rows, opening["data"]),
        **_hands(rows),
        **_line(rows),
    }
    stored = {
        "client": ticket.client_id,
        "imported": ticket.imported,
        "reported_at": ticket.reported_at,
        "opened_at": ticket.opened_at,
        "updates_sent": ticket.updates_sent,
        "correction_since": ticket.correction_since,
        "approval_since": ticket.approval_since,
        **ticket.as_opened,
        **ticket.worked_by,
        **ticket.hands,
        **ticket.line,
    }
    for name, value in stored.items():
        if name in told and value != told[name] and not _forgotten(name, value, told[name]):
            yield f"{name.removesuffix('_of_ticket')} (stored {value}, told {told[name]})"


def _correction_since(rows: list[Row]) -> datetime | None:
    """When the first correction was drafted on which nobody has decided."""
    drafted: dict[int, datetime] = {}
    for kind, _, recorded_at, seq, _, body in rows:
        if kind == "correction_drafted":
            drafted[seq] = recorded_at
        elif kind in ("correction_approved", "correction_refused"):
            drafted.pop(open_body(body)["data"]["of"], None)
    return min(drafted.values(), default=None)


def _approval_since(rows: list[Row]) -> datetime | None:
    """When the first approval was asked for on which nobody has decided, and which was not asked for anew."""
    asked: dict[int, tuple[str, datetime]] = {}
    acted: set[int] = set()
    for kind, effective_at, _, seq, _, body in rows:
        if kind == "approval_asked":
            name = open_body(body)["data"]["approval"]
            asked = {place: each for place, each in asked.items() if place in acted or each[0] != name}
            asked[seq] = name, effective_at
        elif kind == "approval_acted_first":
            acted.add(open_body(body)["data"]["of"])
        elif kind in ("approval_given", "approval_refused", "approval_withdrawn"):
            asked.pop(open_body(body)["data"]["of"], None)
    return min((at for _, at in asked.values()), default=None)


def _worked_by(rows: list[Row], opening: dict[str, Any]) -> dict[str, Any]:
    """The version it was opened under or moved to last, and the moves before."""
    moves, version = [], opening.get("policy_version")
    for kind, _, recorded_at, _, _, body in rows:
        if kind == MOVED:
            named = open_body(body)["data"]
            moves.append([named["from_version"], named["policy_version"], recorded_at.isoformat()])
            version = named["policy_version"]
    known = {} if version is None else {"policy_version": version}
    return {**known, "moves": json.dumps(moves)}


def _hands(rows: list[Row]) -> dict[str, int | None]:
    """Whose it is, by the last events that name an owner and a worker; nobody's until one does."""
    hands: dict[str, int | None] = {"owner": None, "worker": None}
    for kind, *_, body in rows:
        if kind in GIVING:
            named = open_body(body)["data"]
            hands |= {hand: named[hand] for hand in ("owner", "worker") if hand in named}
            if kind in ("accepted", "sent_back") and "worker" not in named:
                hands.pop("worker", None)
    return hands


def _line(rows: list[Row]) -> dict[str, Any]:
    """Since when the line is stopped, and who leads there, by the last events that say so."""
    line: dict[str, Any] = {"stopped_at": None, **dict.fromkeys(LEADS)}
    for kind, effective_at, *_, body in rows:
        if kind == STOOD_DOWN:
            line["stopped_at"] = None
        elif kind in (STOPPED, LEADS_NAMED):
            named = open_body(body)["data"]
            line |= {lead: named[lead] for lead in LEADS if lead in named}
            if kind == STOPPED:
                line["stopped_at"] = effective_at
    return line


def _forgotten(name: str, stored: object, told: object) -> bool:
    """Whether it is a contact who has been deleted since, and with them their place on every ticket."""
    return name == "contact" and stored is None and not Contact.objects.filter(pk=told).exists()


def _same(ticket: Ticket, column: str, said: object) -> bool:
    if column in ("look_at", "next_at") and ticket.imported:
        return getattr(ticket, column) is None
    return bool(getattr(ticket, column) == said)


def _difference(ticket: Ticket, projected: object, column: str) -> str:
    stored, told = getattr(ticket, column), getattr(projected, column)
    if column != "reading":
        return f"stored {stored}, told {told}"
    try:
        before, after = json.loads(stored), json.loads(told)
    except ValueError:
        return "stored text is no reading"
    if not isinstance(before, dict):
        return "stored text is no reading"
    clocks = [clock for clock in after if before.get(clock) != after[clock]]
    return f"of {', '.join(clocks) or 'clocks it does not have'}"
