"""Which tickets are there, and where is the one I look for?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tocsin.desk import board, stopping, tickets
from tocsin.desk.alike import alike as alike_of
from tocsin.desk.refusal import Refusal
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients as clients_of
from tocsin.directory.client import Client
from tocsin.standard.terms import Described, NothingAgreed, priorities_of, terms_for, version_for
from tocsin.web.facts import Facts, asked_of
from tocsin.web.staff import staff
from tocsin.web.stopping import conditions_field, people_and_bridge, stop_said

PAGE = 50
STATES = (("live", "Open"), ("solved", "Solved"), ("ended", "Closed"), ("all", "All"))
LONGEST = 200


@staff
def listed(request: HttpRequest) -> HttpResponse:
    """The tickets one may see, the newest first: those of a state, of a client, with certain words."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    state = request.GET.get("state", "live" if not asked else "all")
    found = seen_by(request.person)
    if exact := found.filter(number=asked.upper()).first():
        return redirect(reverse("ticket", args=[exact.number]))
    found = _in_state(found, state)
    if slug := request.GET.get("client", ""):
        found = found.filter(client__slug=slug)
    for word in asked.split()[:8]:
        words = Q(title__icontains=word) | Q(number__icontains=word) | Q(client__name__icontains=word)
        found = found.filter(words | Q(owner__name__icontains=word) | Q(worker__name__icontains=word))
    pages = Paginator(found.select_related("client", "owner", "worker").order_by("-pk"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    kept = {name: request.GET[name] for name in ("q", "client") if request.GET.get(name)}
    context = {"page": page, "asked": asked, "state": state, "states": STATES, "kept": kept}
    return render(request, "tickets/page.html", context)


def _in_state(found: QuerySet[Ticket], state: str) -> QuerySet[Ticket]:
    if state == "live":
        return found.filter(status__in=board.LIVE)
    if state == "solved":
        return found.filter(status="solved")
    if state == "ended":
        return found.filter(status__in=tickets.ENDED)
    return found


class NewTicket(forms.Form):
    """What one needs to know to open a ticket."""

    client = forms.ModelChoiceField(None, label="Client", empty_label="Choose the client")
    title = forms.CharField(label="What does not work, in a few words", max_length=300)
    kind = forms.ChoiceField(
        label="Kind", choices=(("incident", "Incident"), ("request", "Request"), ("complaint", "Complaint"))
    )
    service = forms.ModelChoiceField(None, label="Service", required=False, empty_label="not known")
    contact = forms.ModelChoiceField(None, label="Who says so", required=False, empty_label="nobody named")
    priority = forms.ChoiceField(label="Priority", widget=forms.RadioSelect(), required=False)
    differs_because = forms.CharField(label="Why another priority than the facts give", max_length=500, required=False)
    impact = forms.CharField(label="Who is hit, and what can they not do?", max_length=500, required=False)
    text = forms.CharField(label="What they said", widget=forms.Textarea(attrs={"rows": 4}), required=False)

    def __init__(
        self, *args: Any, person: Any, client: Client | None, at: Any, stop: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.described: tuple[Described, ...] = ()
        self.fields["client"].queryset = clients_of.seen_by(person).filter(ended_on=None)  # type: ignore[attr-defined]
        if client is not None:
            self.fields["client"].initial = client
            self.fields["service"].queryset = client.services.all()  # type: ignore[attr-defined]
            self.fields["contact"].queryset = client.contacts.all()  # type: ignore[attr-defined]
            terms = terms_for(client, at=at)
            self.described = priorities_of(version_for(client, at=at).pk)
            by_facts = [("", "By what is known")] if terms.matrix is not None else []
            self.fields["priority"].choices = [*by_facts, *((name, name) for name in terms.priorities)]  # type: ignore[attr-defined]
            self.fields["priority"].initial = "" if by_facts else terms.default_priority
            if stop:
                self.fields["conditions"] = conditions_field(terms)
                self.fields |= people_and_bridge(client, terms, at=at)
                self.order_fields(["client", "title", "conditions", "service", "contact", "impact"])
        needless = ("priority", "kind", "differs_because") if stop else ()
        for name in ("service", "contact", "priority") if client is None else needless:
            del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs["data-draft"] = f"{draft_of(stop)}/{name}"


def draft_of(stop: bool) -> str:
    """Under which name a browser keeps what is not sent yet: a ticket begun at leisure is none to stop the line on."""
    return "new-stop" if stop else "new"


@staff(writes=True)
def new(request: HttpRequest) -> HttpResponse:
    """A new ticket; open ones of the client with the same words are offered first."""
    clients = clients_of.seen_by(request.person).filter(ended_on=None)
    slug = request.POST.get("client") or request.GET.get("client", "")
    client = clients.filter(Q(slug=slug) | Q(pk=int(slug) if slug.isdecimal() and len(slug) < 12 else 0)).first()
    said = request.POST if request.method == "POST" else None
    stop = request.GET.get("stop") == "1"
    try:
        form = NewTicket(said, person=request.person, client=client, at=request.at, stop=stop)
        asked = asked_of(client, said or request.GET, at=request.at) if client is not None and not stop else None
    except NothingAgreed as lack:
        messages.error(request, f"{lack}. A client needs a contract before it has tickets.")
        return redirect("clients")
    weighs = said is not None and "weigh" in said
    if said is not None and "title" in said and not weighs and form.is_valid() and client is not None:
        chosen = form.cleaned_data
        mine = seen_by(request.person)
        alike = [] if request.POST.get("anyway") else alike_of(mine, client=client.pk, title=chosen["title"])
        if not alike:
            try:
                opened = _open(request, client, chosen, asked)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"{opened.number} is open, and its clocks run.", extra_tags=draft_of(stop))
                return redirect(reverse("ticket", args=[opened.number]))
        return _new_page(request, form, client, stop, asked, alike, 200)
    status = 422 if said is not None and "title" in said and not weighs else 200
    return _new_page(request, form, client, stop, asked, [], status)


def _new_page(
    request: HttpRequest,
    form: NewTicket,
    client: Client | None,
    stop: bool,
    asked: Facts | None,
    alike: list[Ticket],
    status: int,
) -> HttpResponse:
    clients = clients_of.seen_by(request.person).filter(ended_on=None)
    context = {"form": form, "client": client, "clients": clients, "stop": stop, "alike": alike, "asked": asked}
    return render(request, "tickets/new.html", context, status=status)


def _open(request: HttpRequest, client: Client, chosen: dict[str, Any], asked: Facts | None) -> Ticket:
    about = {name: chosen.get(name) for name in ("service", "contact")}
    said = {"title": chosen["title"], "impact": chosen["impact"], "by": request.person, "now": request.at}
    if chosen.get("conditions"):
        opened = stopping.open_stopped(client=client, **stop_said(chosen), **about, **said)
    else:
        kind = chosen.get("kind", "incident")
        priority = None if kind == "complaint" else chosen.get("priority") or None
        opened = tickets.open(
            client=client,
            kind=kind,
            priority=priority,
            facts=asked.known if asked is not None and kind != "complaint" else None,
            differs_because=chosen["differs_because"],
            **about,
            **said,
        )
    if chosen["text"].strip():
        tickets.note(opened, chosen["text"], by=request.person, now=request.at)
    return opened
