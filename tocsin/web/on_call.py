"""Who is woken at this moment, and where is a hole?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.directory.clients import seen_by
from tocsin.directory.holders import ours
from tocsin.directory.person import Holding
from tocsin.web.staff import staff


@staff
def on_call(request: HttpRequest) -> HttpResponse:
    """Every role that our own people hold, with those who hold it in the order in which they are asked."""
    roles = ours(seen_by(request.person))
    first = [(role, held) for role, held in roles.items() if role.startswith("on-call")]
    rest = [(role, held) for role, held in roles.items() if not role.startswith("on-call")]
    lacking = [] if any(_works(held) for _, held in first) else ["on-call-primary"]
    return render(request, "on_call/page.html", {"first": first, "rest": rest, "lacking": lacking})


def _works(held: list[Holding]) -> bool:
    return any(holding.person is not None and holding.person.active for holding in held)
