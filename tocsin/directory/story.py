"""What was done to a roster, by whom, when and why?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tocsin.directory.roster import Roster
from tocsin.log.event import Event

NEWEST = 40
WORDS = {
    "roster_added": "made it",
    "roster_changed": "changed it",
    "roster_override_undone": "undid an override",
    "roster_swap_proposed": "proposed a swap",
    "roster_swap_agreed": "agreed to a swap",
    "roster_swap_declined": "called a swap off",
    "roster_ended": "ended it",
    "hole_ahead": "told of a hole ahead",
    "hole_closed": "saw that a hole is closed",
    "duty_told": "told those whose duty somebody else changed",
}
OVERRIDDEN = {
    "replace": "put {people} on duty",
    "add": "put {people} on duty besides",
    "remove": "took {people} off duty",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done: by whom, when, what, and why."""

    who: str
    at: datetime
    said: str
    reason: str


def story(roster: Roster, names: Mapping[str, str]) -> list[Entry]:
    """What is on the roster's record, the newest first."""
    found = Event.objects.filter(stream=roster.stream_name).order_by("-seq")[:NEWEST]
    entries = []
    for event in found:
        data = event.data
        who = "Tocsin" if event.actor == "engine" else names.get(event.actor, event.actor)
        entries.append(Entry(who, event.recorded_at, _said(event.kind, data, names), str(data.get("reason", ""))))
    return entries


def _said(kind: str, data: dict[str, Any], names: Mapping[str, str]) -> str:
    if kind == "roster_overridden":
        other = data["override"]
        people = " and ".join(names.get(who, who) for who in other["people"])
        of = " and ".join(names.get(who, who) for who in other["of"])
        said = OVERRIDDEN.get(other["kind"], "changed who is on duty").format(people=people)
        return f"{said}{f' instead of {of}' if of else ''}"
    if kind.startswith("roster_swap"):
        pair = " and ".join(names.get(data["swap"][end], data["swap"][end]) for end in ("by", "with"))
        return f"{WORDS[kind]} of {pair}"
    return WORDS.get(kind, "did something this version has no words for")
