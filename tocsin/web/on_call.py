"""Who is woken at this moment, and where is a hole?"""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.directory.access import visible
from tocsin.directory.client import Client
from tocsin.directory.person import Holding
from tocsin.standard.version import PolicyVersion
from tocsin.web.staff import staff


@staff
def on_call(request: HttpRequest) -> HttpResponse:
    """Every role that our own people hold, with those who hold it in the order in which they are asked."""
    clients = visible(Client.objects.all(), to=request.person)
    holdings = Holding.objects.filter(Q(client=None) | Q(client__in=clients), person__isnull=False)
    roles: dict[str, list[Holding]] = {}
    for holding in holdings.select_related("person", "client").order_by("role", "rank", "pk"):
        roles.setdefault(holding.role, []).append(holding)
    first = [(role, held) for role, held in roles.items() if role.startswith("on-call")]
    rest = [(role, held) for role, held in roles.items() if not role.startswith("on-call")]
    lacking = [] if any(_works(held) for _, held in first) else ["on-call-primary"]
    standard = PolicyVersion.objects.select_related("policy").defer("text").order_by("-adopted_at").first()
    context = {"first": first, "rest": rest, "lacking": lacking, "standard": standard}
    return render(request, "on_call/page.html", context)


def _works(held: list[Holding]) -> bool:
    return any(holding.person is not None and holding.person.active for holding in held)
