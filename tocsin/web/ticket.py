"""What happened on this ticket, what is promised, who is climbing, and what do I write?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tocsin.core import plan
from tocsin.core.agenda import Item, agenda
from tocsin.core.at_level import at_level
from tocsin.core.clock import as_corrected
from tocsin.core.dial import Reading
from tocsin.core.event import Event as Told
from tocsin.core.explain import Span, headline, name_of, promised, spans
from tocsin.core.terms import Terms
from tocsin.desk import tickets
from tocsin.desk.board import LIVE
from tocsin.desk.chronicle import Line, chronicle, recorded
from tocsin.desk.merging import joined
from tocsin.desk.refusal import Refusal
from tocsin.desk.sentences import FROM_CLIENT, GOOD, TO_CLIENT
from tocsin.desk.severity import severity_of
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.tracks import tracks
from tocsin.desk.what_next import agreed, next_step
from tocsin.directory.access import may_write
from tocsin.directory.person import colleagues
from tocsin.log.event import Event
from tocsin.standard.terms import duties_of, priorities_of, terms_of
from tocsin.web import acts, approving, raci, staging, stopping
from tocsin.web.corrections import shown as corrections_of
from tocsin.web.finding import find, since
from tocsin.web.staff import READS, staff

RECENT = 40
TWICE_WITHIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock with its explanation, as the page shows it."""

    reading: Reading
    name: str
    says: str
    promised: str
    spans: list[Span]
    corrected: Reading | None = None

    @property
    def counts(self) -> str:
        """What counts instead of what is on record, where an approved correction has moved it."""
        return headline(self.corrected) if self.corrected is not None else ""

    @property
    def tone(self) -> str:
        if self.reading.verdict == "breached" or self.reading.overdue_since is not None:
            return "late"
        return "ok" if self.reading.verdict == "met" else "soon" if self.reading.used >= 0.75 else ""


@staff
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    found = find(request, number)
    context = acts.Context(found, terms_of(found), request.person, request.at)
    if request.htmx and request.GET.get("seen", "").isdecimal() and int(request.GET["seen"]) == found.head_seq:
        return HttpResponse(status=204)
    form = _form(context, request) if may_write(request.person) else None
    return _page(request, context, form)


@staff(writes=True)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The act is on record, and the page shows it; refused, the page says why and what was written is still there.

    Whoever opens the address, as a browser does with one that it remembers, gets the ticket with the act's form.
    """
    found = find(request, number)
    if verb not in acts.ACTS:
        raise Http404(f"Nothing called {verb} can be done to a ticket.")
    if request.method in READS:
        return redirect(f"{reverse('ticket', args=[found.number])}?do={verb}#composer")
    context = acts.Context(found, terms_of(found), request.person, request.at)
    form = acts.ACTS[verb](context, request.POST)
    news = since(found, request.POST.get("seen", ""))
    if _said_already(form, news, request):
        return _back(found)
    theirs = [row for row in news if row.actor.startswith(("person/", "contact/"))]
    if theirs and verb not in ("note", "acknowledge", "join-bridge", "stop-line"):
        form.full_clean()
        form.add_error(None, "Somebody has been here while you wrote; see above what is new, then send it again.")
        return _page(request, context, form, status=409)
    if not form.is_valid():
        return _page(request, context, form, status=422)
    try:
        form.perform()
    except Refusal as refusal:
        fresh = acts.Context(find(request, number), context.terms, context.by, context.now)
        form.add_error(None, str(refusal))
        form.context = fresh
        return _page(request, fresh, form, status=422)
    messages.success(request, f"{found.number}: {form.label} is on record.", extra_tags=f"{found.number}/{verb}")
    return _back(found)


def _back(found: Ticket) -> HttpResponse:
    return redirect(reverse("ticket", args=[found.number]))


def _said_already(form: acts.Act, news: list[Event], request: HttpRequest) -> bool:
    """Whether the same person has sent the same form a moment ago: a press too many, or a page sent anew."""
    kinds = {"note": "noted", "update": "updated", "wait": "paused", "escalate": "escalated", "solve": "solved"}
    kinds |= stopping.RECORDS | staging.RECORDS | approving.RECORDS
    mine = [row for row in news if row.actor == request.person.actor and row.kind == kinds.get(form.verb)]
    return any(request.at - row.recorded_at < TWICE_WITHIN for row in mine)


def _form(context: acts.Context, request: HttpRequest) -> acts.Act | None:
    """The act that was chosen, or the first that can be done."""
    wanted = request.GET.get("do", "")
    known = acts.possible(context)
    if wanted in acts.ALONE and known:
        asked = {name: request.GET.get(name, "") for name in ("of", "fact", "artifact") if name in request.GET}
        initial = {**asked, **_next_as_agreed(context.ticket)}
        return acts.ACTS[wanted](context, initial=initial)
    if not known:
        return None
    chosen = next((each for each in known if each.verb == wanted), known[0])
    return chosen(context, initial=_next_as_agreed(context.ticket))


def _next_as_agreed(found: Ticket) -> dict[str, Any]:
    """What was agreed before is the likeliest to go on; whose it will be is another matter."""
    before = agreed(found)
    return {"next_step": before.step} if before else {}


def _page(request: HttpRequest, context: acts.Context, form: acts.Act | None, status: int = 200) -> HttpResponse:
    found, terms = context.ticket, context.terms
    story = stories_of([found])[found.stream_name]
    planned = plan.due(story, terms, now=request.at)
    rows = recorded(found)
    lines = list(reversed(chronicle(found, terms, rows=rows)))
    whole = request.GET.get("all") == "1"
    step = next_step(found, planned, agreed(found))
    merged_into, merged_from = joined(rows)
    return render(
        request,
        "ticket/_live.html" if request.htmx else "ticket/page.html",
        {
            "ticket": found,
            "terms": terms,
            "clocks": _clocks(planned, story, terms, request.at),
            "tracks": tracks(found, terms, planned, rows),
            "lines": [Shown(line) for line in (lines if whole else lines[:RECENT])],
            "earlier": 0 if whole else max(0, len(lines) - RECENT),
            "severity": severity_of(found, terms, rows) if not tickets.own_times(found.kind, terms) else None,
            "agenda": agenda(planned, terms)[:6],
            "at_level": at_level(planned, terms),
            "early": _escalates_early(context),
            **_what_to_do(found),
            "form": form,
            "owned": _who_solves(context) if form is not None else "",
            "acts": acts.possible(context) if form is not None else [],
            "line": stopping.card(found, terms, rows, request.person, at=request.at),
            "stages": staging.card(found, terms, rows),
            "raci": raci.card(found, terms, rows, request.at),
            "approvals": approving.card(found, terms, rows, request.person, request.at),
            "corrections": corrections_of(found, terms, request.person, request.at),
            "merged_into": merged_into,
            "merged_from": merged_from,
            "next_step": step,
            "next_who": colleagues().filter(pk=step.who).first() or step.level if step else "",
            "alerts": found.alerts.exclude(state="left").order_by("-last_seen_at")[:10],
            "owes": [item for item in agenda(planned, terms) if item.kind in ("act", "accept", "answer")],
            "mine": found.owner_id == request.person.pk,
            "until": _next_update(planned.readings),
        },
        status=status,
    )


def _escalates_early(context: acts.Context) -> bool:
    """Whether a level above can be asked before its time has come."""
    return context.ticket.status in LIVE and not context.ticket.asked_level and bool(acts.levels_above(context))


def _who_solves(context: acts.Context) -> str:
    """Who alone can mark it solved, where that is not whoever looks and there is something to solve."""
    owner = context.ticket.owner
    if context.ticket.status not in LIVE or (owner is not None and owner.pk == context.by.pk):
        return ""
    return f"only the owner, {owner.name}, can:" if owner is not None else "only the owner can, and nobody owns it:"


def _clocks(planned: plan.Plan, story: list[Told], terms: Terms, now: datetime) -> list[Clock]:
    return [
        Clock(
            reading,
            name_of(name),
            headline(reading),
            promised(reading, terms),
            list(spans(reading)),
            as_corrected(story, terms.clocks[name], now),
        )
        for name, reading in planned.readings.items()
        if reading.state != "void"
    ]


def _what_to_do(found: Ticket) -> dict[str, Any]:
    """What the standard has done at its priority, and what the level does that has it; nothing where nobody works."""
    if found.status not in LIVE:
        return {}
    described = (each for each in priorities_of(found.policy_version_id) if each.name == found.priority)
    procedure = next((each.procedure for each in described), ())
    return {"procedure": procedure, "duties": duties_of(found.policy_version_id).get(found.level)}


def _next_update(readings: dict[str, Reading]) -> Reading | None:
    reading = readings.get("next_update")
    return reading if reading is not None and reading.due_at is not None and reading.state == "running" else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the timeline and how it looks."""

    line: Line

    @property
    def classes(self) -> str:
        line = self.line
        audience = "client to" if line.audience == TO_CLIENT else "client from" if line.audience == FROM_CLIENT else ""
        if not audience and line.who != "Tocsin" and line.audience == "internal":
            audience = "internal"
        tone = "good" if line.tone == GOOD else "alarm" if line.tone == "bad" else ""
        return f"entry {audience} {tone}".strip()

    @property
    def label(self) -> str:
        words = {TO_CLIENT: "to the client", FROM_CLIENT: "from the client", "internal": "internal"}
        return words.get(self.line.audience, "")


__all__ = ["Item", "act", "ticket"]
