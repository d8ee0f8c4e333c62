"""How does one make a roster, see what it says, take over, swap and change it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from tocsin.core.rota import Layer, Rota
from tocsin.core.zone import instant
from tocsin.directory import duty, rosters, swaps
from tocsin.directory.keepers import may_keep
from tocsin.directory.load import loads
from tocsin.directory.roster import Roster
from tocsin.directory.story import story
from tocsin.web import shifts as drawing
from tocsin.web.on_call import look
from tocsin.web.roster_forms import Change, Reason, Swap, TakeOver, Turns, Weekly, hours_as_said, turns_as_said
from tocsin.web.staff import staff

DAYS = 28
SWAPPED_WITHIN = timedelta(days=90)
PREVIEW = 28
EVENING = timedelta(hours=12)


@staff
def one(request: HttpRequest, address: str) -> HttpResponse:
    """Four weeks of a roster, what was changed, and the forms to take over and to swap."""
    return _page(request, _roster(request, address))


@staff(writes=True)
def act(request: HttpRequest, address: str, verb: str) -> HttpResponse:
    """Somebody takes over, undoes, proposes, agrees, calls off or ends; on record with their name."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    roster = _roster(request, address)
    if verb not in ACTS:
        raise Http404("A roster knows no such act.")
    if verb == "end" and not may_keep(request.person, at=request.at, roster=roster):
        raise PermissionDenied("A roster is ended by whoever keeps it, or manages the desk.")
    form = _form(request, roster, verb)
    if form.is_valid():
        try:
            says = ACTS[verb](request, roster, form)
        except ValueError as refused:  # RosterRefused, BadRota: a sentence fit to show
            form.add_error(None, str(refused))
        else:
            messages.success(request, says)
            return redirect("on-call") if verb == "end" else redirect("roster", address=address)
    return _page(request, roster, verb, form)


@staff(writes=True)
def make(request: HttpRequest) -> HttpResponse:
    """A weekly roster and, with it, its second: looked at first, then published."""
    if not may_keep(request.person, at=request.at):
        raise PermissionDenied("Rosters are made by whoever manages the desk: ask the service desk manager.")
    zone = timezone.get_current_timezone_name()
    first = {"zone": zone, "owner": request.person, "day": "mon", "name": "On call"}
    form = Weekly(request.POST or None, by=request.person, initial=first)
    preview: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _rosters(request, form)
            if "publish" in request.POST:
                with transaction.atomic():
                    for each in made:
                        rosters.add(**each, by=request.person, now=request.at)
                messages.success(request, "Published: whoever is on duty by it is paged from now on.")
                return redirect("on-call")
            for each in made:
                rosters.could(**each)
            preview = [_preview(request, each["rota"], each["name"]) for each in made]
        except ValueError as refused:
            form.add_error(None, str(refused))
    status = 422 if form.errors else 200
    return render(request, "on_call/make.html", {"form": form, "preview": preview, "days": PREVIEW}, status=status)


@staff(writes=True)
def change(request: HttpRequest, address: str) -> HttpResponse:
    """What a roster says otherwise from now on, and its turns from a moment on: looked at first, then published."""
    roster = _roster(request, address)
    if not may_keep(request.person, at=request.at, roster=roster):
        raise PermissionDenied("A roster is changed by whoever keeps it, or manages the desk. You may take over.")
    rota = _read(roster)
    if rota is None:
        return _page(request, roster)
    plain = {
        "name": roster.name,
        "fallback": roster.fallback,
        "owner": roster.owner,
        **hours_as_said(roster.hours, rota.zone),
    }
    form = Change(request.POST or None, initial=plain | {"revision": roster.revision})
    layers = _layers(request, rota)
    preview: list[Any] = []
    if request.method == "POST" and form.is_valid() and not any(each.errors for each in layers):
        said = form.cleaned_data
        try:
            if said["revision"] not in (None, roster.revision):
                raise rosters.RosterRefused(rosters.MOVED)
            new = _new_layers(said["since"], layers)
            if "publish" in request.POST:
                more = {"layers": new, "since": said["since"]} if new is not None else {}
                more |= {"revision": said["revision"], "reason": said["reason"]}
                rosters.change(roster, by=request.person, now=request.at, **form.known(rota.zone), **more)
                messages.success(request, "The roster is changed.")
                return redirect("roster", address=address)
            changed = rosters.changed(rota, new, said["since"], request.at) if new is not None else rota
            preview = [_preview(request, changed, said["name"])]
        except ValueError as refused:
            form.add_error(None, str(refused))
    bad = form.errors or any(each.errors for each in layers if each.is_bound)
    context = {"roster": roster, "form": form, "layers": layers, "preview": preview, "days": PREVIEW, "zone": rota.zone}
    return render(request, "on_call/change.html", context, status=422 if bad else 200)


def _roster(request: HttpRequest, address: str) -> Roster:
    roster = duty.at_address(request.person, address)
    if roster is None:
        raise Http404("There is no such roster that you may see.")
    return roster


def _read(roster: Roster) -> Rota | None:
    """Its turns; None where somebody wrote into its row what cannot be read."""
    try:
        return duty.rota_of(roster)
    except duty.UNREADABLE:
        return None


def _page(request: HttpRequest, roster: Roster, verb: str = "", form: forms.Form | None = None) -> HttpResponse:
    names, rota = duty.names(), _read(roster)
    bound = {verb: form} if form is not None else {}
    swap = bound.get("swap") or _form(request, roster, "swap", fresh=True)
    context = {
        "roster": roster,
        "shown": look(roster, duty.working(), names, now=request.at, days=DAYS),
        "days": DAYS,
        "zone": duty.zone_of(roster).key,
        "keeps": may_keep(request.person, at=request.at, roster=roster),
        "take_over": bound.get("take-over") or _form(request, roster, "take-over", fresh=True),
        "swap": swap if swap.fields["mine"].choices and swap.fields["theirs"].choices else None,  # type: ignore[attr-defined]
        "proposed": [
            each | {"who": names.get(each["by"]), "whom": names.get(each["with"])}
            for each in swaps.proposed(roster, request.at)
        ],
        "overrides": [
            (rosters.mark(each), each, drawing.called(each.people, names), drawing.called(each.of, names))
            for each in (rota.overrides if rota else ())
            if each.end > request.at
        ],
        "story": story(roster, names),
        "errors": form.non_field_errors() if form is not None else (),
        "verb": verb,
    }
    return render(request, "on_call/roster.html", context, status=422 if form is not None else 200)


# -- what is done to one


def _form(request: HttpRequest, roster: Roster, verb: str, *, fresh: bool = False) -> Any:
    said = None if fresh else request.POST
    if verb == "take-over":
        start = request.at.replace(second=0, microsecond=0)
        return TakeOver(said, initial={"who": request.person, "start": start, "end": start + EVENING})
    if verb == "swap":
        mine, theirs = _swappable(request, roster)
        return Swap(said, mine=mine, theirs=theirs)
    return forms.Form(said) if verb == "agree" else Reason(said)


def _swappable(request: HttpRequest, roster: Roster) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The shifts that are to come, one's own and the others', each as what is sent and what is read."""
    names = duty.names()
    ahead = duty.staffed(roster, request.at, request.at + SWAPPED_WITHIN, duty.working())
    found = [
        (who, f"{who} {start.isoformat()} {end.isoformat()}", f"{drawing.said(start)} to {drawing.said(end)}")
        for start, end, people in ahead
        if start > request.at and end < request.at + SWAPPED_WITHIN
        for who in people
    ]
    me = request.person.actor
    mine = [(value, says) for who, value, says in found if who == me]
    theirs = [(value, f"{names.get(who, who)}: {says}") for who, value, says in found if who != me]
    return mine, theirs


def _take_over(request: HttpRequest, roster: Roster, form: Any) -> str:
    rosters.override(roster, form.override(), reason=form.cleaned_data["reason"], by=request.person, now=request.at)
    return "It is on record, and pages go by it."


def _undo(request: HttpRequest, roster: Roster, form: Any) -> str:
    marked = request.POST.get("mark", "")
    rosters.undo(roster, marked, reason=form.cleaned_data["reason"], by=request.person, now=request.at)
    return "Undone: the turns hold again."


def _swap(request: HttpRequest, roster: Roster, form: Any) -> str:
    said = form.cleaned_data
    _, *mine = said["mine"].split()
    who, *theirs = said["theirs"].split()
    swaps.propose(
        roster,
        mine=_span(mine),
        other=duty.here_of([who])[who],
        theirs=_span(theirs),
        reason=said["reason"],
        by=request.person,
        now=request.at,
    )
    return "Proposed: the shifts change once the other agrees, on this page."


def _agree(request: HttpRequest, roster: Roster, form: Any) -> str:
    swaps.agree(roster, _number(request), by=request.person, now=request.at)
    return "Agreed: each of you has the other's shift."


def _decline(request: HttpRequest, roster: Roster, form: Any) -> str:
    reason = form.cleaned_data["reason"]
    swaps.decline(roster, _number(request), reason=reason, by=request.person, now=request.at)
    return "Called off: the shifts stay as they are."


def _end(request: HttpRequest, roster: Roster, form: Any) -> str:
    rosters.end(roster, reason=form.cleaned_data["reason"], by=request.person, now=request.at)
    return f"{roster} has ended: {roster.role} is held without a time again."


ACTS: dict[str, Callable[[HttpRequest, Roster, Any], str]] = {
    "take-over": _take_over,
    "undo": _undo,
    "swap": _swap,
    "agree": _agree,
    "decline": _decline,
    "end": _end,
}


def _number(request: HttpRequest) -> int:
    said = request.POST.get("swap", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 12 else 0


def _span(said: list[str]) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(each) for each in said)
    return start, end


# -- making and changing


def _rosters(request: HttpRequest, form: Weekly) -> list[dict[str, Any]]:
    """What `rosters.add` is to make: the first, and, where there is one, the second."""
    said = form.cleaned_data
    layers = form.layers(request.at)
    common = {
        "client": said["client"],
        "hours": form.hours(said["zone"]),
        "owner": said["owner"],
        "fallback": said["fallback"],
    }
    roles = [(said["name"], said["role"]), (f"{said['name']}, second", said["second"])]
    return [
        {"name": name, "role": role, "rota": Rota(said["zone"], [layer]), **common}
        for (name, role), layer in zip(roles, layers, strict=False)
    ]


def _layers(request: HttpRequest, rota: Rota) -> list[Turns]:
    """A form for each layer that has not ended, and one more."""
    names = duty.names()
    unique = [name for name in names.values() if list(names.values()).count(name) == 1]
    going = [layer for layer in rota.layers if layer.ends is None or instant(rota.zone, layer.ends) > request.at]
    return [
        Turns(
            request.POST or None,
            was=layer,
            prefix=f"layer-{place}",
            initial=turns_as_said(layer, names, unique) if layer else {},
        )
        for place, layer in enumerate([*going, None])
    ]


def _new_layers(since: datetime | None, forms_of: list[Turns]) -> list[Layer] | None:
    if since is None:
        return None
    return [layer for each in forms_of if (layer := each.layer(since)) is not None]


def _preview(request: HttpRequest, rota: Rota, name: str) -> dict[str, Any]:
    """How it would look: the picture, the shifts in words, and everybody's hours. (R15.11)"""
    names, a, b = duty.names(), *drawing.span(request.at, PREVIEW)
    turns = rota.shifts(request.at, b)
    return {
        "name": name,
        "picture": drawing.picture(turns, [], names, a, b, request.at),
        "lines": drawing.lines(turns, [], names, b, request.at),
        "loads": [(names.get(load.who, load.who), load) for load in loads(turns, rota.zone)],
    }
