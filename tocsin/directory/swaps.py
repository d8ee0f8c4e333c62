"""How do two people exchange two of their shifts?

One proposes it and the other agrees; it is then two overrides, and both are named on record. (semantics 6)
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from tocsin.core.rota import Override, Rota
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster
from tocsin.directory.rosters import RosterRefused, keep, locked, mark, names, on_record, present

Span = tuple[datetime, datetime]


@transaction.atomic
def propose(
    roster: Roster, *, mine: Span, other: Person, theirs: Span, reason: str, by: Person, now: datetime
) -> Roster:
    """`by` offers their shift for the other's, who is asked. Nothing changes until they agree. Raises RosterRefused."""
    roster = locked(roster)
    if other.pk == by.pk:
        raise RosterRefused("A swap takes two: choose somebody else's shift.")
    present([by.actor, other.actor], roster.client)
    swap = {
        "id": roster.revision + 1,
        "by": by.actor,
        "mine": _written(mine),
        "with": other.actor,
        "theirs": _written(theirs),
        "reason": reason.strip(),
    }
    _can_be(Rota.from_spec(roster.spec), swap, now)
    roster.swaps = [*_open(roster, now), swap]
    return keep(roster, "roster_swap_proposed", {"swap": swap}, reason=reason, by=by, now=now)


@transaction.atomic
def agree(roster: Roster, number: int, *, by: Person, now: datetime) -> Roster:
    """The one who was asked agrees, and each has the other's shift. Raises RosterRefused."""
    roster = locked(roster)
    swap = _found(roster, number)
    if swap["with"] != by.actor:
        raise RosterRefused(f"{names([swap['with']])} was asked, and alone can agree.")
    rota = Rota.from_spec(roster.spec)
    _can_be(rota, swap, now)
    present([swap["by"], swap["with"]], roster.client)
    made = [
        Override("replace", *_span(swap["mine"]), (swap["with"],), (swap["by"],), number),
        Override("replace", *_span(swap["theirs"]), (swap["by"],), (swap["with"],), number),
    ]
    roster.spec = Rota(rota.zone, rota.layers, [*rota.overrides, *made]).spec()
    roster.swaps = [each for each in roster.swaps if each["id"] != number]
    did = {
        "swap": swap,
        "overrides": [on_record(each) for each in made],
        "marks": [mark(each) for each in made],
        "agreed_by": [swap["by"], by.actor],
    }
    return keep(roster, "roster_swap_agreed", did, reason=swap["reason"], by=by, now=now)


@transaction.atomic
def decline(roster: Roster, number: int, *, reason: str, by: Person, now: datetime) -> Roster:
    """Either of the two says no, or no longer; the shifts stay as they are. Raises RosterRefused."""
    roster = locked(roster)
    swap = _found(roster, number)
    if by.actor not in (swap["by"], swap["with"]):
        raise RosterRefused("Only the two whose shifts they are can call it off.")
    roster.swaps = [each for each in roster.swaps if each["id"] != number]
    return keep(roster, "roster_swap_declined", {"swap": swap}, reason=reason, by=by, now=now)


def proposed(roster: Roster, now: datetime) -> list[dict[str, Any]]:
    """The proposals that can still be agreed to, the first first; spans as instants."""
    return [each | {"mine": _span(each["mine"]), "theirs": _span(each["theirs"])} for each in _open(roster, now)]


def _open(roster: Roster, now: datetime) -> list[dict[str, Any]]:
    return [each for each in roster.swaps if min(_span(each["mine"])[0], _span(each["theirs"])[0]) > now]


def _found(roster: Roster, number: int) -> dict[str, Any]:
    found: dict[str, Any] | None = next((each for each in roster.swaps if each["id"] == number), None)
    if found is None:
        raise RosterRefused("That swap is no longer proposed: look at the roster anew.")
    return found


def _can_be(rota: Rota, swap: dict[str, Any], now: datetime) -> None:
    for who, span in ((swap["by"], _span(swap["mine"])), (swap["with"], _span(swap["theirs"]))):
        if span[0] < now:
            raise RosterRefused(f"A shift of {names([who])} has begun: take over what is left of it instead.")
        if not _wholly(rota, who, span):
            raise RosterRefused(f"{names([who])} is not on duty then, or no longer all of it: look at the roster anew.")
    mine, theirs = _span(swap["mine"]), _span(swap["theirs"])
    if mine[0] < theirs[1] and theirs[0] < mine[1]:
        raise RosterRefused("The two shifts are at the same time: choose one at another time.")


def _wholly(rota: Rota, who: str, span: Span) -> bool:
    """Whether they are on duty from its start to its end, alone or with others."""
    reached = span[0]
    for shift in rota.shifts(*span):
        if shift.start == reached and who in shift.people:
            reached = shift.end
    return reached == span[1]


def _written(span: Span) -> list[str]:
    if span[1] <= span[0]:
        raise RosterRefused("A shift ends after it starts.")
    return [at.astimezone(UTC).isoformat() for at in span]


def _span(written: list[str]) -> Span:
    start, end = (datetime.fromisoformat(at) for at in written)
    return start, end
