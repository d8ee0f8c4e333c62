"""What can a program ask about tickets, and do to them?"""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from tocsin.api.acts import ACTS, Act
from tocsin.api.approving import APPROVING
from tocsin.api.door import Said, allowed, invalid, missing, once, said
from tocsin.api.shapes import Page, People, Timeline, Whole, entry, short, somebody, whole
from tocsin.api.staging import STAGING
from tocsin.api.stopping import STOPPING, OtherWork, Stop, StoppedLine, other_ticket, stopped_line
from tocsin.desk import board, stopping, tickets
from tocsin.desk.chronicle import chronicle
from tocsin.desk.other_work import other_work
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients
from tocsin.directory.api_key import READ, WRITE
from tocsin.directory.person import colleagues
from tocsin.standard.terms import NothingAgreed, terms_of

router = Router()
MOST = 100
JOINED = ("client", "service", "contact", "owner", "worker", "incident_manager", "comms_lead")


class Wanted(Schema):
    """Which tickets."""

    state: Literal["live", "solved", "ended", "all"] = "live"
    client: str = Field("", description="a client's slug")
    q: str = Field("", max_length=200, description="words in title, number or client")
    cursor: str = Field("", max_length=20, description="`next` of the page before")
    limit: int = Field(50, ge=1, le=MOST)


class New(Said):
    """A ticket to be opened."""

    client: str = Field(description="the client's slug")
    title: str = Field(min_length=1, max_length=300)
    kind: Literal["incident", "request", "complaint"] = "incident"
    priority: str | None = Field(
        None, description="left out: what the facts give, else the standard's default; a complaint has times of its own"
    )
    facts: dict[str, str] = Field({}, description="input of the standard's matrix → answer on its scale")
    differs_because: str = Field("", max_length=500, description="why it has another priority than the facts give")
    service: str | None = Field(None, description="a service's slug")
    impact: str = Field("", max_length=500)
    text: str = Field("", max_length=50_000, description="what they said, kept as a note")
    reported_at: AwareDatetime | None = None
    external_id: str = Field("", max_length=200)
    stop: Stop | None = Field(None, description="stop the line on it; then without a priority")


@router.get("/tickets", response=Page, url_name="tickets", summary="Tickets, the newest first")
def listed(request: HttpRequest, wanted: Wanted = Query(...)) -> HttpResponse:  # type: ignore[type-arg]  # noqa: B008
    found = seen_by(allowed(request, READ))
    states: dict[str, tuple[str, ...]] = {"live": board.LIVE, "solved": ("solved",), "ended": tuple(tickets.ENDED)}
    if wanted.state != "all":
        found = found.filter(status__in=states[wanted.state])
    if wanted.client:
        found = found.filter(client__slug=wanted.client)
    for word in wanted.q.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(client__name__icontains=word))
    if wanted.cursor:
        if not wanted.cursor.isdecimal() or not wanted.cursor.isascii() or len(wanted.cursor) > 18:
            raise invalid("This cursor is none of ours.", "Give `next` of the page before, as it came.")
        found = found.filter(pk__lt=int(wanted.cursor))
    rows = list(found.select_related(*JOINED).order_by("-pk")[: wanted.limit + 1])
    shown = rows[: wanted.limit]
    return said(
        Page(
            tickets=[short(ticket) for ticket in shown],
            next=str(shown[-1].pk) if len(rows) > wanted.limit else None,
        )
    )


@router.post("/tickets", response={201: Whole}, url_name="open-ticket", summary="Open a ticket")
def opened(request: HttpRequest, new: New) -> HttpResponse:
    key = allowed(request, WRITE)
    at = request.at  # type: ignore[attr-defined]

    def perform() -> HttpResponse:
        client = clients.seen_by(key).filter(slug=new.client, ended_on=None).first()
        if client is None:
            raise missing(f"client {new.client}")
        service = client.services.filter(slug=new.service).first() if new.service else None
        if new.service and service is None:
            raise missing(f"service {new.service} of {client}")
        opening: dict[str, Any] = {
            "client": client,
            "title": new.title,
            "kind": new.kind,
            "service": service,
            "impact": new.impact,
            "facts": new.facts,
            "reported_at": new.reported_at,
            "external_id": new.external_id,
            "by": key.person,
            "now": at,
        }
        if new.stop is not None and new.priority is not None:
            raise invalid("Stopping the line gives the top priority: leave `priority` out.")
        try:
            if new.stop is not None:
                ticket = stopping.open_stopped(**opening, **new.stop.said)
            else:
                ticket = tickets.open(**opening, priority=new.priority, differs_because=new.differs_because)
        except NothingAgreed as lack:
            raise invalid(f"{lack}.", "A client needs a contract before it has tickets.") from lack
        if new.text.strip():
            tickets.note(ticket, new.text, by=key.person, now=at)
        place = f"/api/v1/tickets/{ticket.number}"
        return said(whole(ticket, now=at), 201, Location=place)

    return once(request, perform)


@router.get("/tickets/{number}", response=Whole, url_name="ticket", summary="A ticket, with its clocks and why")
def shown(request: HttpRequest, number: str) -> HttpResponse:
    key = allowed(request, READ)
    return said(whole(find(key, number), now=request.at))  # type: ignore[attr-defined]


@router.get("/tickets/{number}/timeline", response=Timeline, url_name="timeline", summary="What happened on it")
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    ticket = find(allowed(request, READ), number)
    return said(Timeline(entries=[entry(line) for line in chronicle(ticket, terms_of(ticket))]))


@router.get(
    "/tickets/{number}/line", response=StoppedLine, url_name="ticket-line", summary="Is the line stopped, who leads?"
)
def line(request: HttpRequest, number: str) -> HttpResponse:
    return said(stopped_line(find(allowed(request, READ), number)))


@router.get(
    "/tickets/{number}/other-work",
    response=OtherWork,
    url_name="ticket-other-work",
    summary="What else its responders have, to be handed on",
)
def others(request: HttpRequest, number: str) -> HttpResponse:
    key = allowed(request, READ)
    at = request.at  # type: ignore[attr-defined]
    found = other_work(find(key, number), seen_by(key), now=at)
    return said(OtherWork(tickets=[other_ticket(each) for each in found]))


@router.get("/people", response=People, url_name="people", summary="Who works here, with the ids that acts take")
def people(request: HttpRequest) -> HttpResponse:
    allowed(request, READ)
    return said(People(people=[one for each in colleagues() if (one := somebody(each)) is not None]))


def find(key: Any, number: str) -> Ticket:
    """The ticket of this number, if the key may see it. Raises Problem."""
    found = seen_by(key).select_related(*JOINED, "policy_version__policy").filter(number=number.upper()).first()
    if found is None:
        raise missing(f"ticket {number}")
    return found


def _act(shape: type[Act]) -> None:
    def act(request: HttpRequest, number: str, said_: Act) -> HttpResponse:
        key = allowed(request, WRITE)
        at = request.at  # type: ignore[attr-defined]

        def perform() -> HttpResponse:
            said_.perform(find(key, number), by=key.person, now=at)
            return said(whole(find(key, number), now=at))

        return once(request, perform)

    act.__name__ = shape.__name__.lower()
    act.__annotations__ = {"request": HttpRequest, "number": str, "said_": shape, "return": HttpResponse}
    act.__doc__ = shape.says
    path = f"/tickets/{{number}}/{shape.verb}"
    router.post(path, response=Whole, url_name=f"ticket-{shape.verb}", summary=shape.says)(act)


for _shape in (*ACTS, *STOPPING, *STAGING, *APPROVING):
    _act(_shape)


__all__ = ["router"]
