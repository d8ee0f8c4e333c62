"""Is somebody on duty whenever a standard may page?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tocsin.core.hours import Calendar
from tocsin.directory.duty import AHEAD, UNREADABLE, ahead, hours_of, working
from tocsin.directory.roster import Roster
from tocsin.trials.asking import Desk, asked
from tocsin.trials.found import Found, found, times


def look(desk: Desk) -> Iterator[Found]:
    """The rosters of the roles that the standard asks, for everybody or for one of its clients."""
    wanted, here = asked(desk.scope), working()
    ours = {client.pk for client in desk.scope.clients}
    for roster in desk.rosters:
        if roster.role not in wanted or not (roster.client_id is None or roster.client_id in ours):
            continue
        clients = [roster.client.name] if roster.client else []
        holes = ahead(roster, desk.scope.now, here)
        if holes:
            yield found(
                "hole",
                f"roster {roster}",
                f"Nobody is on duty as {roster.role} {times(holes)}: take it over, or give the turn to somebody.",
                clients,
            )
        yield from _hours(desk, roster, clients)


def _hours(desk: Desk, roster: Roster, clients: list[str]) -> Iterator[Found]:
    """The hours of a page path's roster are those of the promise, or somebody holds the role besides."""
    hours = _hours_of(roster)
    beside = [who for who in desk.of(roster.role, roster.client) if who not in desk.turns[roster.pk]]
    if hours is None or roster.fallback is not None or beside:
        return
    now = desk.scope.now
    for client, terms in desk.scope.fitting():
        if roster.client_id not in (None, client.pk):
            continue
        for ladder in terms.ladders.values() if "response" in terms.clocks else ():
            for step in ladder.steps if ladder.until_acknowledged else ():
                for priority in step.after if step.to == roster.role else ():
                    target = terms.clocks["response"].targets.get(priority)
                    gap = _first_gap(target[1], hours, now) if target else None
                    if target and gap:
                        yield found(
                            "uncovered-hours",
                            f"roster {roster}",
                            f"{priority} is answered {gap:%a %H:%M} UTC too, and nobody has to be on duty as "
                            f"{roster.role} then: widen its hours, or name a fallback.",
                            clients,
                        )
                        return


def _hours_of(roster: Roster) -> Calendar | None:
    try:
        return hours_of(roster)
    except UNREADABLE:
        return None


def _first_gap(promised: Calendar, covered: Calendar, now: datetime) -> datetime | None:
    """The first instant within two weeks at which the one is open and the other is not."""
    for start, end in promised.spans(now, now + AHEAD):
        at = start
        for opens, closes in covered.spans(start, end):
            if at < opens:
                return at
            at = closes
        if at < end:
            return at
    return None
