"""What else do those work on who respond to this ticket, and who takes it?"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tocsin.desk import other_work
from tocsin.desk.refusal import Refusal
from tocsin.desk.seen import seen_by
from tocsin.desk.stopped import DRILL, responders
from tocsin.directory.access import workers
from tocsin.directory.client import Client
from tocsin.directory.person import Person, colleagues
from tocsin.web.finding import find
from tocsin.web.staff import staff


class HandOn(forms.Form):
    """Who takes it."""

    to = forms.ModelChoiceField(colleagues(), error_messages={"required": "Choose who takes it."})


@staff
def listed(request: HttpRequest, number: str) -> HttpResponse:
    """The responders' other open tickets, what falls due first first, each to be handed on."""
    found = find(request, number)
    people = responders(found)
    seen = seen_by(request.person)
    others = other_work.other_work(found, seen, now=request.at)
    busy = other_work.busy(found, seen)
    free = {client: _free(client, busy) for client in {other.ticket.client for other in others}}
    context = {
        "ticket": found,
        "people": people,
        "drill": found.kind == DRILL,
        "of": other_work.how_many(found, seen),
        "others": [(other, free[other.ticket.client]) for other in others],
    }
    return render(request, "ticket/other_work.html", context)


def _free(client: Client, busy: list[Person]) -> list[Person]:
    """Who may work on the client's tickets, and responds to nothing that comes before them."""
    return list(workers(client).exclude(pk__in=[who.pk for who in busy]))


@staff(writes=True)
def hand_on(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """The other ticket is somebody else's, and the list is shown again."""
    found, given = find(request, number), find(request, other)
    if request.method != "POST":
        raise Http404("A ticket is handed on by the button of its row.")
    form = HandOn(request.POST)
    if not form.is_valid():
        messages.error(request, f"{given.number}: {' '.join(form.errors['to'])}")
    else:
        to = form.cleaned_data["to"]
        try:
            other_work.hand_on(given, to=to, because_of=found, by=request.person, now=request.at)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{given.number} is with {to} now, who hears of it.")
    return redirect(reverse("other-work", args=[found.number]))
