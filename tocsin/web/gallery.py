"""Which standards are there to begin with, and what does one say otherwise than another?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.core.difference import Difference, differences
from tocsin.core.gallery import Row, compare, rank
from tocsin.core.policy import Policy
from tocsin.desk.names import Names
from tocsin.standard import adopted, drafts, presets
from tocsin.web.governing import governs
from tocsin.web.staff import staff

T = TypeVar("T")
OURS = "ours:"  # before the name of a standard that this desk has adopted, where one is chosen


@dataclass(frozen=True, slots=True)
class Shown:
    """A standard of the gallery: `key` chooses it, `label` heads its column."""

    key: str
    name: str
    label: str
    policy: Policy
    ships: bool


@staff
def gallery(request: HttpRequest) -> HttpResponse:
    """Every standard that ships or is ours, the chosen ones side by side, in words and in a table."""
    shown = list(_shown())
    known = {each.key: each for each in shown}
    chosen = [known[key] for key in dict.fromkeys(request.GET.getlist("with")) if key in known]
    if not request.GET.getlist("with"):
        chosen = _first_two(shown)
    rows = compare([each.policy for each in chosen]) if len(chosen) > 1 else []
    if chosen and all(each.ships for each in chosen) and rows:
        rows += rank([each.policy for each in chosen], presets.examples())
    every = request.GET.get("every") == "1"
    open_drafts = list(drafts.drafts())
    context = {
        "shown": shown,
        "chosen": chosen,
        "chosen_keys": {each.key for each in chosen},
        "alike": sum(not row.differs for row in rows),
        "every": every,
        "headings": _by_heading([row for row in rows if every or row.differs]),
        "pairs": [(chosen[0], other, in_words(chosen[0].policy, other.policy)) for other in chosen[1:]],
        "governs": governs(request),
        "drafts": [(each, Names([each.by])(each.by)) for each in open_drafts],
    }
    return render(request, "standard/gallery.html", context)


def in_words(old: Policy, new: Policy) -> list[tuple[str, list[Difference]]]:
    """What `new` says otherwise, in sentences, by the part of the document it stands in."""
    return by_part(differences(old, new), lambda each: each.path)


def by_part(found: Iterable[T], path: Callable[[T], str]) -> list[tuple[str, list[T]]]:
    """Each part of the document with what was found in it; `path` says where that stands."""
    return [
        (part.replace("_", " ").capitalize(), list(of_it))
        for part, of_it in groupby(found, key=lambda each: path(each).partition(".")[0])
    ]


def _shown() -> list[Shown]:
    ships = [Shown(name, name, name, presets.read(name), True) for name in presets.NAMES]
    ours = []
    for name in adopted.names():
        found = adopted.in_force(name)
        if found is not None:
            ours.append(Shown(OURS + name, name, f"{name} {found.newest.number}, ours", found.document, False))
    return [*ours, *ships]


def _first_two(shown: list[Shown]) -> list[Shown]:
    """Ours beside another that ships: what somebody who comes here may want to know."""
    first = shown[0]
    return [first, next(each for each in shown if each.ships and each.name != first.name)]


def _by_heading(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    return [(heading, list(of_it)) for heading, of_it in groupby(rows, key=lambda row: row.heading)]
