"""How does a standard do where it is tried: how long do answers and solutions take, before it and during it?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.core import metrics
from tocsin.core.explain import name_of
from tocsin.desk.names import Names
from tocsin.directory import clients as clients_of
from tocsin.standard.history import places
from tocsin.trials.pilot import Measured, Times, measure
from tocsin.web.governing import governs
from tocsin.web.staff import staff


@staff
def measured(request: HttpRequest, name: str, client: str) -> HttpResponse:
    """The trial that goes on at this client, beside as long a time before it, and how to end it."""
    found = clients_of.seen_by(request.person).filter(slug=client).first()
    here = [each for each in places(request.at) if found and each.client.pk == found.pk and each.until]
    place = next((each for each in here if each.version.name == name), None)
    if found is None or place is None:
        raise Http404(f"No trial of {name} goes on there that you may see. The history of {name} has those that were.")
    seen = measure(found, since=place.since, until=place.until, now=request.at)
    context = {
        "name": name,
        "place": place,
        "overdue": place.is_overdue(request.at),
        "by": Names([place.by])(place.by),
        "seen": seen,
        "rows": _rows(seen),
        "governs": governs(request),
    }
    return render(request, "standard/trial.html", context)


def _rows(seen: Measured) -> list[tuple[str, str, str]]:
    """What, before, during."""
    before, during = seen.before, seen.during
    rows: list[tuple[str, Any, Any]] = [("Tickets", before.tickets, during.tickets)]
    for what, key in (("Time to acknowledge", "acknowledged"), ("Time to resolve", "resolved")):
        for working, how in ((True, "working time"), (False, "elapsed time")):
            were, are = (_times(getattr(window, key), working=working) for window in (before, during))
            rows.append((f"{what}, {how}", were, are))
    for clock in dict.fromkeys((*before.met, *before.breached, *during.met, *during.breached)):
        were, are = (
            f"{metrics.percent(window.attainment(clock))} (n = {window.met[clock] + window.breached[clock]})"
            for window in (before, during)
        )
        rows.append((f"{name_of(clock)} kept", were, are))
    people = sorted({*before.pages, *during.pages})
    called = Names(people)
    rows += [(f"Pages to {called(who)}", before.pages[who], during.pages[who]) for who in people]
    return [(what, str(were), str(are)) for what, were, are in rows]


def _times(times: Times, *, working: bool) -> str:
    found = times.figures(working=working)
    if not found.n:
        return metrics.NO_DATA
    median, mean, p90 = (metrics.hours(each) for each in (found.median, found.mean, found.p90))
    return f"median {median}, mean {mean}, p90 {p90} (n = {found.n})"
