"""How is a standard written here: what is wrong with it, what would it have happen when, and what does it change?"""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.html import format_html

from tocsin.core.outlook import outlook
from tocsin.core.policy import OFFICE, BadPolicy, Policy, load
from tocsin.desk.names import Names
from tocsin.standard import adopted, drafts, presets
from tocsin.standard.draft import OPEN, Draft
from tocsin.standard.drafts import DraftRefused, SavedMeanwhile
from tocsin.trials.lint import lint_desk
from tocsin.web.drawn import lanes, tall, wide
from tocsin.web.gallery import OURS, in_words
from tocsin.web.governing import draft_or_404, governs, must_govern
from tocsin.web.staff import staff

LINES = 200  # of what another wrote meanwhile; who wants more opens it


class Begin(forms.Form):
    """What the standard is to be called, and what the draft is for."""

    name = forms.CharField(label="Name of the standard", max_length=60)
    note = forms.CharField(label="What is it for?", required=False, max_length=200)


@staff(writes=True)
def begin(request: HttpRequest) -> HttpResponse:
    """A draft is begun from a standard that ships, or from ours in force."""
    must_govern(request)
    origin = request.POST.get("from") or request.GET.get("from", "")
    ours, _, number = origin.removeprefix(OURS).partition("@") if origin.startswith(OURS) else ("", "", "")
    base = adopted.version(ours, _number(number)) if number else adopted.current(ours) if ours else None
    preset = origin if origin in presets.NAMES else ""
    if base is None and not preset:
        raise Http404("There is no such standard to start from. The gallery lists them.")
    form = Begin(request.POST or None, initial={"name": ours or preset})
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.begin(base=base, preset=preset, by=request.person, now=request.at, **form.cleaned_data)
        except DraftRefused as refused:
            form.add_error("name", str(refused))
        else:
            return redirect("draft", pk=draft.pk)
    context = {"form": form, "origin": origin, "called": str(base or preset)}
    return render(request, "standard/begin.html", context, status=422 if form.errors else 200)


@staff
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The text, and beside it what is to be said of it."""
    return _page(request, draft_or_404(pk))


@staff
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft held against the people, rosters and contracts of this desk."""
    must_govern(request)
    found = draft_or_404(pk)
    policy = _read(found.text)
    held = lint_desk(policy, now=request.at) if policy else None
    return render(request, "standard/_held.html", {"held": held})


@staff(writes=True)
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """It is saved, adopted or thrown away; on record with their name."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    must_govern(request)
    found = draft_or_404(pk)
    if verb not in ACTS:
        raise Http404("A draft knows no such act.")
    return ACTS[verb](request, found)


def _save(request: HttpRequest, found: Draft) -> HttpResponse:
    text = _typed(request)
    note = request.POST.get("note")
    revision = _number(request.POST.get("over") or request.POST.get("revision"))
    try:
        saved = drafts.save(found, text, revision=revision, note=note, by=request.person, now=request.at)
    except SavedMeanwhile as meanwhile:
        return _judged(request, meanwhile.theirs, text=text, revision=revision, meanwhile=True)
    except DraftRefused as refused:
        return _judged(request, found, text=text, revision=revision, refused=str(refused))
    if not request.htmx:
        messages.success(request, "Saved.", extra_tags=_mark(saved))
        return redirect("draft", pk=saved.pk)
    return _judged(request, saved, text=saved.text, revision=saved.revision)


def _adopt(request: HttpRequest, found: Draft) -> HttpResponse:
    """What stands in the editor is adopted, or nothing: what was typed since the last save is saved first."""
    why, meant = request.POST.get("why", "").strip(), request.POST.get("meant") == "1"
    revision = _number(request.POST.get("revision"))
    try:
        if "text" in request.POST:
            found = _as_typed(request, found, revision)
            revision = found.revision
        if not why:
            raise DraftRefused("Say why it is adopted: whoever reads the history will ask.")
        version = drafts.adopt(
            found, revision=revision, by=request.person, why=why, as_it_is=meant, now=request.at, in_force=False
        )
    except SavedMeanwhile as meanwhile:
        text = _typed(request) if "text" in request.POST else meanwhile.theirs.text
        return _judged(request, meanwhile.theirs, text=text, revision=revision, meanwhile=True)
    except (DraftRefused, BadPolicy) as refused:
        return _page(request, draft_or_404(found.pk), refused=str(refused), status=422)
    more = "It is in force." if version.number == 1 else "It is in force nowhere yet: pilot it or roll it out."
    messages.success(request, f"Adopted as {version}. {more}", extra_tags=_mark(found))
    return redirect("standard-history", name=version.policy.name)


def _as_typed(request: HttpRequest, found: Draft, revision: int) -> Draft:
    """The draft is what stands in the editor; where that was saved a moment ago, it is the same."""
    text = _typed(request)
    if text == found.text:
        return found
    return drafts.save(found, text, revision=revision, by=request.person, now=request.at)


def _typed(request: HttpRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


def _discard(request: HttpRequest, found: Draft) -> HttpResponse:
    try:
        drafts.discard(found, by=request.person, why=request.POST.get("why", "").strip(), now=request.at)
    except DraftRefused as refused:
        return _page(request, draft_or_404(found.pk), refused=str(refused), status=422)
    messages.success(request, format_html("{} is thrown away; its text is kept on this page.", found))
    return redirect("draft", pk=found.pk)


ACTS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {"save": _save, "adopt": _adopt, "discard": _discard}


def _page(request: HttpRequest, found: Draft, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = _context(request, found, text=found.text, revision=found.revision, refused=refused)
    return render(request, "standard/draft.html", context, status=status)


def _judged(request: HttpRequest, found: Draft, **more: Any) -> HttpResponse:
    """For htmx what stands beside the text; without it the page, with the text as it was sent."""
    context = _context(request, found, **more)
    if request.htmx:
        return render(request, "standard/_judged.html", context)
    return render(request, "standard/draft.html", context, status=409 if more.get("meanwhile") else 422)


def _context(
    request: HttpRequest, found: Draft, *, text: str, revision: int, meanwhile: bool = False, refused: str = ""
) -> dict[str, Any]:
    policy = _read(found.text)
    asked = request.POST.get("priority") or request.GET.get("priority") or ""
    priorities = [each.name for each in policy.priorities] if policy else []
    chosen = asked if asked in priorities else next(iter(priorities), asked)
    newest = adopted.version(found.policy.name)
    base = adopted.read(found.base) if found.base else presets.read(found.preset) if found.preset else None
    name = Names([found.by, found.started_by])
    writes = governs(request)
    return {
        "draft": found,
        "text": text,
        "revision": revision,
        "writes": writes and found.state == OPEN,
        "is_open": found.state == OPEN,
        "by": name(found.by),
        "started_by": name(found.started_by),
        "mark": _mark(found),
        "saved": request.method == "POST" and not meanwhile and not refused,
        "meanwhile": meanwhile,
        "theirs": _lines(found.text, text) if meanwhile else [],
        "refused": refused,
        "why": request.POST.get("why", ""),
        "meant": request.POST.get("meant") == "1",
        "policy": policy,
        "priorities": priorities,
        "chosen": chosen,
        "pictures": _pictures(policy, chosen) if policy else [],
        "origin": str(found.base or found.preset),
        "differences": in_words(base, policy) if base and policy else [],
        "next_number": newest.number + 1 if newest else 1,
    }


def _pictures(policy: Policy, priority: str) -> list[str]:
    terms = policy.terms(hours=OFFICE)
    seen = outlook(terms, priority)
    return [wide(seen, lanes(terms)), tall(seen, lanes(terms))]


def _read(text: str) -> Policy | None:
    try:
        return load(text)
    except BadPolicy:
        return None


def _lines(theirs: str, ours: str) -> list[str]:
    """Line by line, what another saved and what stands here instead."""
    found = unified_diff(theirs.split("\n"), ours.split("\n"), "theirs", "yours", lineterm="", n=1)
    return [line for line in found if not line.startswith(("---", "+++"))][:LINES]


def _mark(draft: Draft) -> str:
    """Under which the browser keeps what is written and not yet saved."""
    return f"standard-draft-{draft.pk}"


def _number(said: str | None) -> int:
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 9 else 0
