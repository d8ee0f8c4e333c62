"""Which corrections wait on a ticket, what would they change, and who decides on them?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tocsin.core.explain import name_of
from tocsin.core.terms import Terms
from tocsin.desk import corrections
from tocsin.desk.backdating import held, may_further
from tocsin.desk.names import Names
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory.access import may_write
from tocsin.directory.person import Person
from tocsin.web.finding import find
from tocsin.web.staff import staff


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction with its author's name, its figures with the clocks' names, and what this person can do."""

    correction: corrections.Correction
    author: str
    figures: list[tuple[str, corrections.Figures]]
    decides: bool
    others: str


def shown(ticket: Ticket, terms: Terms, person: Person, now: datetime) -> list[Shown]:
    """Those of the ticket that wait; asks the database only where one does."""
    if ticket.correction_since is None:
        return []
    found = corrections.waiting(ticket)
    names = Names([each.author for each in found])
    may = bool(may_write(person) and held(person, terms, ticket, at=now))
    return [
        Shown(
            each,
            names(each.author),
            [(name_of(figures.clock), figures) for figures in each.figures],
            may and each.author != person.actor,
            may_further(terms),
        )
        for each in found
    ]


@staff(writes=True)
def decide(request: HttpRequest, number: str, place: int, verb: str) -> HttpResponse:
    """It is approved or refused, and the ticket says so."""
    found = find(request, number)
    if request.method != "POST" or verb not in ("approve", "refuse"):
        raise Http404(f"Nothing called {verb} can be done to a correction.")
    who: dict[str, Any] = {"of": place, "by": request.person, "now": request.at}
    try:
        if verb == "approve":
            corrections.approve(found, **who)
            said = "approved: the corrected figures count"
        else:
            corrections.refuse(found, reason=request.POST.get("reason", "")[:500], **who)
            said = "refused: the figures stand"
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        tags = f"{found.number}/correction/{place}"
        messages.success(request, f"{found.number}: the correction is {said}.", extra_tags=tags)
    return redirect(reverse("ticket", args=[found.number]))
