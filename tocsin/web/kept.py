"""Which promises did this client see kept, and which tickets are behind each number?"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tocsin.core.explain import name_of
from tocsin.core.terms import Terms
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients as clients_of
from tocsin.directory.client import Client
from tocsin.reports.kept import VERDICTS, Figure, Period, figures, periods
from tocsin.standard.terms import NothingAgreed, terms_for
from tocsin.web.staff import staff

MOST = 500


@dataclass(frozen=True, slots=True)
class Cell:
    """One clock in one period: the percentage, and each number with the address of the tickets behind it."""

    period: Period
    attainment: str
    tone: str
    numbers: list[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One clock, and whether it is a target or a guarantee."""

    name: str
    kind: str
    cells: list[Cell]


def rows(tickets: QuerySet[Ticket], client: Client, terms: Terms | None, request: HttpRequest) -> list[Row]:
    """A row per clock that was promised since the first of the periods, or is now. (R2.9, R19.5)"""
    over = periods(client.zone, request.at)
    found = figures(tickets, over, now=request.at)
    if terms is not None:
        found |= {(name, clock.kind): {} for name, clock in terms.clocks.items() if (name, clock.kind) not in found}
    return [
        Row(name_of(clock), kind, [_cell(client, clock, kind, each, by_name.get(each.name)) for each in over])
        for (clock, kind), by_name in found.items()
    ]


def _cell(client: Client, clock: str, kind: str, period: Period, figure: Figure | None) -> Cell:
    figure = figure or Figure()
    address = reverse("client-promises", args=[client.slug])
    asked = {"clock": clock, "kind": kind, "period": period.name}
    numbers = [
        (verdict, figure.count(verdict), f"{address}?{urlencode({**asked, 'verdict': verdict})}")
        for verdict in VERDICTS
        if verdict != "running" or period.open
    ]
    return Cell(period, figure.attainment, "late" if figure.broken else "ok" if figure.kept else "dim", numbers)


@staff
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Which promises were kept: for htmx the card alone, which the client's page loads once it is shown.

    All that is open must be read for it, which the rest of that page need not wait for.
    """
    client = clients_of.seen_by(request.person).filter(slug=slug).first()
    if client is None:
        raise Http404(f"There is no client {slug} that you may see.")
    try:
        terms = terms_for(client, at=request.at)
    except NothingAgreed:
        terms = None
    kept = rows(seen_by(request.person).filter(client=client), client, terms, request)
    context = {"client": client, "kept": kept}
    response = render(request, "clients/_kept.html" if request.htmx else "clients/kept.html", context)
    response["Vary"] = "HX-Request, Cookie"
    return response


@staff
def behind(request: HttpRequest, slug: str) -> HttpResponse:
    """The tickets behind one of the numbers, the latest first."""
    client = clients_of.seen_by(request.person).filter(slug=slug).first()
    if client is None:
        raise Http404(f"There is no client {slug} that you may see.")
    asked = {name: request.GET.get(name, "") for name in ("clock", "kind", "period", "verdict")}
    over = periods(client.zone, request.at)
    period = next((each for each in over if each.name == asked["period"]), None)
    if period is None or asked["verdict"] not in VERDICTS:
        raise Http404("There is no such figure.")
    tickets = seen_by(request.person).filter(client=client)
    found = figures(tickets, over, now=request.at).get((asked["clock"], asked["kind"]), {}).get(period.name, Figure())
    counts = found.tickets[asked["verdict"]]  # type: ignore[index]  # it is one of VERDICTS
    latest = sorted(counts, reverse=True)[:MOST]
    shown = tickets.filter(pk__in=latest).select_related("owner").order_by("-pk")
    context = {
        "client": client,
        "clock": name_of(asked["clock"]),
        "name": asked["clock"],
        "kind": asked["kind"],
        "period": period,
        "verdict": asked["verdict"],
        "tickets": [(ticket, counts[ticket.pk]) for ticket in shown],
        "count": sum(counts.values()),
        "of": len(counts),
        "attainment": found.attainment,
    }
    return render(request, "clients/promises.html", context)
