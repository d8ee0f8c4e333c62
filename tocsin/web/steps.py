"""How is a version tried at one client, rolled out and rolled back here: looked at first, then done?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tocsin.desk import board
from tocsin.desk.seen import seen_by
from tocsin.directory import clients as clients_of
from tocsin.directory.client import Client
from tocsin.standard import adopted, life
from tocsin.standard.changes import Change, changes
from tocsin.standard.fits import signed
from tocsin.standard.version import PolicyVersion
from tocsin.web import looked
from tocsin.web.governing import must_govern, version_or_404
from tocsin.web.staff import staff

EVERYWHERE, CHOSEN = "everywhere", "chosen"
PILOT_DAYS = 28
_WHY = "Say why: whoever reads the history will ask."


class _Step(forms.Form):
    why = forms.CharField(label="Why", max_length=200, error_messages={"required": _WHY})

    def __init__(self, *said: Any, clients: Sequence[Client] = (), **more: Any) -> None:
        super().__init__(*said, **more)
        self.clients = {client.slug: client for client in clients}


class Pilot(_Step):
    """Where, until when, and why."""

    client = forms.ChoiceField(label="Client")
    until = forms.DateField(
        label="Last day, where the client is", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("client", "until", "why")

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["client"].choices = [(slug, each.name) for slug, each in self.clients.items()]  # type: ignore[attr-defined]


class RollOut(_Step):
    """Everywhere, or at which clients, and why."""

    where = forms.ChoiceField(
        label="Where",
        widget=forms.RadioSelect,
        initial=CHOSEN,
        choices=[
            (CHOSEN, "At the clients chosen below"),
            (EVERYWHERE, "Everywhere its contracts name it, clients to come included"),
        ],
    )
    at = forms.MultipleChoiceField(label="Clients", required=False, widget=forms.CheckboxSelectMultiple)
    field_order = ("where", "at", "why")

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["at"].choices = [(slug, each.name) for slug, each in self.clients.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("where") == CHOSEN and not said.get("at") and "at" not in self.errors:
            self.add_error("at", "Choose at least one client, or everywhere.")
        return said


class RollBack(_Step):
    """Which step, and why."""

    batch = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    field_order = ("batch", "why")


@staff(writes=True)
def step(request: HttpRequest, name: str, verb: str) -> HttpResponse:
    """A form, what the step would change for whom, and then the step, in one batch of the standard's log."""
    must_govern(request)
    if verb not in STEPS:
        raise Http404("A standard knows no such step.")
    title, make, do, says = STEPS[verb]
    version = version_or_404(name, request.POST.get("version") or request.GET.get("version"))
    clients = [each.client for each in signed(request.at).values()]
    form = make(request.POST or None, clients=clients, initial=_initial(request))
    changed: list[Change] | None = None
    if request.method == "POST" and form.is_valid():
        asked = "do" in request.POST
        sure = asked and looked.same(request)
        try:
            _, changed = changes(lambda: do(request, version, form), now=request.at, dry_run=not sure)
        except life.StepRefused as refused:
            for line in str(refused).splitlines():
                form.add_error(None, line)
        else:
            if sure:
                messages.success(request, says)
                return redirect("standard-history", name=name)
            if asked:
                form.add_error(None, looked.CHANGED)
    context = {
        "name": name,
        "verb": verb,
        "title": title,
        "form": form,
        "version": version,
        "versions": [each.number for each in _versions(name)],
        "changed": changed,
        "looked": looked.mark(request),
        "kept": _kept(request, changed or []),
    }
    return render(request, "standard/step.html", context, status=422 if form.errors else 200)


def _pilot(request: HttpRequest, version: PolicyVersion, form: Any) -> int:
    said = form.cleaned_data
    client = form.clients[said["client"]]
    return life.pilot(
        version, client, until=life.over(said["until"], client), by=request.person, why=said["why"], now=request.at
    )


def _roll_out(request: HttpRequest, version: PolicyVersion, form: Any) -> int:
    said = form.cleaned_data
    where = None if said["where"] == EVERYWHERE else [form.clients[slug] for slug in said["at"]]
    return life.roll_out(version, where, by=request.person, why=said["why"], now=request.at)


def _roll_back(request: HttpRequest, version: PolicyVersion, form: Any) -> int:
    said = form.cleaned_data
    return life.roll_back(version.policy.name, said["batch"], by=request.person, why=said["why"], now=request.at)


STEPS: dict[str, tuple[str, type[_Step], Callable[[HttpRequest, PolicyVersion, Any], int], str]] = {
    "pilot": ("Try it at one client", Pilot, _pilot, "On trial: what is opened there from now on goes by it."),
    "roll-out": ("Roll it out", RollOut, _roll_out, "Rolled out: what is opened from now on goes by it."),
    "roll-back": ("Roll a step back", RollBack, _roll_back, "Rolled back: each client has again what it had."),
}


def _initial(request: HttpRequest) -> dict[str, Any]:
    today = request.at.astimezone(timezone.get_current_timezone() or ZoneInfo("UTC")).date()
    return {
        "client": request.GET.get("client", ""),
        "at": request.GET.getlist("client"),
        "until": today + timedelta(days=PILOT_DAYS),
        "batch": request.GET.get("step", ""),
    }


def _versions(name: str) -> list[adopted.Adopted]:
    found = adopted.in_force(name)
    return sorted([found.newest, *found.earlier], key=lambda each: -each.number) if found else []


def _kept(request: HttpRequest, changed: list[Change]) -> int:
    """How many open tickets stay with the version that they were opened under."""
    whom = clients_of.seen_by(request.person).filter(pk__in=[each.after.client.pk for each in changed])
    return board.live(seen_by(request.person)).filter(client__in=whom, imported=False).count() if changed else 0
