"""Were there enough people in the hours in which tickets came? (R2.10)"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tocsin.desk.ticket import Ticket
from tocsin.directory.duty import UNREADABLE, rota_of
from tocsin.trials.asking import Desk
from tocsin.trials.found import Found, found

BACK = timedelta(days=28)
FEW = 3  # of fewer late answers no share is worth saying
TWICE = 2  # so many times the share of the others


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many tickets came within 28 days, and in how many hours more than people were there to answer them.

    `crowd` came in such hours, of which `late` were answered late; of the others `late_else`, under what was promised
    then. The busiest hour began at `busiest`, with `most` tickets.
    """

    tickets: int
    level: str
    people: int
    busiest: datetime
    most: int
    hours: int
    crowd: int
    late: int
    late_else: int

    @property
    def says(self) -> str:
        many = f"{self.people} person works" if self.people == 1 else f"{self.people} people work"
        tickets = f"{self.tickets:,} ticket{'' if self.tickets == 1 else 's'}"
        said = (
            f"In the last {BACK.days} days {tickets} came, at most {self.most} in an hour "
            f"({self.busiest:%a %d %b %H:%M} UTC), and {many} at {self.level} then"
        )
        if not self.hours:
            return f"{said}; in no hour did more come than there were people."
        late = f"{self.late:,} of the {self.crowd:,} that came then were answered late"
        rest = f"{self.late_else:,} of the other {self.tickets - self.crowd:,}"
        hours = f"{self.hours} hour" if self.hours == 1 else f"{self.hours} hours"
        return f"{said}; in {hours} more came than there were people: {late}, and {rest}."


def arrivals(desk: Desk) -> Arrivals | None:
    """What came to the desk within the last 28 days, from whichever client: whoever is there is there for all of them.

    None where nothing came.
    """
    level = desk.scope.first_level
    by_hour, late = _came(desk)
    if not by_hour:
        return None
    there = _There(desk, level)
    people = {hour: len(there.at(hour)) for hour in by_hour}
    crowded = [hour for hour, came in by_hour.items() if came > people[hour]]
    busiest = max(by_hour, key=lambda hour: (by_hour[hour], hour))
    return Arrivals(
        by_hour.total(),
        level,
        people[busiest],
        busiest,
        by_hour[busiest],
        len(crowded),
        sum(by_hour[hour] for hour in crowded),
        sum(late[hour] for hour in crowded),
        sum(late.values()) - sum(late[hour] for hour in crowded),
    )


def look(figures: Arrivals | None) -> Iterator[Found]:
    """Of those that came in crowded hours at least twice as large a share was answered late as of the others."""
    if figures is None or figures.late < FEW:
        return
    others = figures.tickets - figures.crowd
    if figures.late * others >= TWICE * figures.late_else * figures.crowd:
        yield found(
            "crowded",
            f"level {figures.level}",
            f"{figures.says} Put more people there in those hours, or promise less.",
        )


def _came(desk: Desk) -> tuple[Counter[datetime], Counter[datetime]]:
    """How many tickets were reported in each hour, and how many of those were answered late."""
    since = desk.scope.now - BACK
    rows = Ticket.objects.exclude(kind="drill").filter(reported_at__gte=since, reported_at__lte=desk.scope.now)
    came: Counter[datetime] = Counter()
    late: Counter[datetime] = Counter()
    for reported_at, reading in rows.values_list("reported_at", "reading").iterator(chunk_size=2000):
        hour = reported_at.replace(minute=0, second=0, microsecond=0)
        came[hour] += 1
        late[hour] += _late(json.loads(reading).get("response") or {})
    return came, late


def _late(said: dict[str, Any]) -> bool:
    """Whether the first answer was late, as approved corrections have it."""
    said = said.get("corrected", said)
    return said.get("verdict") == "breached" or bool(said.get("laps", {}).get("breached"))


class _There:
    """Who was there at a level: on duty by its rosters, or, where it has none, whoever works there."""

    def __init__(self, desk: Desk, level: str) -> None:
        self._rosters = [roster for roster in desk.rosters if roster.role == level]
        self._always = {who.actor for who in desk.of(level, None)}

    def at(self, hour: datetime) -> set[str]:
        if not self._rosters:
            return self._always
        found: set[str] = set()
        for roster in self._rosters:
            with suppress(*UNREADABLE):
                found.update(rota_of(roster).on_call(hour))
        return found
