"""Are our clients well served, and what do we owe them?"""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.core.explain import name_of
from tocsin.core.hours import Calendar
from tocsin.core.terms import Terms
from tocsin.desk import board
from tocsin.desk.seen import seen_by
from tocsin.directory import clients as clients_of
from tocsin.directory.contact import Contact
from tocsin.standard.terms import NothingAgreed, terms_for
from tocsin.web.staff import staff

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@staff
def listed(request: HttpRequest) -> HttpResponse:
    open_tickets = dict(
        board.live(seen_by(request.person)).order_by().values_list("client").annotate(count=Count("pk"))
    )
    known = clients_of.seen_by(request.person)
    clients = [(client, open_tickets.get(client.pk, 0)) for client in known]
    return render(request, "clients/page.html", {"clients": clients})


@staff
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """Contract, hours in the client's zone, contacts by role, open tickets, what is promised; then what was kept."""
    client = clients_of.seen_by(request.person).filter(slug=slug).first()
    if client is None:
        raise Http404(f"There is no client {slug} that you may see.")
    contract = clients_of.contract_of(client, on=request.at.date())
    try:
        terms = terms_for(client, at=request.at)
    except NothingAgreed:
        terms = None
    tickets = seen_by(request.person).filter(client=client)
    held = tickets.filter(imported=False)
    context = {
        "client": client,
        "contract": contract,
        "hours": _week(Calendar.from_spec(contract.hours)) if contract else [],
        "terms": terms,
        "promises": _promises(terms) if terms else [],
        "contacts": [(who, _role(who, terms)) for who in client.contacts.all()],
        "services": client.services.all(),
        "open": board.live(tickets).select_related("worker").order_by("next_at")[:50],
        "counts": held.aggregate(all=Count("pk"), solved=Count("pk", filter=Q(status__in=("solved", "closed")))),
    }
    return render(request, "clients/one.html", context)


def _week(calendar: Calendar) -> list[tuple[str, str]]:
    """Mon: 08:00–18:00; one line where it never closes."""
    if calendar.is_always:
        return [("Always", "round the clock")]
    week = calendar.spec()["week"]
    return [(day.capitalize(), ", ".join(f"{a}–{b}" for a, b in week.get(day, [])) or "closed") for day in DAYS]


def _role(contact: Contact, terms: Terms | None) -> str:
    """What people call the contact's role."""
    return terms.titles.get(contact.role, contact.role) if terms else contact.role


def _promises(terms: Terms) -> list[tuple[str, list[str]]]:
    """Clock → what is promised for each priority."""
    return [
        (name_of(name), [str(clock.targets[p][0]) if clock.targets.get(p) else "–" for p in terms.priorities])
        for name, clock in terms.clocks.items()
    ]
