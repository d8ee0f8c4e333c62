"""What does every page show around what it is about?"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from tocsin.desk import board
from tocsin.desk.seen import seen_by
from tocsin.directory.access import may_write
from tocsin.directory.person import Person

PAGES = (
    ("now", "Now"),
    ("tickets", "Tickets"),
    ("pager", "Pager"),
    ("on-call", "On call"),
    ("clients", "Clients"),
    ("standard", "Standard"),
)


class Entry(NamedTuple):
    """One of the navigation; `here` is the one whose page is shown, `badge` a number to show beside it."""

    name: str
    label: str
    url: str
    here: bool
    badge: int | None = None


def around(request: HttpRequest) -> dict[str, Any]:
    """The person who is signed in and where they can go; for nobody, and for an account without a person, nothing."""
    person = getattr(getattr(request, "user", None), "person", None)
    if person is None:
        return {"person": None, "nav": []}
    return {"person": person, "nav": _entries(request, person), "writes": may_write(person)}


def _entries(request: HttpRequest, person: Person) -> list[Entry]:
    match = request.resolver_match
    at = getattr(request, "at", None)  # none where no view of ours has been asked
    badges = {"now": board.late(seen_by(person), now=at) or None} if at else {}
    return [
        Entry(name, label, url, match is not None and match.url_name == name, badges.get(name))
        for name, label in PAGES
        if (url := _address(name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # a page that is still to come
        return ""
