"""Which waits of a client's tickets should somebody look at again?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.desk.pauses import BACK, to_review
from tocsin.desk.seen import seen_by
from tocsin.directory import clients as clients_of
from tocsin.web.staff import staff


@staff
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The waits to look at: for htmx the card alone, which the client's page loads once it is shown. (R2.12)"""
    client = clients_of.seen_by(request.person).filter(slug=slug).first()
    if client is None:
        raise Http404(f"There is no client {slug} that you may see.")
    pauses = to_review(seen_by(request.person).filter(client=client), now=request.at)
    context = {"client": client, "pauses": pauses, "days": BACK.days}
    response = render(request, "clients/_pauses.html" if request.htmx else "clients/pauses.html", context)
    response["Vary"] = "HX-Request, Cookie"
    return response
