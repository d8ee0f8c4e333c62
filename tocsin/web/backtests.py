"""What would a standard have made of the past: started, watched, stopped, read and taken away here?"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from tocsin.core.explain import name_of
from tocsin.core.policy import BadPolicy
from tocsin.desk.names import Names
from tocsin.directory import clients as clients_of
from tocsin.standard import adopted, drafts, presets
from tocsin.trials import backtest, credits, results, tried
from tocsin.trials.backtest import DONE, Backtest
from tocsin.web.governing import governs, must_govern
from tocsin.web.shares import Pair, pair
from tocsin.web.staff import staff

DRAFT, SHIPS, OWN = "draft:", "ships:", ""
KEPT = 30  # earlier ones that the page lists


class Ask(forms.Form):
    """What is tried, beside what, on which tickets."""

    draft = forms.ChoiceField(label="Try")
    against = forms.ChoiceField(label="Beside", required=False)
    client = forms.ChoiceField(label="Tickets of", required=False)
    since = forms.CharField(label="From", required=False, widget=forms.TextInput(attrs={"type": "month"}))
    until = forms.CharField(label="To (with it)", required=False, widget=forms.TextInput(attrs={"type": "month"}))

    def __init__(self, request: HttpRequest, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        known = _standards()
        self.clients = {client.slug: client for client in clients_of.seen_by(request.person)}
        self.fields["draft"].choices = known  # type: ignore[attr-defined]
        self.fields["against"].choices = [(OWN, "The standard each was opened under"), *known]  # type: ignore[attr-defined]
        names = [(slug, client.name) for slug, client in self.clients.items()]
        self.fields["client"].choices = [("", "Every client"), *names]  # type: ignore[attr-defined]

    def clean_since(self) -> datetime | None:
        return _month(self.cleaned_data["since"])

    def clean_until(self) -> datetime | None:
        first = _month(self.cleaned_data["until"])
        if first is None:
            return None
        return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


@staff(writes=True)
def asked(request: HttpRequest) -> HttpResponse:
    """It waits for its turn."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    must_govern(request)
    form = Ask(request, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            (title, text), (beside, against) = _text(said["draft"]), _text(said["against"])
            row = backtest.ask(
                title,
                text,
                against=against,
                against_title=beside,
                client=form.clients.get(said["client"]),
                since=said["since"],
                until=said["until"],
                zone=tried.zone(),
                by=request.person,
                now=request.at,
            )
        except BadPolicy as bad:
            form.add_error("draft", f"Nobody could work by it yet: {str(bad).splitlines()[0]}")
        else:
            return redirect("backtest", pk=row.pk)
    return _listed(request, form, status=422)


@staff
def listed(request: HttpRequest) -> HttpResponse:
    """The form, and those that were asked for before."""
    return _listed(request, Ask(request, initial={"draft": request.GET.get("draft", "")}))


@staff
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, or what it found."""
    found = _row(request, pk)
    context = {"row": found, "governs": governs(request), "by": Names([found.by])(found.by)}
    if found.state == DONE:
        context |= _shown(found.result)
    if request.htmx and found.is_over:
        return HttpResponseClientRedirect(request.path)
    page = "standard/_backtest.html" if request.htmx else "standard/backtest.html"
    return render(request, page, context)


@staff(writes=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It is stopped."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    must_govern(request)
    found = _row(request, pk)
    if backtest.cancel(found.pk, now=request.at):
        messages.success(request, "Stopped: nothing of it is kept but that it was.")
    return redirect("backtest", pk=pk)


@staff
def flips(request: HttpRequest, pk: int) -> HttpResponse:
    """Every promise that flips, with its ledger, for a spreadsheet."""
    found = _row(request, pk)
    if found.state != DONE:
        raise Http404("It has found nothing yet that could be taken away.")
    answer = HttpResponse(found.flips, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="backtest-{found.pk}.csv"'
    return answer


@staff
def owed(request: HttpRequest, pk: int) -> HttpResponse:
    """The credits owed by client and month, for a spreadsheet."""
    found = _row(request, pk)
    if found.state != DONE:
        raise Http404("It has found nothing yet that could be taken away.")
    answer = HttpResponse(credits.as_csv(found.result.get("credits", ())), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="backtest-{found.pk}-credits.csv"'
    return answer


def _listed(request: HttpRequest, form: Ask, *, status: int = 200) -> HttpResponse:
    rows = list(backtest.seen_by(request.person)[:KEPT])
    called = Names([row.by for row in rows])
    context = {"form": form, "rows": [(row, called(row.by)) for row in rows], "governs": governs(request)}
    return render(request, "standard/backtests.html", context, status=status)


def _row(request: HttpRequest, pk: int) -> Backtest:
    found = backtest.seen_by(request.person).filter(pk=pk).first()
    if found is None:
        raise Http404(f"There is no backtest {pk} that you may see.")
    return found


def _standards() -> list[tuple[str, str]]:
    found = [(f"{DRAFT}{each.pk}", str(each).capitalize()) for each in drafts.drafts()]
    for name in adopted.names():
        known = adopted.in_force(name)
        if known is not None:
            versions = sorted((known.newest, *known.earlier), key=lambda each: -each.number)
            found += [(f"{name}@{each.number}", f"{name} {each.number}") for each in versions]
    return found + [(f"{SHIPS}{name}", f"{name} as it ships") for name in presets.NAMES]


def _text(key: str) -> tuple[str, str]:
    """What it is called, and its text; both empty for each ticket's own."""
    if not key:
        return "", ""
    if key.startswith(SHIPS):
        name = key.removeprefix(SHIPS)
        return f"{name} as it ships", presets.text(name)
    if key.startswith(DRAFT):
        draft = drafts.draft(int(key.removeprefix(DRAFT)))
        assert draft is not None
        return str(draft), draft.text
    name, _, number = key.partition("@")
    version = adopted.version(name, int(number))
    assert version is not None
    return str(version), version.text


def _month(said: str) -> datetime | None:
    if not said:
        return None
    try:
        return datetime.strptime(said, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise forms.ValidationError(f"{said!r} is no month: write it as 2026-03.") from None


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """The result as a page draws it."""
    months: dict[str, list[tuple[str, str, Pair]]] = defaultdict(list)
    for line in found["attainment"]:
        if line["month"]:
            drawn = pair(line["before"], line["after"])
            months[line["priority"]].append((line["month"], name_of(line["clock"]), drawn))
    return {
        "found": found,
        "kept": [
            (priority, name_of(clock), pair(before, after))
            for priority, clock, before, after in results.by_clock(found)
        ],
        "months": [(priority, sorted(rows, key=lambda row: row[:2])) for priority, rows in sorted(months.items())],
        "pages": found["people"] or found["pages"],
        "flips": [
            flip
            | {
                "clock_name": name_of(flip["clock"]),
                "sides": [(flip["before"], found["before"]), (flip["after"], found["after"])],
            }
            for flip in found["flips"]["kept"]
        ],
    }
