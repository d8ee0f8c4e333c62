"""Which versions has a standard had, where is each in force, who changed what and why?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.desk.names import Names
from tocsin.directory import clients as clients_of
from tocsin.directory.client import Client
from tocsin.standard import adopted, drafts
from tocsin.standard.adopted import Adopted
from tocsin.standard.history import Place, Step, history, places
from tocsin.standard.steps import ADOPTED, PILOTED, ROLLED_BACK, ROLLED_OUT
from tocsin.trials.diff import effects
from tocsin.web.gallery import by_part, in_words
from tocsin.web.governing import governs
from tocsin.web.staff import staff

SAYS = {ADOPTED: "adopted", PILOTED: "put on trial", ROLLED_OUT: "rolled out", ROLLED_BACK: "rolled back"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A version, and where it is in force: everywhere by default, and at which clients."""

    version: Adopted
    by: str
    why: str
    general: bool
    places: list[Place]


@staff
def shown(request: HttpRequest, name: str) -> HttpResponse:
    """Versions with where they are in force, every step with who and why, and what lies between any two."""
    found = adopted.in_force(name)
    if found is None:
        raise Http404(f"There is no standard {name} on this desk.")
    versions = sorted([found.newest, *found.earlier], key=lambda each: -each.number)
    steps = history(name)
    mine = {client.pk for client in clients_of.seen_by(request.person)}
    here = [each for each in places(request.at) if each.version.name == name and each.client.pk in mine]
    called = Names([*(each.by for each in versions), *(step.by for step in steps), *(each.by for each in here)])
    whys = {step.version.number: step.why for step in steps if step.kind == ADOPTED and step.version}
    context = {
        "name": name,
        "found": found,
        "versions": [
            Shown(
                each,
                called(each.by) if each.by else "",
                whys.get(each.number, ""),
                each is found.newest,
                [place for place in here if place.version.number == each.number],
            )
            for each in versions
        ],
        "steps": [(step, *said(step, mine), called(step.by)) for step in steps],
        "overdue": [each for each in here if each.is_overdue(request.at)],
        "drafts": drafts.drafts(name),
        "governs": governs(request),
        **_between(request, versions),
    }
    return render(request, "standard/history.html", context)


def said(step: Step, mine: set[int]) -> tuple[str, str]:
    """What was done, and where, as far as whoever reads may know the clients."""
    what = f"Step {step.undoes} rolled back" if step.undoes else f"{step.version or step.name} {SAYS[step.kind]}"
    return what, where(step.clients, mine, everywhere=step.everywhere)


def where(clients: tuple[Client, ...], mine: set[int], *, everywhere: bool) -> str:
    """Everywhere; at Acme, Birch and 2 more that the reader does not see."""
    known = [client.name for client in clients if client.pk in mine]
    hidden = len(clients) - len(known)
    names = known + ([f"{hidden} more"] if hidden else [])
    listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
    if everywhere:
        return f"everywhere, at {listed} too" if listed else "everywhere"
    return f"at {listed}" if listed else "in force nowhere yet"


def _between(request: HttpRequest, versions: list[Adopted]) -> dict[str, Any]:
    """What the newer of two versions says otherwise; those asked for, or the newest two."""
    numbers = [each.number for each in versions]
    asked = [int(said) for key in ("from", "to") if (said := request.GET.get(key, "")).isdecimal() and len(said) < 9]
    old, new = asked if len(asked) == 2 else (numbers[1] if len(numbers) > 1 else numbers[0], numbers[0])
    name = versions[0].name
    before, after = adopted.version(name, old), adopted.version(name, new)
    if before is None or after is None:
        raise Http404(f"{name} has no such versions.")
    one, other = adopted.read(before), adopted.read(after)
    felt = None
    if request.GET.get("tickets") == "1":
        mine = clients_of.seen_by(request.person).values_list("pk", flat=True)
        felt = effects(one, other, now=request.at, clients=mine)
    return {
        "old": old,
        "new": new,
        "numbers": numbers,
        "differences": by_part(felt.touched, lambda each: each.difference.path) if felt else in_words(one, other),
        "felt": felt,
        "asked": len(asked) == 2,
    }
