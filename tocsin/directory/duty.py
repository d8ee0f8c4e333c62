"""Who is on duty by a roster at an instant, until when, and where is a hole?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog
from django.db.models import Q, QuerySet

from tocsin.core.hours import Calendar
from tocsin.core.rota import Rota, Shift
from tocsin.core.zone import UnknownZone, named
from tocsin.directory.access import visible
from tocsin.directory.api_key import ApiKey
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster

AHEAD = timedelta(days=14)  # so far ahead holes are looked for
FURTHEST = timedelta(days=120)  # so far ahead the end of a hole is looked for

UNREADABLE = (ValueError, TypeError, AttributeError, KeyError)  # what somebody wrote into the row by hand

log = structlog.get_logger(__name__)
_rotas: dict[int, tuple[tuple[int, str], Rota]] = {}


class Hole(NamedTuple):
    """A span [start, end) in which somebody ought to be on duty and nobody is."""

    start: datetime
    end: datetime


@dataclass(frozen=True, eq=False)
class Duty:
    """Who is on duty by a roster at an instant; nobody, in a hole. `wanted`: somebody has to be, by its hours."""

    roster: Roster
    at: datetime
    people: tuple[Person, ...]
    wanted: bool

    @property
    def fallback(self) -> Person | None:
        """Who answers in a hole, if they work here."""
        who = self.roster.fallback
        return who if who is not None and who.active else None

    @cached_property
    def until(self) -> datetime | None:
        """When that changes: somebody else is on duty, or, in a hole, anybody is; None where that is not foreseen."""
        return self.changes(working())

    def changes(self, here: Collection[str]) -> datetime | None:
        """The same for whoever knows already who works here, and asks of many."""
        mine = tuple(person.actor for person in self.people)
        for shift in staffed(self.roster, self.at, self.at + FURTHEST, here):
            if shift.start > self.at:
                return shift.start
            if shift.people == mine and shift.end < self.at + FURTHEST:
                return shift.end
        return None


def rota_of(roster: Roster) -> Rota:
    """The roster's turns, worked out once for each revision. Raises BadRota where its row was made unreadable."""
    state = roster.revision, roster.head_hash
    known = _rotas.get(roster.pk)
    if known is None or known[0] != state:
        known = _rotas[roster.pk] = state, Rota.from_spec(roster.spec)
    return known[1]


def hours_of(roster: Roster) -> Calendar | None:
    """When somebody has to be on duty; None is always."""
    return None if roster.hours is None else Calendar.from_spec(roster.hours)


def running() -> QuerySet[Roster]:
    """Every roster that has not ended, with its people and its client, the oldest first."""
    return Roster.objects.filter(ended_at=None).select_related("client", "owner", "fallback").order_by("pk")


def seen_by(who: Person | ApiKey | None) -> QuerySet[Roster]:
    """The rosters that they may see: every one that is for all, and those of clients whose rows they may see."""
    theirs = visible(running(), to=who)
    person = who.person if isinstance(who, ApiKey) else who
    return running().filter(Q(pk__in=theirs.values("pk")) | Q(client=None)) if person is not None else theirs


def at_address(who: Person | ApiKey | None, address: str) -> Roster | None:
    """The roster with this address (see Roster), if there is one that they may see."""
    role, _, slug = address.partition("@")
    found = seen_by(who).filter(role=role)
    return (found.filter(client__slug=slug) if slug else found.filter(client=None)).first()


def on_duty(rosters: Iterable[Roster], at: datetime) -> list[Duty]:
    """Who is on duty by each of them at this instant; their people are read in one query.

    Whoever works here no more is on no duty. A roster that cannot be read has nobody, and the log says why.
    """
    found = [(roster, _at(roster, at)) for roster in rosters]
    people = here_of({who for _, (who_all, _) in found for who in who_all})
    return [
        Duty(roster, at, tuple(people[who] for who in who_all if who in people), wanted)
        for roster, (who_all, wanted) in found
    ]


def here_of(actors: Collection[str]) -> dict[str, Person]:
    """Those of them who work here, by how the log names them."""
    numbers = [int(number) for kind, _, number in (who.partition("/") for who in actors) if kind == "person"]
    return {who.actor: who for who in Person.objects.filter(pk__in=numbers, active=True)} if numbers else {}


def working() -> frozenset[str]:
    """Everybody who works here, as the log names them."""
    return frozenset(f"person/{pk}" for pk in Person.objects.filter(active=True).values_list("pk", flat=True))


def names() -> dict[str, str]:
    """What everybody is called who works here or did, by how the log names them."""
    return {f"person/{pk}": name for pk, name in Person.objects.order_by().values_list("pk", "name")}


def staffed(roster: Roster, a: datetime, b: datetime, here: Collection[str]) -> list[Shift]:
    """The shifts within [a, b), in order, with those who work here alone; `here` are their actors."""
    found: list[Shift] = []
    for shift in _shifts(roster, a, b):
        people = tuple(who for who in shift.people if who in here)
        if people and found and found[-1].end == shift.start and found[-1].people == people:
            found[-1] = found[-1]._replace(end=shift.end)
        elif people:
            found.append(shift._replace(people=people))
    return found


def holes(roster: Roster, a: datetime, b: datetime, here: Collection[str]) -> list[Hole]:
    """The spans within [a, b) in which somebody has to be on duty and nobody who works here is, in order."""
    empty, reached = [], a
    for shift in staffed(roster, a, b, here):
        if reached < shift.start:
            empty.append((reached, shift.start))
        reached = shift.end
    if reached < b:
        empty.append((reached, b))
    hours = _hours(roster)
    return [Hole(*span) for hole in empty for span in (hours.spans(*hole) if hours else [hole])]


def ahead(roster: Roster, now: datetime, here: Collection[str]) -> list[Hole]:
    """The holes that begin within two weeks, each to its end, which is looked for as far as FURTHEST."""
    return [hole for hole in holes(roster, now, now + FURTHEST, here) if hole.start < now + AHEAD]


def readable(roster: Roster) -> bool:
    """Whether its row says turns and hours that can be read."""
    try:
        rota_of(roster), hours_of(roster)
    except UNREADABLE:
        return False
    return True


def zone_of(roster: Roster) -> ZoneInfo:
    """The zone whose clocks the roster goes by; UTC where its row was made unreadable."""
    try:
        return named(roster.spec["zone"])
    except (UnknownZone, *UNREADABLE):
        return ZoneInfo("UTC")


def double(rosters: Iterable[Roster], a: datetime, b: datetime, here: Collection[str]) -> Iterator[tuple[str, Shift]]:
    """Where one person has two of the rosters at once: a page that they do not hear goes on to themselves.

    Each as (their actor, the span with both roles' names); only rosters of one client, or for all, are compared.
    """
    shifts = [(roster, staffed(roster, a, b, here)) for roster in rosters]
    for place, (first, mine) in enumerate(shifts):
        for second, theirs in shifts[place + 1 :]:
            if first.client_id != second.client_id:
                continue
            for one in mine:
                for other in theirs:
                    start, end = max(one.start, other.start), min(one.end, other.end)
                    for who in one.people if start < end else ():
                        if who in other.people:
                            yield who, Shift(start, end, (first.name, second.name))


def _at(roster: Roster, at: datetime) -> tuple[tuple[str, ...], bool]:
    hours = _hours(roster)
    try:
        return rota_of(roster).on_call(at), hours is None or hours.is_open(at)
    except UNREADABLE as error:
        _say(roster, error)
        return (), True


def _shifts(roster: Roster, a: datetime, b: datetime) -> list[Shift]:
    try:
        return rota_of(roster).shifts(a, b)
    except UNREADABLE as error:
        _say(roster, error)
        return []


def _hours(roster: Roster) -> Calendar | None:
    try:
        return hours_of(roster)
    except UNREADABLE as error:
        _say(roster, error)
        return None


def _say(roster: Roster, error: Exception) -> None:
    log.error("a roster cannot be read", roster=roster.pk, why=str(error))
