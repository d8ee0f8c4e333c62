"""Into which ticket does this one go, and what happens to the clocks if it does?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tocsin.core.dial import Reading
from tocsin.core.explain import headline, name_of
from tocsin.desk import board, merging
from tocsin.desk.alike import alike
from tocsin.desk.refusal import Refusal
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.web.finding import find, since
from tocsin.web.staff import staff

OTHERS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One clock of the survivor, before and after."""

    name: str
    before: Reading
    after: Reading
    now: str
    then: str
    says: str
    tone: str


class Reason(forms.Form):
    """Why the two are one."""

    reason = forms.CharField(label="Why they are one and the same", max_length=500)

    def __init__(self, *args: Any, number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["data-draft"] = f"{number}/merge/reason"


@staff(writes=True)
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Which one it goes into is chosen first; then the page says what comes of it, and only then is it done."""
    gone = find(request, number)
    if gone.status == "merged":  # a press too many
        return redirect(reverse("ticket", args=[gone.number]))
    asked = (request.POST.get("into") or request.GET.get("into", "")).strip()
    others = board.live(seen_by(request.person)).filter(client=gone.client_id).exclude(pk=gone.pk)
    if not asked:
        return _choose(request, gone, others)
    into = (
        seen_by(request.person)
        .select_related("client", "owner", "worker", "policy_version__policy")
        .filter(client=gone.client_id, number=asked[:40].upper())
        .first()
    )
    if into is None:
        return _choose(
            request, gone, others, f"{gone.client} has no ticket {asked[:40]}: look at its number again.", 422
        )
    form = Reason(request.POST if request.method == "POST" else None, number=gone.number)
    if request.method != "POST":
        return _ask(request, gone, into, form)
    if _somebody_was_here(request, gone, into):
        form.full_clean()
        form.add_error(None, "Somebody has been on one of the two meanwhile: look at both again, then press once more.")
        return _ask(request, gone, into, form, 409)
    if not form.is_valid():
        return _ask(request, gone, into, form, 422)
    try:
        merging.merge(gone, into=into, reason=form.cleaned_data["reason"], by=request.person, now=request.at)
    except Refusal as refusal:
        return _choose(request, gone, others, str(refusal), 422, into)
    messages.success(request, f"{gone.number} is merged into {into.number}.", extra_tags=f"{gone.number}/merge")
    return redirect(reverse("ticket", args=[into.number]))


def _choose(
    request: HttpRequest,
    gone: Ticket,
    others: QuerySet[Ticket],
    wrong: str = "",
    status: int = 200,
    refused: Ticket | None = None,
) -> HttpResponse:
    """Those that look alike first, then the other open ones of the client, the latest first.

    `refused`: the one that was chosen and may not be; where it is the milder, the other way round is offered.
    """
    likely = alike(others.select_related("worker"), client=gone.client_id, title=gone.title)
    rest = others.exclude(pk__in=[ticket.pk for ticket in likely]).select_related("worker").order_by("-opened_at")
    groups = [("They look alike", likely), ("Open as well", list(rest[:OTHERS]))]
    context = {
        "ticket": gone,
        "groups": [group for group in groups if group[1]],
        "wrong": wrong,
        "instead": refused if refused is not None and merging.milder(refused, gone) else None,
    }
    return render(request, "ticket/merge.html", context, status=status)


def _ask(request: HttpRequest, gone: Ticket, into: Ticket, form: Reason, status: int = 200) -> HttpResponse:
    try:
        foreseen = merging.foresee(gone, into=into, now=request.at)
    except Refusal as refusal:
        others = board.live(seen_by(request.person)).filter(client=gone.client_id).exclude(pk=gone.pk)
        return _choose(request, gone, others, str(refusal), 422, into)
    rows = [
        Row(
            name_of(each.after.name),
            each.before,
            each.after,
            headline(each.before),
            headline(each.after),
            each.says,
            each.tone,
        )
        for each in foreseen.effects
    ]
    context = {
        "ticket": gone,
        "into": into,
        "form": form,
        "rows": rows,
        "broken": [name_of(reading.name).lower() for reading in foreseen.broken],
        "alerts": foreseen.alerts,
    }
    return render(request, "ticket/merge.html", context, status=status)


def _somebody_was_here(request: HttpRequest, gone: Ticket, into: Ticket) -> bool:
    """Whether a person has done anything on either since the page was shown."""
    rows = [*since(gone, request.POST.get("seen", "")), *since(into, request.POST.get("seen_into", ""))]
    return any(row.actor.startswith(("person/", "contact/")) for row in rows)
