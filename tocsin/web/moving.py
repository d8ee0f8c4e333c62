"""How are open tickets moved to another version of a standard: looked at first, then moved?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tocsin.core.dial import Reading
from tocsin.core.explain import headline, name_of
from tocsin.desk import board
from tocsin.desk.moving import Preview
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients as clients_of
from tocsin.trials.moving import move_all, previews
from tocsin.web import looked
from tocsin.web.governing import must_govern, version_or_404
from tocsin.web.staff import staff
from tocsin.web.tags import full


class Move(forms.Form):
    """Whose tickets, what their priorities and levels become where they have other names, and why."""

    client = forms.ChoiceField(label="Open tickets of")
    priorities = forms.CharField(label="Priorities with other names, as P2=S2, P3=S3", required=False, max_length=200)
    levels = forms.CharField(label="Levels with other names, as L2=tier-2", required=False, max_length=200)
    why = forms.CharField(label="Why", max_length=200, error_messages={"required": "Say why: it is on each ticket."})

    def __init__(self, request: HttpRequest, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        self.clients = {client.slug: client for client in clients_of.seen_by(request.person)}
        names = [(slug, client.name) for slug, client in self.clients.items()]
        self.fields["client"].choices = names  # type: ignore[attr-defined]

    def clean_priorities(self) -> dict[str, str]:
        return _names(self.cleaned_data["priorities"])

    def clean_levels(self) -> dict[str, str]:
        return _names(self.cleaned_data["levels"])


@staff(writes=True)
def move(request: HttpRequest, name: str) -> HttpResponse:
    """Every clock that would read otherwise, ticket by ticket; then each ticket is moved by an act of its own."""
    must_govern(request)
    version = version_or_404(name, request.POST.get("version") or request.GET.get("version"))
    form = Move(request, request.POST or None)
    shown: list[Preview] | None = None
    mark = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        tickets = _tickets(request, form.clients[said["client"]].pk, version.pk)
        names = {"priorities": said["priorities"], "levels": said["levels"]}
        if "do" in request.POST and looked.same(request, *tickets):
            moved, refused = move_all(tickets, version, by=request.person, why=said["why"], now=request.at, **names)
            for number, reason in refused.items():
                messages.warning(request, f"{number} was not moved: {reason}")
            messages.success(request, f"Moved to {version}: {', '.join(t.number for t in moved) or 'no ticket'}.")
            return redirect("standard-history", name=name)
        if "do" in request.POST:
            form.add_error(None, looked.CHANGED)
        shown, mark = previews(tickets, version, now=request.at, **names), looked.mark(request, *tickets)
    context = {
        "name": name,
        "version": version,
        "form": form,
        "looked": mark,
        "previews": None if shown is None else [(each, list(_changes(each))) for each in shown],
        "movable": sum(not each.refusal for each in shown or ()),
    }
    return render(request, "standard/move.html", context, status=422 if form.errors else 200)


def _tickets(request: HttpRequest, client_pk: int, version_pk: int) -> list[Ticket]:
    found = board.live(seen_by(request.person)).filter(client=client_pk, imported=False)
    return list(found.exclude(policy_version=version_pk).select_related("client", "service").order_by("pk"))


def _changes(shown: Preview) -> list[tuple[str, str, str, bool]]:
    return [
        (name_of(each.clock), _said(each.before), _said(each.after), each.breaks)
        for each in shown.changes
        if each.moves
    ]


def _said(reading: Reading) -> str:
    due = f"due {full(reading.due_at)}, " if reading.due_at else ""
    return f"{due}{headline(reading)}"


def _names(said: str) -> dict[str, str]:
    words = [word.strip() for word in said.split(",") if word.strip()]
    if wrong := [word for word in words if word.count("=") != 1]:
        raise forms.ValidationError(f"{wrong[0]!r}: write what it is and what it becomes, as P2=S2.")
    return {old.strip(): new.strip() for old, _, new in (word.partition("=") for word in words)}
