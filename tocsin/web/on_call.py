"""Who is woken at this moment, who is next, and where is a hole?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.core.rota import Shift
from tocsin.directory import duty
from tocsin.directory.clients import seen_by
from tocsin.directory.duty import AHEAD, FURTHEST, Hole
from tocsin.directory.holders import ours
from tocsin.directory.keepers import may_keep
from tocsin.directory.load import Load, loads
from tocsin.directory.person import Holding
from tocsin.directory.roster import Roster
from tocsin.standard.adopted import in_force, names
from tocsin.web import shifts as drawing
from tocsin.web.shifts import Line, Picture
from tocsin.web.staff import staff

SHOWN_DAYS = 14
SHOWN_DUTY = "on-call"


@dataclass(frozen=True, slots=True)
class Shown:
    """A roster as it is shown: who is on duty until when, who comes next, the days ahead, and its holes."""

    roster: Roster
    people: str
    until: datetime | None
    later: str
    picture: Picture
    lines: list[Line]
    holes: list[Hole]
    loads: list[tuple[str, Load]]
    readable: bool
    looked: datetime

    @property
    def mine(self) -> str:
        """Under which name the page knows it."""
        return f"roster-{self.roster.pk}"


@staff
def on_call(request: HttpRequest) -> HttpResponse:
    """Who is on duty by each roster, the two weeks ahead, and every role that our people hold without a time."""
    rosters = list(duty.seen_by(request.person))
    here, people = duty.working(), duty.names()
    shown = [look(roster, here, people, now=request.at) for roster in rosters]
    roles = ours(seen_by(request.person))
    first = [(role, held) for role, held in roles.items() if role.startswith(SHOWN_DUTY)]
    called = _titles()
    rest = [(called.get(role, role), held) for role, held in roles.items() if not role.startswith(SHOWN_DUTY)]
    somebody = any(each.people for each in shown) or any(_works(held) for _, held in first)
    twice = duty.double(rosters, request.at, request.at + AHEAD, here)
    context = {
        "shown": shown,
        "first": first,
        "rest": rest,
        "lacking": [] if somebody else ["on-call-primary"],
        "holed": [each for each in shown if each.holes],
        "twice": [(people.get(who, who), shift) for who, shift in list(twice)[:5]],
        "keeps": may_keep(request.person, at=request.at),
    }
    return render(request, "on_call/page.html", context)


def look(
    roster: Roster, here: frozenset[str], names: Mapping[str, str], *, now: datetime, days: int = SHOWN_DAYS
) -> Shown:
    """The roster from today's midnight of the viewer on; its holes from now on, two weeks ahead."""
    a, b = drawing.span(now, days)
    turns = duty.staffed(roster, a, b, here)
    holes = duty.ahead(roster, now, here)
    drawn = [Hole(start, min(end, b)) for start, end in holes if start < b]
    ahead = duty.staffed(roster, now, now + FURTHEST, here)
    on = ahead[0] if ahead and ahead[0].start <= now else None
    then = next((shift for shift in ahead if shift is not on), None)
    until = on.end if on and on.end < now + FURTHEST else None if on else then.start if then else None
    return Shown(
        roster,
        drawing.called(on.people, names) if on else "",
        until,
        _next(then, on, names),
        drawing.picture(turns, drawn, names, a, b, now),
        drawing.lines(turns, drawn, names, b, now),
        holes,
        [(names.get(load.who, load.who), load) for load in loads(turns, duty.zone_of(roster).key)],
        duty.readable(roster),
        now + FURTHEST,
    )


def _titles() -> dict[str, str]:
    """What the standards in force call a role, and a level: L1 Service desk."""
    found: dict[str, str] = {}
    for standard in filter(None, map(in_force, names())):
        found |= {name: role.title for name, role in standard.document.roles.items()}
        found |= {name: f"{name} {level.title}" for name, level in standard.document.levels.items()}
    return found


def near(rosters: list[Roster], now: datetime) -> list[tuple[Roster, Hole]]:
    """The first hole of each that has begun or begins within a day."""
    here = duty.working() if rosters else frozenset()
    found = ((roster, duty.ahead(roster, now, here)) for roster in rosters)
    return [(roster, holes[0]) for roster, holes in found if holes and holes[0].start - now <= timedelta(days=1)]


def _next(then: Shift | None, on: Shift | None, names: Mapping[str, str]) -> str:
    """Who comes after the present shift, where they follow at once or anybody does."""
    if then is None:
        return ""
    same = on is not None and then.people == on.people
    return f"{drawing.called(then.people, names)}{' again' if same else ''}"


def _works(held: list[Holding]) -> bool:
    return any(holding.person is not None and holding.person.active for holding in held)
