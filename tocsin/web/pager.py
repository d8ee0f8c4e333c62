"""What wakes me, why me, and how do I say that I have it?

The page arms itself by a press and asks every two seconds from a worker (static/pager-worker.js); every answer here is
JSON with a sentence in it, fit to show.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tocsin.desk import escalations
from tocsin.desk.alerts import OVER
from tocsin.desk.names import Names
from tocsin.desk.refusal import Refusal
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.outbox import pagers
from tocsin.outbox.pager import Call
from tocsin.web.staff import staff

ANSWERED_STAYS = timedelta(minutes=15)


@staff
def pager(request: HttpRequest) -> HttpResponse:
    return render(request, "pager/page.html", {"armed_elsewhere": pagers.is_armed(request.person)})


@staff
def poll(request: HttpRequest) -> HttpResponse:
    """What has come for whoever asks: what rings, then the rest, the oldest first. What waited is fetched by asking."""
    armed = pagers.poll(request.person, now=request.at)
    return JsonResponse({"armed": armed, "pages": _pages(request)})


@staff(writes=True)
def arm(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    pagers.arm(request.person, now=request.at)
    return JsonResponse({"says": "Armed. What is to wake you comes here first. Leave this page open."})


@staff(writes=True)
def disarm(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    pagers.disarm(request.person)
    return JsonResponse({"says": "Disarmed on all your devices. You are reached in your other ways."})


@staff(writes=True)
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One's own page is acknowledged, or what rings no more is put away."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    call = pagers.call(request.person, pk) if verb in ("acknowledge", "put-away") else None
    if call is None:
        raise Http404("Your pager has no such page.")
    try:
        says = _acknowledge(request, call) if verb == "acknowledge" else _put_away(request, call)
    except Refusal as refusal:
        return JsonResponse({"says": str(refusal)}, status=409)
    return JsonResponse({"says": says})


def _acknowledge(request: HttpRequest, call: Call) -> str:
    ticket, of = _ticket(request, call), _of(call)
    if ticket is None:
        raise Http404("Its ticket is none that you may see.")
    if escalations.acknowledge(ticket, of=of, by=request.person, now=request.at):
        return f"You have {ticket.number}: acknowledged at {_clock(request.at)}. Nobody else is paged for it."
    answer = escalations.answer(ticket, of)
    who = Names([answer.actor])(answer.actor) if answer else "Somebody"
    return f"{who} has {ticket.number} already. It is on record that you answered too."


def _put_away(request: HttpRequest, call: Call) -> str:
    if any(page["rings"] and page["id"] == call.pk for page in _pages(request)):
        raise Refusal("It rings until somebody has it: acknowledge it first.")
    pagers.put_away(call, now=request.at)
    return "Put away. It stands on its ticket."


def _pages(request: HttpRequest) -> list[dict[str, Any]]:
    calls = pagers.calls(request.person, now=request.at)
    if not calls:
        return []
    known = seen_by(request.person).filter(pk__in={call.delivery.ticket_id for call in calls})
    tickets = {ticket.pk: ticket for ticket in known.select_related("client", "service", "policy_version__policy")}
    pages = [_page(request, call, tickets.get(call.delivery.ticket_id or 0)) for call in calls]
    return sorted((page for page in pages if page is not None), key=lambda page: not page["rings"])


def _page(request: HttpRequest, call: Call, ticket: Ticket | None) -> dict[str, Any] | None:
    """How a letter stands on the page; nothing, where it was answered a while ago."""
    letter = call.delivery
    asks = ticket is not None and escalations.is_page(letter.key)
    answer = escalations.answer(ticket, _of(call)) if ticket is not None and asks else None
    if answer is not None and request.at - answer.recorded_at > ANSWERED_STAYS:
        return None
    over = ticket is not None and ticket.status in OVER
    if over and ticket is not None:
        stands = f"It is {ticket.status}."
    elif answer is not None:
        stands = f"{Names([answer.actor])(answer.actor)} has it since {_clock(answer.recorded_at)}."
    else:
        stands = f"{'Nobody has it yet. ' if asks else ''}Due since {_clock(letter.due_at)}."
    address = reverse("ticket", args=[ticket.number]) if ticket else ""
    return {
        "id": call.pk,
        "subject": letter.subject,
        "text": letter.body,
        "stands": f"{ticket.number}. {stands}" if ticket else stands,
        "rings": asks and answer is None and not over,
        "ticket": address,
        "escalate": f"{address}?do=escalate#composer" if address else "",
        "acknowledge": reverse("pager-act", args=[call.pk, "acknowledge"]),
        "put_away": reverse("pager-act", args=[call.pk, "put-away"]),
    }


def _ticket(request: HttpRequest, call: Call) -> Ticket | None:
    return seen_by(request.person).filter(pk=call.delivery.ticket_id).first()


def _of(call: Call) -> str:
    """The key of what paged them: a letter's key is that, and whom it is for."""
    return call.delivery.key.removesuffix(f"/{call.delivery.person}")


def _clock(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M}"
