"""What happened on this ticket, in sentences?

The one place that turns events into words: screens, API and reports show what it says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tocsin.core.terms import Terms
from tocsin.desk.message import Message
from tocsin.desk.names import Names
from tocsin.desk.sentences import BY_ITSELF, FROM_CLIENT, INTERNAL, QUIET, TO_CLIENT, WORDS, Data, other
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words. `said` goes on where `who` ends; `text` is what a person wrote, `detail` what stands beside.

    audience: to-client, from-client, internal or by-itself (the desk's own doing). tone: good, bad, news or quiet.
    `why` is the rule that brought it about, with its key, where a rule did; `reached` whom its letters got to, when.
    `late` is set where it was dated back. `other` is the number of another ticket that `said` names.
    """

    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    who: str
    said: str
    audience: str = INTERNAL
    tone: str = QUIET
    text: str = ""
    subject: str = ""
    detail: str = ""
    why: str = ""
    key: str = ""
    sha256: str = ""
    reached: tuple[tuple[str, datetime], ...] = ()
    other: str = ""

    @property
    def late(self) -> bool:
        return self.recorded_at - self.at >= MINUTE and self.audience != BY_ITSELF


def recorded(ticket: Ticket, *, after: int = 0) -> list[Event]:
    """What is on the ticket's record, the first first; `after` this place in it."""
    return list(Event.objects.filter(stream=ticket.stream_name, seq__gt=after).order_by("seq"))


WAYS = {"email": "mail", "terminal": "console"}  # as people call a channel, where its name is another


def chronicle(
    ticket: Ticket, terms: Terms, *, client_only: bool = False, rows: list[Event] | None = None
) -> list[Line]:
    """What happened on the ticket, the first first; for a client, only what the client may read.

    `rows` is what is on record, where the caller has read it.
    """
    rows = recorded(ticket) if rows is None else rows
    told = [(row, row.data) for row in rows]
    messages = {message.pk: message for message in Message.objects.filter(ticket=ticket)}
    names = Names([row.actor for row in rows] + [actor for _, data in told for actor in _named(data)])
    reached = _reached(told, names)
    lines = [line for row, data in told if (line := _line(row, data, terms, names, messages)) is not None]
    lines = [replace(line, reached=reached.get(line.seq, ())) for line in lines]
    return [line for line in lines if line.audience in (TO_CLIENT, FROM_CLIENT)] if client_only else lines


def _reached(told: list[tuple[Event, Data]], names: Names) -> dict[int, tuple[tuple[str, datetime], ...]]:
    """The place of an event → who got the letters it brought about, by which way, and when."""
    places = {row.key: row.seq for row, _ in told if row.key}
    found: dict[int, tuple[tuple[str, datetime], ...]] = {}
    for row, data in told:
        if row.kind != "delivered":
            continue
        letter = str(data.get("delivery", "")).removesuffix(f"/{data.get('person', '')}")
        kind, _, place = letter.partition("@")
        seq = places.get(letter) or (int(place) if "/" not in kind and place.isdecimal() else 0)
        twice = ", perhaps twice" if data.get("possible_duplicate") else ""
        channel = str(data.get("channel"))
        words = f"{names(data.get('person'))} by {WAYS.get(channel, channel)}{twice}"
        found[seq] = (*found.get(seq, ()), (words, row.effective_at))
    return found


def _named(data: Data) -> Iterable[str]:
    for name in ("told", "asked"):
        yield from data.get(name) or ()
    for name in ("owner", "worker", "was", "approved_by", "who", "next_who", "incident_manager", "comms_lead"):
        if isinstance(data.get(name), int):
            yield f"person/{data[name]}"
    for name in ("person", "author", "contact"):
        if isinstance(data.get(name), str):
            yield data[name]


def _line(row: Event, data: Data, terms: Terms, names: Names, messages: dict[int, Message]) -> Line | None:
    words = WORDS.get(row.kind, other)
    said = words({**data, "key": row.key or ""}, names, terms)
    if said is None:
        return None
    message = messages.get(data.get("message") or 0)
    return Line(
        seq=row.seq,
        at=row.effective_at,
        recorded_at=row.recorded_at,
        kind=row.kind,
        who=names(row.actor),
        text=_shown(message),
        subject=message.subject if message else "",
        why=_why(data),
        key=row.key or "",
        sha256=data.get("sha256") or "",
        **said,
    )


def _shown(message: Message | None) -> str:
    if message is None:
        return ""
    return "Blacked out, on record." if message.blacked_out_at else message.body


def _why(data: Data) -> str:
    standard = f" ({data['standard']})" if data.get("standard") else ""
    return f"{data['why']}{standard}" if data.get("why") else ""
