"""What was asked to be approved on a ticket, by whom, and how does it stand?

Everything is read from the log. What nobody decides on expires by the standard's own time, and has to be asked for
anew; what was done first in an emergency stays open until somebody has looked at it afterwards. (R10.1, R10.2, R10.4)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Final

from django.db.models import QuerySet

from tocsin.core.practice import Approval
from tocsin.core.terms import Terms
from tocsin.desk.ticket import Ticket
from tocsin.desk.whose import asked
from tocsin.directory.access import why_not
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.log.event import Event
from tocsin.standard.terms import terms_of

ASKED, GIVEN, REFUSED = "approval_asked", "approval_given", "approval_refused"
WITHDRAWN, ACTED = "approval_withdrawn", "approval_acted_first"
MOST = BATCH = 100
OVER = ("solved", "closed", "cancelled", "merged")
KINDS: Final = (ASKED, GIVEN, REFUSED, WITHDRAWN, ACTED)

# What whoever approves must be able to see, and what it is asked as. (R10.4)
ASSESSMENT: Final = {
    "service": "What it touches",
    "risk": "What may go wrong",
    "window": "When it is done, and how long it takes",
    "test": "How it is tested",
    "way_back": "The way back",
    "watches": "Who watches meanwhile",
}


@dataclass(frozen=True, slots=True)
class Request:
    """Something that waits for approval, or did: its place in the log, who asked, for what, and what came of it.

    state: open, given, refused, withdrawn, anew (asked for anew since), acted (done first, and looked at afterwards) or
    reviewed. `decided_by` is an actor, `acted_by` whoever did not wait, `role` the one that it was decided by.
    """

    place: int
    approval: str
    title: str
    what: str
    assessment: dict[str, str]
    by: str
    at: datetime
    expires_at: datetime | None
    state: str = "open"
    decided_by: str = ""
    decided_at: datetime | None = None
    comment: str = ""
    role: str = ""
    acted_by: str = ""
    result: str = ""

    def waits(self, now: datetime) -> bool:
        """Whether somebody is to decide on it."""
        return self.state == "acted" or (self.state == "open" and not self.expired(now))

    def expired(self, now: datetime) -> bool:
        return self.state == "open" and self.expires_at is not None and now >= self.expires_at

    @property
    def allows(self) -> bool:
        """Whether what it asks for may be done, or was done first with the right to."""
        return self.state in ("given", "acted") or (self.state == "reviewed" and bool(self.acted_by))


def hear(known: dict[int, Request], row: Event) -> None:
    """One more event is on record; `known` are the requests by their place."""
    data: dict[str, Any] = row.data
    if row.kind == ASKED:
        for before in known.values():
            if before.approval == data["approval"] and before.state == "open":
                known[before.place] = replace(before, state="anew")
        until = data.get("expires_at")
        known[row.seq] = Request(
            row.seq,
            data["approval"],
            data["title"],
            data["what"],
            data["assessment"],
            row.actor,
            row.effective_at,
            datetime.fromisoformat(until) if until else None,
        )
        return
    if row.kind not in KINDS or (request := known.get(data["of"])) is None:
        return
    told = {"comment": data.get("comment", ""), "role": data.get("role", "")}
    decided = {"decided_by": data.get("contact") or row.actor, "decided_at": row.effective_at, **told}
    if row.kind == ACTED:
        known[request.place] = replace(request, state="acted", acted_by=row.actor, **told)
    elif row.kind == GIVEN:
        known[request.place] = replace(request, state="reviewed" if request.acted_by else "given", **decided)
    elif row.kind == REFUSED:
        known[request.place] = replace(request, state="refused", **decided)
    else:
        known[request.place] = replace(request, state="withdrawn", **decided)


def requests_of(ticket: Ticket, rows: Iterable[Event] | None = None) -> list[Request]:
    """What was asked on this ticket, the oldest first; `rows` are those of its log, where they were read already."""
    known: dict[int, Request] = {}
    if rows is None:
        rows = Event.objects.filter(stream=ticket.stream_name, kind__in=KINDS).order_by("seq")
    for row in rows:
        hear(known, row)
    return list(known.values())


def deciders(
    approval: Approval, ticket: Ticket, terms: Terms, *, at: datetime, roster: Holders | None = None
) -> list[tuple[Person | Contact, str]]:
    """Who may give it, each with the role by which: those of `by` first, then the delegates."""
    roster = roster or Holders.of([ticket.client_id], at=at)
    found: dict[Person | Contact, str] = {}
    for role in (*approval.by, *approval.delegates):
        for who in asked(ticket, role, roster, terms):
            if isinstance(who, Contact) or not why_not(who, ticket.client):
                found.setdefault(who, role)
    return list(found.items())


def last_of_each(requests: Iterable[Request]) -> list[Request]:
    """Of each approval what was asked for last, and still is wanted: it counts, whatever came of it before."""
    return list({each.approval: each for each in requests if each.state != "withdrawn"}.values())


def since(requests: Iterable[Request]) -> datetime | None:
    """Since when the first of them is undecided, expired or not; None where none is."""
    return min((each.at for each in requests if each.state in ("open", "acted")), default=None)


def in_words(approval: Approval, terms: Terms) -> str:
    """Who may give it: `Service delivery manager, or Director in their place`."""
    said = " or ".join(terms.titles.get(role, role) for role in approval.by)
    instead = " or ".join(terms.titles.get(role, role) for role in approval.delegates)
    return f"{said}, or {instead} in their place" if instead else said


def for_them(tickets: QuerySet[Ticket], *, who: Person, now: datetime) -> list[tuple[Ticket, Request]]:
    """What waits on these tickets for this person to decide, the oldest first; on what is over, reviews alone."""
    wait = tickets.filter(approval_since__isnull=False).order_by("approval_since", "pk")
    found: list[tuple[Ticket, Request]] = []
    for at in count(step=BATCH):  # what has expired stands among them, so there is no telling how many to read
        some = list(wait.select_related("client", "service", "owner")[at : at + BATCH])
        if some:
            found += _theirs(some, who, now)
        if len(some) < BATCH or len(found) >= MOST:
            break
    return sorted(found[:MOST], key=lambda each: each[1].at)


def _theirs(tickets: list[Ticket], who: Person, now: datetime) -> Iterator[tuple[Ticket, Request]]:
    requests = _on(tickets)
    waiting = [
        (ticket, each) for ticket in tickets for each in requests[ticket.pk] if _is_asked(ticket, each, who, now)
    ]
    roster = Holders.of({ticket.client_id for ticket, _ in waiting}, at=now) if waiting else None
    for ticket, request in waiting:
        terms = terms_of(ticket)
        approval = terms.practice.approvals.get(request.approval)
        may = deciders(approval, ticket, terms, at=now, roster=roster) if approval else ()
        if any(person == who for person, _ in may):
            yield ticket, request


def _is_asked(ticket: Ticket, request: Request, who: Person, now: datetime) -> bool:
    """Whether it waits for somebody, and this person neither asked for it nor acted on it."""
    over = ticket.status in OVER and request.state == "open"
    return request.waits(now) and not over and who.actor not in (request.by, request.acted_by)


def _on(tickets: list[Ticket]) -> dict[int, list[Request]]:
    """What was asked on each of these tickets, by primary key, read with one query."""
    by_stream = {ticket.stream_name: ticket.pk for ticket in tickets}
    known: dict[int, dict[int, Request]] = {pk: {} for pk in by_stream.values()}
    for row in Event.objects.filter(stream__in=by_stream, kind__in=KINDS).order_by("stream", "seq"):
        hear(known[by_stream[row.stream]], row)
    return {pk: list(requests.values()) for pk, requests in known.items()}
